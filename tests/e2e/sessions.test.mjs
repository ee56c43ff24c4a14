// Sessions of the hosted payment page as a merchant's system sees them.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { Buyer } from "./lib/buyer.mjs";
import { purchase } from "./lib/purchases.mjs";
import { run, runJson, Server } from "./lib/server.mjs";
import { addPartner } from "./lib/tenants.mjs";

const start = "2026-06-05T15:41:36.325775Z";
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function order({ payment_methods, ...changes } = {}) {
  const { payment_method, payment_details, ...rest } = purchase(changes);
  return { ...rest, ...(payment_methods && { payment_methods }) };
}
const urls = { success_url: "https://shop.example/success?order=1", webhook_url: "https://shop.example/webhook" };
const create = (client, { order_data = order(), url_data = urls, ...options } = {}) =>
  client.call("POST", "/pps/api/v1/session", { body: { order_data, url_data }, ...options });
const record = (client, id, options) => client.call("GET", `/pps/api/v1/session-record/${id}`, options);
const list = (client, day, options) => client.call("GET", `/pps/api/v1/session-record?createdDate=${day}`, options);

describe("a session", () => {
  let server;
  before(async () => {
    server = await Server.start({ now: start });
  });
  after(() => server.stop());

  test("is made with an id, a landing page of its own and half an hour to live", async () => {
    const { body } = await create(server.shop, { expect: 201 });
    assert.match(body.session_id, uuid);
    assert.ok(body.landing_page_url.startsWith(`${server.url}/`), body.landing_page_url);
    assert.ok(!body.landing_page_url.includes(body.session_id));
    const { body: seen } = await record(server.shop, body.session_id, { expect: 200 });
    assert.deepEqual(Object.keys(seen), ["session_id", "partner_transaction_id", "shop_buyer_id", "session_status", "created_date", "updated_date"]);
    assert.equal(seen.session_status, "CREATED");
    assert.equal(seen.created_date, seen.updated_date);
    assert.equal(Date.parse(body.expires_at) - Date.parse(seen.created_date), 30 * 60_000);
  });

  test("is one session for one Idempotency-Key", async () => {
    const headers = { "Idempotency-Key": "a-session-key" };
    const first = await create(server.shop, { headers, expect: 201 });
    const again = await create(server.shop, { headers, expect: 201 });
    assert.deepEqual(again.body, first.body);
    const other = await create(server.shop, { headers, order_data: order({ partner_transaction_id: "another" }), expect: 409 });
    assert.deepEqual(other.body, { category: "CONFLICT", reasons: ["IDEMPOTENCY_KEY_REUSED"] });
  });

  test("names every wrong field at once", async () => {
    const { body } = await create(server.shop, {
      order_data: { ...order({ payment_methods: [{ payment_option: "CASH" }] }), currency: "euro" },
      url_data: { success_url: "javascript:alert(1)", webhook_url: "https://" },
      invalid: true,
      expect: 400,
    });
    assert.equal(body.category, "SYNTAX");
    assert.deepEqual(body.invalid_fields.map((one) => one.json_path).sort(), [
      "$.order_data.currency", "$.order_data.payment_methods[0].payment_option", "$.order_data.payment_methods[0].transfer_type",
      "$.url_data.success_url", "$.url_data.webhook_url",
    ]);
  });

  test("is refused at once where the contract rules it out whatever the buyer does", async () => {
    const { body } = await create(server.shop, { order_data: order({ baskets: [{ gross_amount: 1_000_000 }] }), expect: 422 });
    assert.deepEqual(body, { category: "CONTRACT", reasons: ["BASKET_AMOUNT_TOO_HIGH"] });
  });

  test("needs a token for the bare origin", async () => {
    const { body } = await create(server.shop, { token: null, expect: 401 });
    assert.deepEqual(body, { code: "INVALID_TOKEN" });
    await list(server.shop, "2026-06-05", { token: null, expect: 401 });
  });

  test("is nobody else's business", async () => {
    const { body } = await create(server.shop, { expect: 201 });
    const { shop: other } = await addPartner(server);
    await record(other, body.session_id, { expect: 404 });
    await record(server.shop, "53998820-2dcf-4187-b1d0-f0a78cb06d39", { expect: 404 });
    await record(server.shop, "nothing", { expect: 404 });
    assert.deepEqual((await list(other, "2026-06-05", { expect: 200 })).body, []);
  });

  test("cannot be flagged before it is completed", async () => {
    const { body } = await create(server.shop, { expect: 201 });
    const flag = `/saldo/v1/sessions/${body.session_id}/fraud-cancellation-request`;
    const refused = await server.operator.call("POST", flag, { body: { comment: "odd" }, expect: 422 });
    assert.equal(refused.body.code, "SESSION_NOT_COMPLETED");
    const seen = await server.operator.call("GET", `/saldo/v1/sessions/${body.session_id}`, { expect: 200 });
    assert.equal(seen.body.record.session_status, "CREATED");
    assert.equal(seen.body.gross_amount, 170);
  });
});

