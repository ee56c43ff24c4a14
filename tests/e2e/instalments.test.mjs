// Purchases by instalments over HTTP: how they are ordered, what their plan says, and what changes it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { amountOnly, byInstalments, documents, purchase } from "./lib/purchases.mjs";
import { serverFor } from "./lib/server.mjs";
import { addPartner, contract } from "./lib/tenants.mjs";

const server = serverFor({ before, after }, { now: "2016-01-06T10:00:00+01:00" });
const planOf = ({ status }) => status.payment_information.payment_method.payment_details.instalment_plans?.[0];
const openOf = ({ status }) => status.payment_information.payment_status.open_claim.amount;

/// The published sample: 230 at 13.7 % in six instalments with a service charge of 3.95, shipped at once.
async function shipped(client = server().shop) {
  const { body } = await client.authorize(amountOnly(230, byInstalments({ number_of_instalments: 6, payment_day: 28 })));
  await client.capture(body.ratepay_transaction_id, { gross_amount: 230 });
  return body.ratepay_transaction_id;
}

describe("a purchase by instalments", () => {
  test("has the plan of the published sample in both documents, and says how each number came about", async () => {
    const id = await shipped();
    const both = await documents(server(), id);
    const plan = planOf(both);
    assert.deepEqual(
      [plan.amount_credit, plan.amount_fees, plan.amount_total, plan.interest_rate, plan.number_of_instalments, plan.creation_date],
      [230, 14.67, 244.67, 13.7, 6, "2016-01-06"],
    );
    assert.deepEqual(plan.instalments.map((one) => one.amount_total), [40.79, 40.79, 40.79, 40.79, 40.79, 40.72]);
    assert.deepEqual(plan.instalments[0], { amount_total: 40.79, due_date: "2016-02-28", amount_interest: 4.41, amount_repayment: 35.72, amount_fee: 0.66, residual_debt: 194.28, instalment_number: 1 });
    assert.equal(plan.instalments[5].residual_debt, null);
    assert.equal(openOf(both), 244.67);

    const whole = (await server().shop.transaction(id)).body;
    assert.deepEqual(whole.payment_details.instalments, { number_of_instalments: 6, payment_day: 28, effective_interest_rate: plan.effective_interest_rate });
    const explained = (await server().operator.get(`/saldo/v1/transactions/${id}/explain`, { expect: 200 })).body;
    assert.equal(explained.open_amount, 244.67);
    assert.equal(explained.instalment_plan.makings[0].amount_total, 244.67);
    assert.ok(explained.instalment_plan.first_making.some(({ name, value }) => name === "regular_instalment" && value === "40.79"));
  });

  test("is agreed by what the buyer wants to pay a month, with the same numbers as the calculator", async () => {
    const { body } = await server().shop.authorize(amountOnly(230, byInstalments({ instalment_max: 50 })));
    const agreed = (await server().shop.transaction(body.ratepay_transaction_id)).body.payment_details.instalments;
    const { offers } = (await server().operator.post("/saldo/v1/instalment-offers", { partner_id: server().ready.partner_id, amount: 230, currency: "EUR", instalment_max: 50 }, { expect: 200 })).body;
    assert.deepEqual(
      [agreed.number_of_instalments, agreed.payment_day, agreed.effective_interest_rate],
      [offers[0].number_of_instalments, offers[0].payment_day, offers[0].effective_interest_rate],
    );
  });

  test("keeps every cent when goods come back, when the buyer pays beside the plan, and when a request is repeated", async () => {
    const id = await shipped();
    await server().shop.refund(id, { gross_amount: 30 });
    const returned = planOf(await documents(server(), id));
    assert.equal(returned.amount_credit, 200);
    assert.equal(Math.round(returned.instalments.reduce((sum, one) => sum + one.amount_repayment * 100, 0)), 20000);

    const pay = (options = {}) => server().operator.pay(id, { type: "DEBIT", amount: 50, unscheduled: true }, { headers: { "Idempotency-Key": `extra-${id}` }, ...options });
    const paid = (await pay()).body;
    assert.deepEqual((await pay()).body, paid, "a repeated request is answered as of the end of its decision, plan included");
    const both = await documents(server(), id);
    assert.equal(openOf(both), paid.open_amount);
    assert.equal(planOf(both).instalments[0].amount_unscheduled, 50);
    assert.ok(planOf(both).amount_fees < returned.amount_fees, "less principal bears less interest");

    const no = { expect: 422 };
    assert.equal((await server().operator.pay(id, { type: "DEBIT", amount: 200, unscheduled: true }, no)).body.code, "UNSCHEDULED_PAYMENT_TOO_HIGH");
    await server().shop.refund(id, { gross_amount: 200 });
    const gone = await documents(server(), id);
    assert.equal(planOf(gone), undefined);
    assert.equal(openOf(gone), -50, "what was paid is overpaid, the service charge given back");
    assert.equal((await server().operator.pay(id, { type: "DEBIT", amount: 1, unscheduled: true }, no)).body.code, "NO_INSTALMENT_PLAN");
  });

  test("can be withdrawn from for fourteen days under the law of consumer credit, and under no other", async () => {
    const withdraw = (operator, id, body = {}, options = {}) => operator.call("PUT", `/saldo/v1/transactions/${id}/withdrawal`, { body, expect: 200, ...options });
    const id = await shipped();
    assert.equal((await withdraw(server().operator, id, {}, { expect: 422 })).body.code, "NO_RIGHT_OF_WITHDRAWAL");

    const lends = { credit_regime: "consumer_credit", creditor: { name: "Fruit Bank", address: "Weg 1, 10115 Berlin" }, late_payment: { interest_rate: 6.27, currency: "EUR", reminder_fee: 0.76 } };
    const lender = await addPartner(server(), {
      contract: contract({
        ...lends,
        products: [{ payment_option: "INSTALMENT", transfer_type: "BANK_TRANSFER", due_days: 14 }],
        instalments: { currency: "EUR", interest_rate: 13.7, service_charge: 3.95 },
      }),
    });
    const german = await addPartner(server(), {
      contract: contract({
        ...lends,
        country: "DE",
        products: [{ payment_option: "INSTALMENT", transfer_type: "BANK_TRANSFER", due_days: 14 }],
        instalments: { currency: "EUR", interest_rate: 13.7, service_charge: 3.95 },
      }),
    });
    const under_german_law = await shipped(german.shop);
    const credit = await shipped(lender.shop);
    const late = await shipped(lender.shop);
    const done = (await withdraw(lender.operator, credit, { comment: "by phone" })).body;
    assert.deepEqual([done.date, done.due_date, done.open_amount, done.comment], ["2016-01-06", "2016-02-05", 230, "by phone"]);
    assert.deepEqual((await withdraw(lender.operator, credit)).body, done, "asked for again, the answer is the same");
    await server().operator.goTo("2016-01-21T00:00:00+01:00");
    assert.equal((await withdraw(lender.operator, late, {}, { expect: 422 })).body.code, "WITHDRAWAL_TOO_LATE");
    assert.equal((await withdraw(lender.operator, late, { date: "2016-01-20" })).body.open_amount, 230);

    const owed = (await withdraw(german.operator, under_german_law, { date: "2016-01-20" })).body.open_amount;
    assert.equal(owed, 231.22, "230 and what ran up to the declaration: 230 x (1.137^(15/365) - 1)");
    const { buyer_fees: fees } = (await documents(german, under_german_law)).status.payment_information.payment_status.open_claim.current_claim.ratepay_buyer_fees;
    assert.deepEqual(fees.map((one) => [one.type, one.amount.gross]), [["SERVICE_CHARGE", 3.95], ["SERVICE_CHARGE_RETURN", -3.95], ["INTEREST", 1.22]]);
  });
});

test("what a request for instalments must say is told by its fields", async () => {
  const fields = async (body) => (await server().shop.authorize(purchase(body), { expect: 400, invalid: true })).body.invalid_fields.map((one) => `${one.json_path} ${one.message}`);
  const method = { payment_option: "INSTALMENT", transfer_type: "BANK_TRANSFER" };
  assert.deepEqual(await fields({ payment_method: method }), ["$.payment_details.instalments is missing: it says how the buyer repays"]);
  for (const instalments of [{}, { number_of_instalments: 6, instalment_max: 50 }])
    assert.deepEqual(await fields(byInstalments(instalments)), ["$.payment_details.instalments must have number_of_instalments or instalment_max, and not both"]);
  assert.match((await fields(byInstalments({ number_of_instalments: 121 })))[0], /number_of_instalments/);
});
