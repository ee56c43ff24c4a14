// The same request sent twice: one event, the same answer, for ever.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { amountOnly, knife, purchase } from "./lib/purchases.mjs";
import { Server, run, serverFor, temporaryDirectory } from "./lib/server.mjs";

const server = serverFor({ before, after }, { now: "2020-03-10T18:06:52.438+01:00" });
const keyed = (key) => ({ headers: { "Idempotency-Key": key } });
const events = async (id) => (await server().operator.events(id)).events;
const authorized = async (body = purchase()) => (await server().shop.authorize(body)).body.ratepay_transaction_id;

test("an authorisation sent twice is one purchase with one answer", async () => {
  const { shop } = server();
  const first = await shop.authorize(purchase(), keyed("authorize-twice"));
  const again = await shop.authorize(purchase(), keyed("authorize-twice"));
  assert.equal(again.text, first.text);
  assert.equal(again.headers.location, first.headers.location);
  assert.equal((await events(first.body.ratepay_transaction_id)).length, 1);
});

test("without a key every authorisation is a new one", async () => {
  assert.notEqual(await authorized(), await authorized());
});

test("a request says the same whatever the order of its members and its white space", async () => {
  const { shop } = server();
  const body = purchase();
  const reversed = (value) =>
    Array.isArray(value)
      ? value.map(reversed)
      : value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).reverse().map(([name, one]) => [name, reversed(one)]))
        : value;
  const first = await shop.authorize(body, keyed("same-sense"));
  const again = await shop.authorize(JSON.stringify(reversed(body), null, 3), keyed("same-sense"));
  assert.equal(again.text, first.text);
  const written = JSON.stringify(body).replace('"gross_amount":170', '"gross_amount":170.00').replace('"language":"de"', '"language":"de","nothing":null');
  assert.equal((await shop.authorize(written, keyed("same-sense"))).text, first.text);
});

test("the same key with another content is refused and changes nothing", async () => {
  const { shop } = server();
  const { body } = await shop.authorize(amountOnly(20), keyed("other-content"));
  const refused = await shop.authorize(amountOnly(21), { ...keyed("other-content"), expect: 409 });
  assert.deepEqual(refused.body, { category: "CONFLICT", reasons: ["IDEMPOTENCY_KEY_REUSED"] });
  assert.equal((await events(body.ratepay_transaction_id)).length, 1);
  assert.equal((await shop.authorize(amountOnly(20), keyed("other-content"))).body.ratepay_transaction_id, body.ratepay_transaction_id);
});

test("a declined authorisation stays declined under its key", async () => {
  const { shop } = server();
  const wrong = purchase({ address: { zip_code: "1" } });
  const first = await shop.authorize(wrong, { ...keyed("declined"), expect: 422 });
  const again = await shop.authorize(wrong, { ...keyed("declined"), expect: 422 });
  assert.equal(again.text, first.text);
});

describe("every operation sent twice happens once", () => {
  const operations = {
    authorizations: (key) => [{ gross_amount: 7 }, keyed(key)],
    cancellations: (key) => [{ gross_amount: 48, items: [knife(1)] }, keyed(key)],
    captures: (key) => [{ gross_amount: 48, items: [knife(1)], partner_invoice_id: "I-1" }, keyed(key)],
    refunds: (key) => [{ gross_amount: 5, items: undefined }, keyed(key)],
  };
  for (const [kind, request] of Object.entries(operations))
    test(kind, async () => {
      const { shop } = server();
      const id = await authorized();
      await shop.capture(id, { gross_amount: 10 });
      const [body, options] = request(`twice-${kind}`);
      const first = await shop.operate(kind, id, body, options);
      const count = (await events(id)).length;
      const again = await shop.operate(kind, id, body, options);
      assert.equal(again.text, first.text);
      assert.equal(again.headers.location, first.headers.location);
      assert.equal((await events(id)).length, count);
      await shop.operate(kind, id, { ...body, gross_amount: 1, items: undefined }, { ...options, expect: 409 });
    });

  test("shipping information, and a change of the expiry", async () => {
    const { shop } = server();
    const id = await authorized();
    const capture = (await shop.capture(id, { gross_amount: 10 })).body.ratepay_capture_id;
    const parcel = { carrier_name: "DHL", tracking_number: "1" };
    const first = await shop.ship(id, capture, parcel, keyed("twice-parcel"));
    assert.equal((await shop.ship(id, capture, parcel, keyed("twice-parcel"))).text, first.text);
    const later = "2020-05-01T00:00:00+02:00";
    await shop.expireAt(id, later, keyed("twice-expiry"));
    const count = (await events(id)).length;
    await shop.expireAt(id, later, keyed("twice-expiry"));
    assert.equal((await events(id)).length, count);
  });

  test("payments, fees, dunning", async () => {
    const { operator } = server();
    const id = await authorized();
    const acts = [
      () => operator.pay(id, { type: "DEBIT", amount: 50, reference: "thank you", comment: "by telephone" }, keyed("twice-payment")),
      () => operator.fee(id, { type: "DUNNING_FEE", gross: 2.5 }, keyed("twice-fee")),
      () => operator.dun(id, { level: "FIRST_DUNNING" }, keyed("twice-level")),
      () => operator.block(id, { blocked_from: "2020-03-10", blocked_until: "2020-03-20", blocking_reason: "x" }, keyed("twice-block")),
      () => operator.unblock(id, keyed("twice-unblock")),
    ];
    for (const act of acts) {
      const first = await act();
      const count = (await events(id)).length;
      const again = await act();
      assert.equal(again.text, first.text);
      assert.equal((await events(id)).length, count);
    }
    await operator.pay(id, { type: "DEBIT", amount: 51 }, { ...keyed("twice-payment"), expect: 409 });
    assert.equal((await operator.fee(id, { type: "DUNNING_FEE", gross: 9 }, { ...keyed("twice-fee"), expect: 409 })).body.code, "IDEMPOTENCY_KEY_REUSED");
  });
});

