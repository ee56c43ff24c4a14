// Pay Later over HTTP: its status and offers, the booking, the withdrawal by an operator, and what both documents say.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOnly, directDebit, documents, invoice, money, purchase } from "./lib/purchases.mjs";
import { Server } from "./lib/server.mjs";

const start = "2020-03-10T18:06:52.438+01:00";
const at = (id, rest = "") => `/order/paylater/v1/${id}${rest}`;

async function captured(t, body = purchase()) {
  const server = await Server.start({ now: start });
  t.after(() => server.stop());
  const authorized = (await server.shop.authorize(body)).body;
  const id = authorized.ratepay_transaction_id;
  await server.shop.capture(id, { gross_amount: body.shop_baskets[0].gross_amount });
  const shop = {
    status: async () => (await server.shop.get(at(id, "/status"), { expect: 200 })).body,
    offers: async () => (await server.shop.get(at(id, "/offers"), { expect: 200 })).body,
    book: (offer_id, options = {}) => server.shop.post(at(id), { offer_id }, { expect: 200, ...options }),
    withdraw: (body, options = {}) =>
      server.operator.post(`/saldo/v1/transactions/${id}/pay-later-withdrawal`, body, {
        expect: 201,
        headers: { "Idempotency-Key": `withdrawal-${Math.random()}` },
        ...options,
      }),
  };
  return { server, id, reference: authorized.payment_details?.ratepay_payment_references[0].ratepay_payment_reference, ...shop };
}

test("the due date is put off for a fee and taken back within 14 days", async (t) => {
  const it = await captured(t);
  assert.deepEqual(await it.status(), { transaction_id: it.id, pay_later_status: "AVAILABLE" });
  const offer = (offer_id, price, delta_due_date, new_due_date, available) => ({ offer_id, price, currency: "EUR", delta_due_date, new_due_date, available });
  assert.deepEqual(await it.offers(), {
    transaction_id: it.id,
    current_due_date: "2020-03-24",
    pay_later_offers: [offer("payl-1", 1.95, 14, "2020-04-07", "AVAILABLE"), offer("payl-2", 3.95, 30, "2020-04-23", "AVAILABLE")],
  });

  await it.server.operator.goTo("2020-03-13");
  const booked = (await it.book("payl-1", { headers: { "Idempotency-Key": "booking" } })).body;
  const { booking_timestamp, ...rest } = booked;
  assert.deepEqual(rest, { delta_due_date: 14, fee: 1.95, currency: "EUR", original_due_date: "2020-03-24", new_due_date: "2020-04-07" });
  assert.match(booking_timestamp, /^2020-03-13T\d\d:\d\d:\d\d(\.\d+)?\+01:00$/);
  assert.deepEqual((await it.book("payl-1", { headers: { "Idempotency-Key": "booking" } })).body, booked);
  assert.equal((await it.book("payl-2", { headers: { "Idempotency-Key": "booking" }, expect: 409 })).body.code, "IDEMPOTENCY_KEY_REUSED");
  assert.equal((await it.book("payl-2", { expect: 409 })).body.code, "PAY_LATER_ALREADY_BOOKED");
  const booking = { fee: 1.95, currency: "EUR", delta_due_date: 14, original_due_date: "2020-03-24", updated_due_date: "2020-04-07", booking_timestamp };
  assert.deepEqual(await it.status(), { transaction_id: it.id, pay_later_status: "ALREADY_BOOKED", booking });
  assert.deepEqual((await it.offers()).pay_later_offers.map((one) => one.available), ["NOT_AVAILABLE", "NOT_AVAILABLE"]);

  const standing = invoice({ reference: it.reference, number: 1, amount: 170, created: "2020-03-10", due: "2020-03-24" });
  const block = (status) => status.payment_information.payment_method.payment_details.invoices;
  let { status } = await documents(it.server, it.id);
  assert.deepEqual(block(status), [{ ...standing, current_due_date: "2020-04-07" }]);
  const claims = { claims: [["SHIPMENT", "2020-03-10", 170]], claimed: 170 };
  assert.deepEqual(status.payment_information.payment_status.open_claim, money({ ...claims, fees: [["PAY_LATER_FEE", "2020-03-13", 1.95]], charged: 1.95, current: 171.95, open: 171.95 }));

  await it.server.operator.goTo("2020-03-20");
  const withdrawn = (await it.withdraw({ date: "2020-03-20", comment: "by letter" })).body;
  assert.deepEqual(
    [withdrawn.fee, withdrawn.withdrawal_date, withdrawn.current_due_date, withdrawn.comment, withdrawn.open_amount],
    [-1.95, "2020-03-20", "2020-03-24", "by letter", 170],
  );
  ({ status } = await documents(it.server, it.id));
  assert.deepEqual(block(status), [standing]);
  assert.deepEqual(await it.status(), { transaction_id: it.id, pay_later_status: "ALREADY_WITHDRAWN", booking: { ...booking, withdrawal_date: "2020-03-20" } });
  assert.equal((await it.book("payl-1", { expect: 409 })).body.code, "PAY_LATER_ALREADY_WITHDRAWN");
  assert.equal((await it.withdraw({}, { expect: 422 })).body.code, "PAY_LATER_ALREADY_WITHDRAWN");
  assert.deepEqual((await it.server.operator.search(withdrawn.fee_id)).results.map((one) => one.transaction_id), [it.id]);
  ({ status } = await documents(it.server, it.id, { as_of: "2020-03-19" }));
  assert.deepEqual(block(status), [{ ...standing, current_due_date: "2020-04-07" }]);
});

