// Direct debits over HTTP: the list of what is due, what the bank was asked for, what came of it, and the documents.
import assert from "node:assert/strict";
import { test } from "node:test";
import { amountOnly, byInstalments, directDebit, documents, money, purchase } from "./lib/purchases.mjs";
import { Server } from "./lib/server.mjs";

const start = "2020-03-10T18:06:52.438+01:00";
let number = 0;

async function started(t) {
  const server = await Server.start({ now: start });
  t.after(() => server.stop());
  const { operator, shop } = server;
  return {
    server,
    buy: async (amount) => {
      const id = (await shop.authorize(amountOnly(amount, directDebit))).body.ratepay_transaction_id;
      await shop.capture(id, { gross_amount: amount });
      return id;
    },
    due: async (day, query = "") => (await operator.get(`/saldo/v1/direct-debits?due=${day}${query}`, { expect: 200 })).body,
    of: async (id) => (await operator.get(`/saldo/v1/transactions/${id}/direct-debits`, { expect: 200 })).body,
    write: (id, rest, body, options = {}) =>
      operator.post(`/saldo/v1/transactions/${id}/direct-debits${rest}`, body, {
        expect: 201,
        headers: { "Idempotency-Key": `debit-${++number}` },
        ...options,
      }),
  };
}

test("a direct debit is due, submitted, executed and returned; it is tried again, with the fee", async (t) => {
  const it = await started(t);
  const { server, write } = it;
  const id = (await server.shop.authorize(purchase(directDebit))).body.ratepay_transaction_id;
  assert.deepEqual((await it.due("2020-12-31")).direct_debits, []);
  await server.shop.capture(id, { gross_amount: 170 });
  assert.deepEqual((await it.due("2020-03-12")).direct_debits, []);
  const [first] = (await it.due("2020-03-13")).direct_debits;
  const reference = first.mandate.mandate_reference.replace("SDD-", "");
  assert.deepEqual(first, {
    transaction_id: id,
    partner_id: server.ready.partner_id,
    direct_debit_id: "001-1",
    end_to_end_id: `${reference}-001-1`,
    amount: 170,
    currency: "EUR",
    planned_on: "2020-03-13",
    due_date: "2020-03-13",
    submit_by: "2020-03-12",
    pre_notification: { notify_by: "2020-03-12", language: "de" },
    mandate: { mandate_reference: `SDD-${reference}`, signed_on: "2020-03-10", creditor_id: "DE98ZZZ09999999999", state: "VALID" },
    debtor: { account_holder: "Erika Mustermann", iban: "DE44100500001654698497" },
  });

  const wanted = { direct_debit_id: "001-1", amount: 170, due_date: "2020-03-13" };
  assert.equal((await write(id, "", { ...wanted, amount: 169 }, { expect: 422 })).body.code, "DIRECT_DEBIT_NOT_DUE");
  const headers = { "Idempotency-Key": "submission" };
  const submitted = (await write(id, "", wanted, { headers })).body;
  assert.deepEqual([submitted.state, submitted.submitted_on, submitted.open_amount], ["SUBMITTED", "2020-03-10", 170]);
  assert.deepEqual((await write(id, "", wanted, { headers })).body, submitted);
  assert.equal((await write(id, "", wanted, { expect: 422 })).body.code, "DIRECT_DEBIT_NOT_DUE");
  assert.deepEqual((await it.due("2020-12-31")).direct_debits, []);
  assert.equal((await write(id, "/001-2/execution", {}, { expect: 404 })).body.code, "DIRECT_DEBIT_NOT_FOUND");

  await server.operator.goTo("2020-03-17");
  const executed = (await write(id, "/001-1/execution", { value_date: "2020-03-13" })).body;
  assert.deepEqual([executed.state, executed.executed_on, executed.open_amount], ["EXECUTED", "2020-03-13", 0]);
  assert.equal((await write(id, "/001-1/execution", {}, { expect: 422 })).body.code, "DIRECT_DEBIT_OVER");
  const returned = (await write(id, "/001-1/return", { reason: "AM04", value_date: "2020-03-17" })).body;
  assert.deepEqual(
    [returned.state, returned.returned_on, returned.reason, returned.fee, returned.retry_on, returned.open_amount],
    ["RETURNED", "2020-03-17", "AM04", 3, "2020-03-31", 173],
  );
  const { status } = await documents(server, id);
  const { payment_details: details } = status.payment_information.payment_method;
  assert.deepEqual([details.payment_method, details.settlement_type], ["INVOICE", "DIRECT_DEBIT"]);
  assert.deepEqual(
    status.payment_information.payment_status.open_claim,
    money({
      claims: [["SHIPMENT", "2020-03-10", 170]],
      claimed: 170,
      fees: [["RETURN_DEBIT_NOTE_FEE", "2020-03-17", 3]],
      charged: 3,
      current: 173,
      payments: [["DEBIT", "2020-03-13", -170], ["CREDIT", "2020-03-17", 170]],
      open: 173,
    }),
  );
  assert.deepEqual((await it.due("2020-03-30")).direct_debits, []);
  const [again] = (await it.due("2020-03-31")).direct_debits;
  assert.deepEqual([again.direct_debit_id, again.amount, again.due_date], ["001-2", 173, "2020-03-31"]);

  // Missed, it moves; and the buyer pays a part meanwhile.
  await server.operator.goTo("2020-04-02");
  await server.operator.pay(id, { type: "DEBIT", amount: 73 });
  const one = await it.of(id);
  assert.deepEqual([one.due[0].amount, one.due[0].planned_on, one.due[0].due_date], [100, "2020-03-31", "2020-04-03"]);
  assert.deepEqual((await it.due("2020-04-03")).direct_debits.map((each) => each.due_date), ["2020-04-03"]);
  await write(id, "", { direct_debit_id: "001-2", amount: 100, due_date: "2020-04-03" });
  await write(id, "/001-2/return", { reason: "AC04" });
  const after = await it.of(id);
  assert.deepEqual([after.mandate.state, after.due, after.direct_debits.map((each) => [each.state, each.reason_meaning])], [
    "VOID",
    [],
    [["RETURNED", "insufficient funds"], ["RETURNED", "account closed"]],
  ]);
  const balance = (await server.operator.trialBalance()).currencies[0];
  assert.equal(balance.debits, balance.credits);
});