test("an answer under a key stays what it was, even after the purchase has moved on", async () => {
  const { shop, operator } = server();
  const id = await authorized();
  await shop.capture(id, { gross_amount: 170 });
  const first = await operator.pay(id, { type: "DEBIT", amount: 50 }, keyed("then"));
  assert.equal(first.body.open_amount, 120);
  await operator.pay(id, { type: "DEBIT", amount: 20 }, keyed("later"));
  const again = await operator.pay(id, { type: "DEBIT", amount: 50 }, keyed("then"));
  assert.equal(again.text, first.text);
});

test("a refusal under a key stays a refusal, even when it would now be allowed", async () => {
  const { shop, operator } = server();
  const id = await authorized();
  const refused = await shop.refund(id, { gross_amount: 10 }, { ...keyed("too-early"), expect: 422 });
  assert.deepEqual(refused.body, { category: "UNPROCESSABLE_OPERATION", reasons: ["REFUND_AMOUNT_TOO_HIGH"] });
  await shop.capture(id, { gross_amount: 170 });
  const still = await shop.refund(id, { gross_amount: 10 }, { ...keyed("too-early"), expect: 422 });
  assert.equal(still.text, refused.text);
  await shop.refund(id, { gross_amount: 10 }, keyed("in-time"));

  const fee = await operator.fee(id, { type: "DUNNING_FEE_RETURN", gross: -1 }, { ...keyed("fee-too-early"), expect: 422 });
  await operator.fee(id, { type: "DUNNING_FEE", gross: 1 });
  const sameFee = await operator.fee(id, { type: "DUNNING_FEE_RETURN", gross: -1 }, { ...keyed("fee-too-early"), expect: 422 });
  assert.equal(sameFee.body.code, fee.body.code);
});

test("a request that was no request leaves its key free", async () => {
  const { shop, operator } = server();
  const broken = purchase();
  delete broken.currency;
  await shop.authorize(broken, { ...keyed("mended"), expect: 400, invalid: true });
  await shop.authorize(purchase(), keyed("mended"));
  const id = await authorized();
  await operator.pay(id, { type: "DEBIT", amount: -1 }, { ...keyed("mended-payment"), expect: 400, invalid: true });
  await operator.pay(id, { type: "DEBIT", amount: 1 }, keyed("mended-payment"));
});

test("a key belongs to one request of a purchase, and another purchase may use it again", async () => {
  const { shop, operator } = server();
  const id = await authorized();
  await shop.capture(id, { gross_amount: 10 }, keyed("one-key"));
  await shop.cancel(id, { gross_amount: 10 }, { ...keyed("one-key"), expect: 409 });
  await operator.pay(id, { type: "DEBIT", amount: 10 }, { ...keyed("one-key"), expect: 409 });
  await shop.cancel(await authorized(), { gross_amount: 10 }, keyed("one-key"));
});

test("twenty at once are one", async () => {
  const { shop, operator } = server();
  const all = await Promise.all(Array.from({ length: 20 }, () => shop.authorize(purchase(), keyed("twenty"))));
  assert.equal(new Set(all.map((one) => one.text)).size, 1);
  const id = all[0].body.ratepay_transaction_id;
  const payments = await Promise.all(Array.from({ length: 20 }, () => operator.pay(id, { type: "DEBIT", amount: 5 }, keyed("twenty-payments"))));
  assert.equal(new Set(payments.map((one) => one.text)).size, 1);
  assert.equal((await server().shop.status(id)).payment_information.payment_status.open_claim.settlement.amount, 5);
});

