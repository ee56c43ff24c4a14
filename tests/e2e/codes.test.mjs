// One-time codes through the Payment API.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { purchase } from "./lib/purchases.mjs";
import { Server } from "./lib/server.mjs";
import { addPartner } from "./lib/tenants.mjs";

let server;
before(async () => {
  server = await Server.start({ now: "2026-06-05T12:00:00Z" });
});
after(() => server.stop());

const otp = () => purchase({ contact: { email: "otp_required@ratepay.com" } });
const verify = (id, body, options) => server.shop.call("POST", `/transaction/management/2fa/v1/verify/${id}`, { body, ...options });
const regenerate = (id, options) => server.shop.call("POST", `/transaction/management/2fa/v1/regenerate/${id}`, options);
const advance = (duration) => server.operator.call("POST", "/saldo/v1/clock", { body: { advance: duration }, expect: 200 });

async function messages() {
  return (await server.operator.call("GET", "/saldo/v1/sandbox/messages", { expect: 200 })).body.messages;
}
async function newestCode() {
  return /\d{6}/.exec((await messages())[0].text)[0];
}
async function awaiting() {
  const { body } = await server.shop.authorize(otp(), { expect: 201 });
  return body;
}

test("the buyer's code accepts the purchase, which nothing can be done with before", async () => {
  const authorized = await awaiting();
  const id = authorized.ratepay_transaction_id;
  assert.ok(authorized._links.verify.href.endsWith(`/transaction/management/2fa/v1/verify/${id}`));
  const refused = await server.shop.call("POST", `/transaction/management/v2/transactions/${id}/captures`, { body: { gross_amount: 1 }, expect: 422 });
  assert.deepEqual(refused.body.reasons, ["OTP_VERIFICATION_PENDING"]);

  const code = await newestCode();
  const wrong = await verify(id, { otp_code: code === "000000" ? "000001" : "000000" }, { expect: 422 });
  assert.equal(wrong.body.result, "verify_attempt_failed");
  assert.equal(wrong.body.ratepay_transaction_id, id);
  assert.ok(wrong.body.time_to_live_in_seconds > 290);
  const right = await verify(id, { otp_code: code }, { expect: 200 });
  assert.equal(right.body.result, "otp_verified");
  assert.equal((await verify(id, { otp_code: code }, { expect: 422 })).body.result, "unexpected_client_input");
  const seen = await server.shop.call("GET", `/transaction/management/v2/transactions/${id}`, { expect: 200 });
  assert.equal(seen.body._links.verify, undefined);
  await server.shop.capture(id, { gross_amount: 1 });
});

test("three wrong codes decline the purchase", async () => {
  const { ratepay_transaction_id: id } = await awaiting();
  const results = [];
  for (let i = 0; i < 3; i++) results.push((await verify(id, { otp_code: "nothing".replace(/./g, "7") }, { expect: [200, 422] })).body.result);
  assert.deepEqual(results, ["verify_attempt_failed", "verify_attempt_failed", "no_more_verification_attempts_left"]);
  const seen = await server.shop.call("GET", `/transaction/management/v2/transactions/${id}`, { expect: 200 });
  assert.equal(seen.body.decline.category, "BUYER_IDENTITY");
});

test("a code lives five minutes, and a new one takes its place", async () => {
  const { ratepay_transaction_id: id } = await awaiting();
  const old = await newestCode();
  assert.equal((await regenerate(id, { expect: 422 })).body.result, "retry_regeneration_later");
  await advance("PT5M");
  assert.equal((await verify(id, { otp_code: old }, { expect: 422 })).body.result, "otp_failed");
  const sent = await regenerate(id, { expect: 200 });
  assert.equal(sent.body.result, "otp_regenerated");
  assert.equal(sent.body.regeneration_possible_in_seconds, 30);
  const code = await newestCode();
  assert.equal((await verify(id, { otp_code: code }, { expect: 200 })).body.result, "otp_verified");
});

test("half an hour without the code declines the purchase", async () => {
  const { ratepay_transaction_id: id } = await awaiting();
  await advance("PT30M");
  const seen = await server.shop.call("GET", `/transaction/management/v2/transactions/${id}`, { expect: 200 });
  assert.equal(seen.body.decline.category, "BUYER_IDENTITY");
});

test("another partner's purchase is not there, and what is no code is none", async () => {
  const { ratepay_transaction_id: id } = await awaiting();
  const { shop: other } = await addPartner(server);
  const foreign = await other.call("POST", `/transaction/management/2fa/v1/verify/${id}`, { body: { otp_code: "000000" }, expect: 404 });
  assert.equal(foreign.body.result, "transaction_not_found");
  for (const body of [{}, { otp_code: "" }, { otp_code: "12a456" }, { otp_code: null }])
    assert.equal((await verify(id, body, { invalid: true, expect: 400 })).body.result, "unexpected_client_input");
});