test("the list of what is due comes in pages, each direct debit once, and shows one's own partner alone", async (t) => {
  const it = await started(t);
  const ids = [];
  for (let i = 1; i <= 5; ++i) ids.push(await it.buy(10 * i));
  await it.server.operator.goTo("2020-03-11");
  ids.push(await it.buy(60));
  const seen = [];
  let cursor = "";
  for (let pages = 0; ; ++pages) {
    assert.ok(pages < 10);
    const page = await it.due("2020-03-20", `&limit=2${cursor}`);
    seen.push(...page.direct_debits);
    if (!page.next_cursor) break;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  assert.deepEqual(seen.map((one) => one.transaction_id).sort(), [...ids].sort());
  assert.deepEqual([...new Set(seen.map((one) => one.due_date))].sort(), ["2020-03-13", "2020-03-16"]);
  for (const query of ["", "?due=", "?due=13.03.2020", "?due=2020-03-13&due=2020-03-14"])
    assert.equal((await it.server.operator.get(`/saldo/v1/direct-debits${query}`, { expect: 400, invalid: true })).body.code, "INVALID_DUE", query);
  assert.equal((await it.server.operator.get("/saldo/v1/direct-debits?due=2020-03-13&limit=0", { expect: 400, invalid: true })).body.code, "INVALID_LIMIT");
  assert.equal((await it.server.operator.get("/saldo/v1/direct-debits?due=2020-03-13&cursor=x", { expect: 400, invalid: true })).body.code, "INVALID_CURSOR");
});

test("a purchase that is paid otherwise has no direct debits", async (t) => {
  const it = await started(t);
  const id = (await it.server.shop.authorize(amountOnly(10))).body.ratepay_transaction_id;
  await it.server.shop.capture(id, { gross_amount: 10 });
  assert.deepEqual(await it.of(id), { transaction_id: id, due: [], direct_debits: [] });
  const answer = await it.write(id, "", { direct_debit_id: "001-1", amount: 10, due_date: "2020-03-24" }, { expect: 422 });
  assert.equal(answer.body.code, "DIRECT_DEBIT_NOT_DUE");
  const bad = await it.write(id, "", { direct_debit_id: "1", amount: 0, due_date: "soon" }, { expect: 400, invalid: true });
  assert.deepEqual(bad.body.invalid_fields.map((one) => one.json_path).sort(), ["$.amount", "$.direct_debit_id", "$.due_date"]);
  const codes = await it.write(id, "/001-1/return", { reason: "XX99" }, { expect: 400, invalid: true });
  assert.deepEqual(codes.body.invalid_fields.map((one) => one.json_path), ["$.reason"]);
});

test("instalments are collected each on its day, and by no more than the plan says", async (t) => {
  const it = await started(t);
  const way = { payment_method: { payment_option: "INSTALMENT", transfer_type: "SEPA_DIRECT_DEBIT" }, payment_details: { ...directDebit.payment_details, ...byInstalments({ number_of_instalments: 6, payment_day: 28 }).payment_details } };
  const id = (await it.server.shop.authorize(amountOnly(300, way))).body.ratepay_transaction_id;
  await it.server.shop.capture(id, { gross_amount: 300 });
  const { status } = await documents(it.server, id);
  const [plan] = status.payment_information.payment_method.payment_details.instalment_plans;
  const debits = async () => (await it.of(id)).due.map((one) => [one.direct_debit_id, one.amount, one.due_date]);
  assert.deepEqual((await debits()).map(([, amount]) => amount), plan.instalments.map((one) => one.amount_total));
  assert.deepEqual((await debits())[2], ["003-1", plan.instalments[2].amount_total, "2020-06-29"], "28 June 2020 is a Sunday");
  assert.deepEqual((await it.due("2020-04-28")).direct_debits.map((one) => one.direct_debit_id), ["001-1"]);
  await it.server.shop.refund(id, { gross_amount: 300 });
  assert.deepEqual(await debits(), []);
});