test("money is not booked without a key, and a key has 1 to 64 visible characters", async () => {
  const { shop, operator } = server();
  const id = await authorized();
  for (const what of ["payments", "fees"]) {
    const body = what === "payments" ? { type: "DEBIT", amount: 1 } : { type: "DUNNING_FEE", gross: 1 };
    const answer = await operator.post(`/saldo/v1/transactions/${id}/${what}`, body, { expect: 400, invalid: true });
    assert.equal(answer.body.code, "IDEMPOTENCY_KEY_REQUIRED");
    for (const key of ["x".repeat(65), "with blank", "umlaut-ä"]) {
      const options = { headers: { "Idempotency-Key": key }, expect: 400, invalid: true };
      assert.equal((await operator.post(`/saldo/v1/transactions/${id}/${what}`, body, options)).body.code, "IDEMPOTENCY_KEY_INVALID", key);
    }
  }
  await shop.authorize(purchase(), { headers: { "Idempotency-Key": "x".repeat(65) }, expect: 400, invalid: true });
  await shop.authorize(purchase(), keyed("x".repeat(64)));
});

test("Prefer asks for the full resource and is part of no command", async () => {
  const { shop } = server();
  const prefer = (key) => ({ headers: { "Idempotency-Key": key, Prefer: "return=representation" } });
  const full = await shop.authorize(purchase(), prefer("preferred"));
  assert.equal(full.headers["preference-applied"], "return=representation");
  assert.equal(full.body.buyer.person.last_name, "Mustermann");
  assert.equal(full.body.shop_baskets[0].gross_amount, 170);
  const minimal = await shop.authorize(purchase(), keyed("preferred"));
  assert.equal(minimal.body.buyer, undefined);
  assert.equal(minimal.headers["preference-applied"], undefined);
  const id = full.body.ratepay_transaction_id;
  const capture = await shop.capture(id, { gross_amount: 48, items: [knife(1)], partner_invoice_id: "I-2" }, prefer("preferred-capture"));
  assert.equal(capture.body.gross_amount, 48);
  assert.equal(capture.body.partner_invoice_id, "I-2");
  assert.equal(capture.body.items[0].name, "fruit knife");
});

test("keys outlive the process", async (t) => {
  const data = temporaryDirectory(t);
  const first = await Server.start({ data, now: "2020-03-10T18:06:52.438+01:00" });
  t.after(() => first.kill());
  const before = await first.shop.authorize(purchase(), keyed("outlives"));
  const id = before.body.ratepay_transaction_id;
  const paid = await first.operator.pay(id, { type: "DEBIT", amount: 5 }, keyed("outlives-too"));
  assert.equal((await first.stop()).code, 0);

  const second = await Server.start({ data, now: "2020-03-11T10:00:00+01:00" });
  t.after(() => second.kill());
  const as = (client) => second.as(client.constructor, client.id, client.secret);
  const again = await as(first.shop).authorize(purchase(), keyed("outlives"));
  const bare = (answer) => answer.text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "");
  assert.equal(bare(again), bare(before));
  assert.equal((await as(first.operator).pay(id, { type: "DEBIT", amount: 5 }, keyed("outlives-too"))).text, paid.text);
});

test("an erased buyer's purchase takes nothing more, and its amounts stay", async () => {
  const { shop, operator } = server();
  const id = await authorized();
  await shop.capture(id, { gross_amount: 170 });
  const { code, stderr } = await run(["subject", "erase", id, "--yes", "--data", server().data]);
  assert.equal(code, 0, stderr);
  for (const kind of ["authorizations", "cancellations", "captures", "refunds"])
    assert.deepEqual((await shop.operate(kind, id, { gross_amount: 1 }, { expect: 451 })).body, { category: "LEGAL", reasons: ["ANONYMIZED_BY_BUYER"] });
  assert.equal((await operator.pay(id, { type: "DEBIT", amount: 1 }, { expect: 451 })).body.code, "ANONYMIZED_BY_BUYER");
  const status = await shop.status(id);
  assert.equal(status.payment_information.payment_status.open_claim.amount, 170);
  assert.equal(status.shop_baskets[0].gross_amount, 170);
  assert.equal(status.shop_buyer_id, "test-shop-buyer-id");
  assert.equal(status.shop_baskets[0].items[0].name, "[erased]");
});