describe("a booking is refused", () => {
  const refused = async (it, offer_id = "payl-1") => (await it.book(offer_id, { expect: 409 })).body.code;

  test("when the purchase cannot be put off", async (t) => {
    const it = await captured(t, { ...amountOnly(100), ...directDebit });
    assert.deepEqual(await it.status(), { transaction_id: it.id, pay_later_status: "NOT_AVAILABLE" });
    assert.equal(await refused(it), "PAY_LATER_NOT_AVAILABLE");
    const open = (await it.server.shop.authorize(amountOnly(100))).body.ratepay_transaction_id;
    assert.deepEqual((await it.server.shop.get(at(open, "/offers"), { expect: 200 })).body, { transaction_id: open, pay_later_offers: [] });
    const declined = (await it.server.shop.authorize({ ...amountOnly(100), buyer: { ...purchase().buyer, billing_address: { ...purchase().buyer.billing_address, zip_code: "1" } } }, { expect: 422 })).body;
    const answer = await it.server.shop.post(at(declined.ratepay_transaction_id), { offer_id: "payl-1" }, { expect: 409 });
    assert.equal(answer.body.code, "TRANSACTION_DECLINED");
  });

  test("when it was paid, is at debt collection, or too late", async (t) => {
    const it = await captured(t, amountOnly(100));
    await it.server.operator.pay(it.id, { type: "DEBIT", amount: 100 });
    assert.equal(await refused(it), "PAY_LATER_NOT_AVAILABLE");
    await it.server.operator.pay(it.id, { type: "CREDIT", amount: 100 });
    await it.server.operator.dun(it.id, { level: "COLLECTION" });
    assert.equal(await refused(it), "PAY_LATER_NOT_AVAILABLE");
    await it.server.operator.dun(it.id, { level: "NO_DUNNING" });
    await it.server.operator.goTo("2020-04-07");
    assert.deepEqual((await it.offers()).pay_later_offers.map((one) => one.available), ["NOT_AVAILABLE", "AVAILABLE"]);
    assert.equal(await refused(it), "PAY_LATER_NOT_AVAILABLE");
    await it.book("payl-2");
    await it.server.operator.goTo("2020-04-22");
    assert.equal((await it.withdraw({}, { expect: 422 })).body.code, "PAY_LATER_WITHDRAWAL_TOO_LATE");
  });

  test("when the request is none", async (t) => {
    const it = await captured(t, amountOnly(100));
    for (const body of [{}, { offer_id: "" }, { offer_id: 1 }, { offer_id: "payl-9" }]) {
      const answer = await it.server.shop.post(at(it.id), body, { expect: 400, invalid: true });
      assert.deepEqual(answer.body.invalid_fields.map((one) => one.json_path), ["$.offer_id"], answer.text);
    }
    await it.server.shop.post(at("00000000000000000000"), { offer_id: "payl-1" }, { expect: 404 });
    for (const rest of ["/status", "/offers"]) {
      await it.server.shop.get(at("00000000000000000000", rest), { expect: 404 });
      await it.server.shop.get(at(it.id, rest), { type: null, expect: 415 });
      await it.server.shop.get(at(it.id, rest), { headers: { accept: "text/html" }, expect: 406, invalid: true });
      await it.server.shop.post(at(it.id, rest), {}, { expect: 405, invalid: true });
    }
    assert.equal((await it.withdraw({}, { expect: 422 })).body.code, "PAY_LATER_NOT_BOOKED");
  });
});