describe("the records of a day", () => {
  test("ask for a day of the calendar", async (t) => {
    const server = await Server.start({ now: start });
    t.after(() => server.stop());
    for (const day of ["2026-02-30", "05.06.2026", "", "2026-06-05&createdDate=2026-06-06"])
      await list(server.shop, day, { invalid: true, expect: 400 });
    await server.shop.call("GET", "/pps/api/v1/session-record", { invalid: true, expect: 400 });
  });

  test("show each session at once, in order, and as time has left it", async (t) => {
    const server = await Server.start({ now: start });
    t.after(() => server.stop());
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await create(server.shop, { expect: 201 })).body.session_id);
    const fresh = (await list(server.shop, "2026-06-05", { expect: 200 })).body;
    assert.deepEqual(fresh.map((one) => one.session_id), ids);
    assert.deepEqual(fresh.map((one) => one.session_status), ["CREATED", "CREATED", "CREATED"]);
    assert.deepEqual((await list(server.shop, "2026-06-04", { expect: 200 })).body, []);

    await server.operator.call("POST", "/saldo/v1/clock", { body: { advance: "PT31M" }, expect: 200 });
    const later = (await list(server.shop, "2026-06-05", { expect: 200 })).body;
    for (const [i, one] of later.entries()) {
      assert.equal(one.session_status, "EXPIRED");
      assert.deepEqual(one.decline_reasons, { category: "SESSION", reasons: ["EXPIRED"] });
      assert.equal(Date.parse(one.updated_date) - Date.parse(one.created_date), 30 * 60_000);
      assert.equal(one.updated_date.slice(-4), one.created_date.slice(-4), "to the microsecond");
      assert.deepEqual((await record(server.shop, ids[i], { expect: 200 })).body, one);
    }
  });

  test("that bought nothing, and declined purchases, are forgotten by the running server, also in a store put back from before", async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "saldo-sessions-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [data, restored] = ["data", "restored"].map((name) => path.join(folder, name));
    const before = await Server.start({ now: start, data });
    const { body: session } = await create(before.shop, { expect: 201 });
    const risky = purchase({ contact: { email: "risk_decision@ratepay.com" } });
    const { ratepay_transaction_id: declined } = (await before.shop.authorize(risky, { expect: 422 })).body;
    const { ratepay_transaction_id: bought } = (await before.shop.authorize(purchase(), { expect: 201 })).body;
    const backup = path.join(folder, "backup");
    await runJson(["backup", backup, "--data", data, "--json"]);
    await before.operator.call("POST", "/saldo/v1/clock", { body: { advance: "P31D" }, expect: 200 });
    const forgotten = async (server, place) => {
      await server.shop.transaction(declined, { expect: 451 });
      assert.equal((await server.shop.transaction(bought)).body.buyer.person.last_name, "Mustermann");
      const { body } = await server.operator.call("GET", `/saldo/v1/sessions/${session.session_id}`, { expect: 200 });
      assert.equal(body.erased, true);
      assert.equal(body.record.session_status, "EXPIRED", "the record stays");
      assert.equal((await runJson(["verify", "--data", place, "--json"])).holds, true);
    };
    await forgotten(before, data);
    await before.stop();

    mkdirSync(restored, { mode: 0o700 });
    copyFileSync(path.join(data, "sandbox.key"), path.join(restored, "sandbox.key"));
    await runJson(["restore", backup, "--no-erasures", "--data", restored, "--json"]);
    const after = await Server.start({ now: "2026-07-10T12:00:00Z", data: restored });
    t.after(() => after.stop());
    // Moving the clock returns when everything due is recorded.
    await after.operator.call("POST", "/saldo/v1/clock", { body: { advance: "PT1S" }, expect: 200 });
    await forgotten(after, restored);
  });

  test("buy what goes on like every purchase: shipped, paid, and the same in both status APIs", async (t) => {
    const server = await Server.start({ now: start });
    t.after(() => server.stop());
    const { body } = await create(server.shop, { expect: 201 });
    const buyer = await Buyer.open(body.landing_page_url);
    await buyer.submit("method", { method: "invoice" });
    await buyer.submit("sandbox", { do: "approve" });
    const { transaction_id: id } = (await record(server.shop, body.session_id, { expect: 200 })).body;
    assert.equal((await server.shop.transaction(id)).body.partner_transaction_id, "test-shop-transaction-id");
    await server.shop.capture(id, { gross_amount: 170 });
    await server.operator.pay(id, { type: "DEBIT", amount: 70 });
    assert.equal((await server.shop.status(id)).payment_information.payment_status.open_claim.amount, 100);
    assert.equal((await server.shop.order(id)).payment_information.payment_status.open_claim.amount, 100);
  });

  test("are explained step by step, with whether the goods may leave", async (t) => {
    const server = await Server.start({ now: start });
    t.after(() => server.stop());
    const { body } = await create(server.shop, { expect: 201 });
    const explain = async (expect = 200) => (await server.operator.call("GET", `/saldo/v1/sessions/${body.session_id}/explain`, { expect })).body;
    assert.deepEqual(await explain(), {
      session_id: body.session_id,
      session_status: "CREATED",
      may_ship: false,
      why: "The buyer has done nothing yet.",
      expires_at: body.expires_at,
      steps: [{ seq: 1, at: (await record(server.shop, body.session_id)).body.created_date, what: "The shop made the session: 170 EUR, to be paid by OPEN_INVOICE, PAY_NOW, INSTALMENT or PREPAYMENT." }],
    });
    const buyer = await Buyer.open(body.landing_page_url);
    await buyer.submit("method", { method: "invoice" });
    await buyer.submit("sandbox", { do: "approve" });
    const done = await explain();
    assert.equal(done.session_status, "COMPLETED");
    assert.equal(done.may_ship, true);
    assert.equal(done.steps.at(-1).what, `The purchase ${done.transaction_id} was authorised.`);
    assert.ok(!JSON.stringify(done).includes("Muster"), "who the buyer is, it does not say");
    const printed = await run(["explain", body.session_id, "--data", server.data]);
    assert.match(printed.stdout, /You may ship\. An authorised purchase stands behind it\./);
    assert.deepEqual(await runJson(["explain", body.session_id, "--data", server.data, "--json"]), done);
    const { operator: other } = await addPartner(server);
    await other.call("GET", `/saldo/v1/sessions/${body.session_id}/explain`, { expect: 404 });
  });

  test("survive a kill, and half an hour in which no server ran", async (t) => {
    const data = mkdtempSync(path.join(tmpdir(), "saldo-sessions-"));
    t.after(() => rmSync(data, { recursive: true, force: true }));
    const killed = await Server.start({ now: start, data });
    const { body } = await create(killed.shop, { headers: { "Idempotency-Key": "before-the-kill" }, expect: 201 });
    await killed.kill();

    const server = await Server.start({ now: "2026-06-05T16:20:00Z", data });
    t.after(() => server.stop());
    const [seen, ...others] = (await list(server.shop, "2026-06-05", { expect: 200 })).body;
    assert.deepEqual(others, []);
    assert.equal(seen.session_id, body.session_id);
    assert.equal(seen.session_status, "EXPIRED");
    assert.equal(Date.parse(seen.updated_date), Date.parse(body.expires_at));
    const again = await create(server.shop, { headers: { "Idempotency-Key": "before-the-kill" }, expect: 201 });
    assert.equal(again.body.session_id, body.session_id);
    assert.equal(again.body.expires_at, body.expires_at);
  });
});
