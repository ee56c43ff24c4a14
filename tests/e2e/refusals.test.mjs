// Every category and reason that an open invoice or a direct debit can be refused with, in tables: what was asked, and
// what the answer must be.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { contract as published } from "./lib/client.mjs";
import { amountOnly, byInstalments, directDebit, knife, purchase, shipping } from "./lib/purchases.mjs";
import { serverFor } from "./lib/server.mjs";
import { addPartner, contract } from "./lib/tenants.mjs";

const server = serverFor({ before, after }, { now: "2020-03-10T18:06:52.438+01:00" });
const seen = new Set();
const address = { street: "Nikolaistr. 9", zip_code: "80802", city: "München", country_code: "DE" };

async function declined(client, body, category, ...reasons) {
  const answer = await client.authorize(body, { expect: 422 });
  assert.deepEqual([answer.body.category, answer.body.reasons], [category, reasons]);
  for (const reason of [category, ...reasons]) seen.add(reason);
  const whole = (await client.transaction(answer.body.ratepay_transaction_id)).body;
  assert.deepEqual(whole.decline, { category, reasons });
  assert.equal(whole._links.self.href, answer.body._links.self.href);
  assert.equal(whole.payment_details?.ratepay_payment_references, undefined);
  return answer.body.ratepay_transaction_id;
}

async function refused(answer, category, ...reasons) {
  assert.deepEqual((await answer).body, { category, reasons });
  for (const reason of [category, ...reasons]) seen.add(reason);
}

describe("an authorisation is declined", () => {
  const vat = { net_amount: 10, tax_amount: 1.9, tax_rate: 19 };
  const rows = [
    ["a billing address without house number", { address: { street_number: undefined } }, "BUYER_DATA", "INVALID_BILLING_ADDRESS"],
    ["a parcel locker as billing address", { address: { street: "Packstation", street_number: "145" } }, "BUYER_DATA", "INVALID_BILLING_ADDRESS"],
    ["a German postcode of four digits", { address: { zip_code: "8080" } }, "BUYER_DATA", "INVALID_BILLING_ADDRESS_ZIP_CODE"],
    ["a German postcode with a letter", { address: { zip_code: "8080A" } }, "BUYER_DATA", "INVALID_BILLING_ADDRESS_ZIP_CODE"],
    ["a delivery address without house number", { delivery: { address: { ...address, street: "Nikolaistr." } } }, "BUYER_DATA", "INVALID_DELIVERY_ADDRESS"],
    ["a delivery postcode of six digits", { delivery: { address: { ...address, zip_code: "808020" } } }, "BUYER_DATA", "INVALID_DELIVERY_ADDRESS_ZIP_CODE"],
    ["a buyer who is not yet 18", { person: { date_of_birth: "2002-03-11" } }, "BUYER_DATA", "INVALID_PERSON_DATA"],
    ["an IBAN with a wrong check digit", { ...directDebit, payment_details: { debit_bank_account: { iban: "DE45100500001654698497", owner: "E" } } }, "BUYER_DATA", "INVALID_IBAN"],
    ["an IBAN that is too short", { ...directDebit, payment_details: { debit_bank_account: { iban: "DE4410050000165469849", owner: "E" } } }, "BUYER_DATA", "INVALID_IBAN"],
    ["the e-mail of the trigger for identity", { contact: { email: "buyer_identity@ratepay.com" } }, "BUYER_IDENTITY"],
    ["the e-mail of the trigger for payment attributes", { contact: { email: "payment_attribute@ratepay.com" } }, "PAYMENT_ATTRIBUTE"],
    ["the e-mail of the trigger for the risk decision", { contact: { email: "risk_decision@ratepay.com" } }, "RISK_DECISION"],
    ["the e-mail of the trigger for transaction risk", { contact: { email: "transaction_risk@ratepay.com" } }, "TRANSACTION_RISK"],
    ["the e-mail of the trigger for a one-time code", { contact: { email: "otp_required@ratepay.com", phone: undefined } }, "UNPROCESSABLE_OPERATION", "OTP_VERIFICATION_REQUIRED_BUT_FEATURE_NOT_ENABLED"],
    ["an amount above the contract's", { baskets: [{ gross_amount: 10000.01 }] }, "CONTRACT", "BASKET_AMOUNT_TOO_HIGH"],
    ["a billing country not agreed", { address: { country_code: "BR", zip_code: "01310-100" } }, "CONTRACT", "BILLING_COUNTRY_NOT_ALLOWED"],
    ["a currency not agreed", { currency: "USD" }, "CONTRACT", "CURRENCY_NOT_ALLOWED"],
    ["a delivery country not agreed", { delivery: { address: { ...address, country_code: "BR" } } }, "CONTRACT", "DELIVERY_COUNTRY_NOT_ALLOWED"],
    ["an expiry beyond the contract's", { authorization_expires: "2021-03-11T18:06:53+01:00" }, "CONTRACT", "MAXIMUM_EXPIRY_EXCEEDED"],
    ["an open invoice by direct debit", { payment_method: { payment_option: "OPEN_INVOICE", transfer_type: "SEPA_DIRECT_DEBIT" }, payment_details: directDebit.payment_details }, "CONTRACT", "PAYMENT_METHOD_NOT_ALLOWED"],
    ["five instalments", byInstalments({ number_of_instalments: 5 }), "CONTRACT", "NUMBER_OF_INSTALMENTS_NOT_ALLOWED"],
    ["instalments on the fifth", byInstalments({ number_of_instalments: 3, payment_day: 5 }), "CONTRACT", "PAYMENT_DAY_NOT_ALLOWED"],
    ["instalments below the least", byInstalments({ number_of_instalments: 12 }), "CONTRACT", "INSTALMENT_TOO_LOW"],
    ["instalments smaller than there are", byInstalments({ instalment_max: 3 }), "CONTRACT", "WISHED_RATE_TOO_LOW"],
    ["instalments below the interest", byInstalments({ instalment_max: 1 }), "CONTRACT", "NEVER_REPAID"],
    ["less than a cent for each instalment", { ...byInstalments({ number_of_instalments: 3 }), baskets: [{ gross_amount: 0.02 }] }, "CONTRACT", "CREDIT_TOO_SMALL_FOR_THE_NUMBER"],
    ["a return fee before there is a return", { basket: { gross_amount: 168, special_items: [shipping(), { type: "RETURN_FEE", gross_unit_price: -2 }] } }, "CONTRACT", "RETURN_FEE_NOT_ALLOWED"],
    ["two baskets of a partner with one shop", { baskets: [{ partner_shop_id: "a", gross_amount: 1 }, { partner_shop_id: "b", gross_amount: 1 }] }, "CONTRACT", "WRONG_NUMBER_OF_SHOP_BASKETS"],
    ["a shop that is not the partner's", { basket: { partner_shop_id: "unknown" } }, "UNPROCESSABLE_OPERATION", "BASKET_WITH_UNKNOWN_SHOP"],
    ["two VAT entries of one rate", { basket: { vats: [vat, vat] } }, "UNPROCESSABLE_OPERATION", "MULTIPLE_VAT_OBJECTS_PER_TAX_RATE_NOT_ALLOWED"],
    ["lines that do not add up", { basket: { gross_amount: 170.09 } }, "UNPROCESSABLE_OPERATION", "SUM_OF_ITEM_AMOUNTS_NOT_MATCHING_TRANSACTION_AMOUNT"],
    ["lines that add up to more", { basket: { gross_amount: 169.91 } }, "UNPROCESSABLE_OPERATION", "SUM_OF_ITEM_AMOUNTS_NOT_MATCHING_TRANSACTION_AMOUNT"],
  ];
  for (const [what, change, category, ...reasons] of rows)
    test(`for ${what}: ${category} ${reasons}`, () => declined(server().shop, JSON.parse(JSON.stringify(purchase(change))), category, ...reasons));

  test("not for lines that are off by 0.02 a unit (four units)", async () => {
    for (const gross_amount of [170.08, 169.92]) await server().shop.authorize(purchase({ basket: { gross_amount } }));
  });

  const terms = [
    ["companies, where none are agreed", { buyer_types: ["B2C"] }, company(), "B2B_BUYER_NOT_ALLOWED"],
    ["persons, where none are agreed", { buyer_types: ["B2B"] }, purchase(), "B2C_BUYER_NOT_ALLOWED"],
    ["an amount below the contract's", { currencies: [{ currency: "EUR", min: 20, max: 100 }] }, amountOnly(19.99), "BASKET_AMOUNT_TOO_LOW"],
    ["a parcel locker, where none is agreed", { delivery_types: ["REGULAR_ADDRESS"] }, purchase({ delivery: { pick_up_box: {} } }), "DELIVERY_TYPE_NOT_ALLOWED"],
    ["instalments above the cap", { products: [{ payment_option: "INSTALMENT", transfer_type: "BANK_TRANSFER", due_days: 14 }], instalments: { currency: "EUR", interest_rate: 13.7, effective_rate_max: 14, service_charge: 3.95 } }, purchase(byInstalments({ number_of_instalments: 6 })), "EFFECTIVE_RATE_TOO_HIGH"],
    ["direct debit, where only invoices are agreed", { products: [{ payment_option: "OPEN_INVOICE", transfer_type: "BANK_TRANSFER", due_days: 14 }] }, purchase(directDebit), "PAYMENT_METHOD_NOT_ALLOWED"],
    ...[["B2C", purchase], ["B2B", company]].flatMap(([type, body]) => [
      [`another address for ${type}`, {}, body({ delivery: { address } }), `DEVIATING_DELIVERY_ADDRESS_${type}_REGULAR_ADDRESS_NOT_ALLOWED`],
      [`a parcel locker for ${type}`, {}, body({ delivery: { pick_up_box: {} } }), `DEVIATING_DELIVERY_ADDRESS_${type}_PICK_UP_BOX_NOT_ALLOWED`],
      [`a parcel shop for ${type}`, {}, body({ delivery: { pick_up_shop: {} } }), `DEVIATING_DELIVERY_ADDRESS_${type}_PICK_UP_SHOP_NOT_ALLOWED`],
      [`a store for ${type}`, {}, body({ delivery: { in_store_collect: {} } }), `DEVIATING_DELIVERY_ADDRESS_${type}_IN_STORE_COLLECT_NOT_ALLOWED`],
    ]),
  ];
  test("by the terms of a stricter contract", async () => {
    const partners = new Map();
    for (const [what, rest, body, reason] of terms) {
      const key = JSON.stringify(rest);
      if (!partners.has(key)) partners.set(key, await addPartner(server(), { contract: contract({ deviating_deliveries: [], ...rest }) }));
      await declined(partners.get(key).shop, body, "CONTRACT", reason).catch((error) => assert.fail(`${what}: ${error.message}`));
    }
  });

  test("for baskets that a marketplace cannot tell apart", async () => {
    const market = await addPartner(server(), { shops: ["A", "B"], contract: contract({ shop_baskets_max: 2 }) });
    const basket = (partner_shop_id) => ({ partner_shop_id, gross_amount: 10 });
    const unprocessable = (baskets, reason) => declined(market.shop, purchase({ baskets }), "UNPROCESSABLE_OPERATION", reason);
    await unprocessable([basket("A"), { gross_amount: 10 }], "PARTNER_SHOP_ID_MUST_BE_GIVEN_FOR_MARKETPLACE_TRANSACTIONS");
    await unprocessable([basket("A"), basket("A")], "MULTIPLE_SHOP_BASKETS_WITH_SAME_SHOP_NOT_ALLOWED");
    await unprocessable([basket("A"), basket("C")], "BASKET_WITH_UNKNOWN_SHOP");
    await declined(market.shop, purchase({ baskets: [basket("A"), basket("B"), basket("C")] }), "CONTRACT", "WRONG_NUMBER_OF_SHOP_BASKETS");

    const { body } = await market.shop.authorize(purchase({ baskets: [basket("A"), basket("B")] }));
    const id = body.ratepay_transaction_id;
    const operate = (kind, operation) => market.shop.operate(kind, id, operation, { expect: 422 });
    for (const kind of ["captures", "cancellations", "refunds", "authorizations"]) {
      await refused(operate(kind, { gross_amount: 1 }), "UNPROCESSABLE_OPERATION", "PARTNER_SHOP_ID_MUST_BE_GIVEN_FOR_MARKETPLACE_TRANSACTIONS");
      await refused(operate(kind, { gross_amount: 1, partner_shop_id: "C" }), "UNPROCESSABLE_OPERATION", "BASKET_WITH_UNKNOWN_SHOP");
    }
    await refused(operate("captures", { gross_amount: 10.01, partner_shop_id: "A" }), "UNPROCESSABLE_OPERATION", "CAPTURE_AMOUNT_TOO_HIGH");
  });
});

function company(rest = {}) {
  const body = purchase(rest);
  const { person: _, ...buyer } = body.buyer;
  return { ...body, buyer: { ...buyer, company: { name: "Obst GmbH", vat_id: "DE123456789" } } };
}

describe("an operation is refused", () => {
  const operate = (kind, id, body, expect = 422) => server().shop.operate(kind, id, body, { expect });
  const unprocessable = (kind, id, body, reason) => refused(operate(kind, id, body), "UNPROCESSABLE_OPERATION", reason);

  test("if it is more than there is", async () => {
    const { shop } = server();
    const id = (await shop.authorize(purchase())).body.ratepay_transaction_id;
    await unprocessable("captures", id, { gross_amount: 170.01 }, "CAPTURE_AMOUNT_TOO_HIGH");
    await unprocessable("cancellations", id, { gross_amount: 170.01 }, "CANCELLATION_AMOUNT_TOO_HIGH");
    await unprocessable("refunds", id, { gross_amount: 0.01 }, "REFUND_AMOUNT_TOO_HIGH");
    await shop.capture(id, { gross_amount: 100 });
    await shop.cancel(id, { gross_amount: 50 });
    await unprocessable("captures", id, { gross_amount: 20.01 }, "CAPTURE_AMOUNT_TOO_HIGH");
    await unprocessable("cancellations", id, { gross_amount: 20.01 }, "CANCELLATION_AMOUNT_TOO_HIGH");
    await unprocessable("refunds", id, { gross_amount: 100.01 }, "REFUND_AMOUNT_TOO_HIGH");
    await refused(operate("authorizations", id, { gross_amount: 9999 }), "CONTRACT", "BASKET_AMOUNT_TOO_HIGH");
    const before = (await server().operator.events(id)).events.length;
    assert.equal(before, 3);
  });

  test("if its goods do not fit it", async () => {
    const { shop } = server();
    const id = (await shop.authorize(purchase())).body.ratepay_transaction_id;
    await shop.capture(id, { gross_amount: 100 });
    const vat = { net_amount: 10, tax_amount: 1.9, tax_rate: 19 };
    for (const kind of ["captures", "cancellations", "refunds", "authorizations"]) {
      await unprocessable(kind, id, { gross_amount: 49, items: [knife(1)] }, "SUM_OF_ITEM_AMOUNTS_NOT_MATCHING_OPERATION_AMOUNT");
      await unprocessable(kind, id, { gross_amount: 10, vats: [vat, vat] }, "MULTIPLE_VAT_OBJECTS_PER_TAX_RATE_NOT_ALLOWED");
      await unprocessable(kind, id, { gross_amount: 10, partner_shop_id: "unknown" }, "BASKET_WITH_UNKNOWN_SHOP");
    }
    const fee = { type: "RETURN_FEE", gross_unit_price: -1 };
    await unprocessable("refunds", id, { gross_amount: 46, items: [knife(1)], special_items: [fee, fee] }, "MULTIPLE_RETURN_FEES_NOT_ALLOWED");
    for (const kind of ["captures", "cancellations", "authorizations"])
      await refused(operate(kind, id, { gross_amount: 47, items: [knife(1)], special_items: [fee] }), "CONTRACT", "RETURN_FEE_NOT_ALLOWED");
  });

  test("if the contract allows no return fees", async () => {
    const strict = await addPartner(server(), { contract: contract({ return_fees: false }) });
    const id = (await strict.shop.authorize(purchase())).body.ratepay_transaction_id;
    await strict.shop.capture(id, { gross_amount: 170 });
    const body = { gross_amount: 47, items: [knife(1)], special_items: [{ type: "RETURN_FEE", gross_unit_price: -1 }] };
    await refused(strict.shop.refund(id, body, { expect: 422 }), "CONTRACT", "RETURN_FEE_NOT_ALLOWED");
  });

  test("if the purchase was declined", async () => {
    const { shop, operator } = server();
    const id = await declined(shop, purchase({ address: { zip_code: "1" } }), "BUYER_DATA", "INVALID_BILLING_ADDRESS_ZIP_CODE");
    for (const kind of ["captures", "cancellations", "refunds", "authorizations"])
      await unprocessable(kind, id, { gross_amount: 1 }, "NOT_ALLOWED_FOR_DECLINED_TRANSACTION");
    await refused(shop.expireAt(id, "2020-04-01T00:00:00Z", { expect: 422 }), "UNPROCESSABLE_OPERATION", "NOT_ALLOWED_FOR_DECLINED_TRANSACTION");
    const block = { blocked_from: "2020-03-10", blocked_until: "2020-03-20", blocking_reason: "x" };
    for (const act of [
      operator.pay(id, { type: "DEBIT", amount: 1 }, { expect: 422 }),
      operator.fee(id, { type: "DUNNING_FEE", gross: 1 }, { expect: 422 }),
      operator.dun(id, { level: "PAYMENT_REMINDER" }, { expect: 422 }),
      operator.block(id, block, { expect: 422 }),
    ])
      assert.equal((await act).body.code, "TRANSACTION_DECLINED");
  });

  test("if it names what is not there", async () => {
    const { shop } = server();
    const id = (await shop.authorize(purchase())).body.ratepay_transaction_id;
    const unknown = "00000000000000000000";
    const missing = {
      AUTHORIZATION_NOT_FOUND: shop.path(id, "authorizations", unknown),
      CANCELLATION_NOT_FOUND: shop.path(id, "cancellations", unknown),
      CAPTURE_NOT_FOUND: shop.path(id, "captures", unknown),
      REFUND_NOT_FOUND: shop.path(id, "refunds", unknown),
      TRANSACTION_NOT_FOUND: shop.path(unknown),
    };
    for (const [reason, path] of Object.entries(missing)) await refused(shop.get(path, { expect: 404 }), "RESOURCE_NOT_FOUND", reason);
    await refused(shop.get(shop.path(unknown, "captures"), { expect: 404 }), "RESOURCE_NOT_FOUND", "TRANSACTION_NOT_FOUND");
    await refused(shop.ship(id, unknown, { carrier_name: "OTHER_WITHOUT_TRACKING" }, { expect: 404 }), "RESOURCE_NOT_FOUND", "CAPTURE_NOT_FOUND");
    const capture = (await shop.capture(id, { gross_amount: 1 })).body.ratepay_capture_id;
    const parcel = shop.path(id, "captures", capture, "shipping-information", unknown);
    await refused(shop.get(parcel, { expect: 404 }), "RESOURCE_NOT_FOUND", "SHIPPING_INFORMATION_NOT_FOUND");
    // A capture of another purchase is not there either.
    const other = (await shop.authorize(purchase())).body.ratepay_transaction_id;
    await refused(shop.get(shop.path(other, "captures", capture), { expect: 404 }), "RESOURCE_NOT_FOUND", "CAPTURE_NOT_FOUND");
  });
});

test("money, fees and dunning are refused by their own codes", async () => {
  const { shop, operator } = server();
  const id = (await shop.authorize(purchase())).body.ratepay_transaction_id;
  const no = { expect: 422 };
  const code = async (answer) => (await answer).body.code;
  for (const [date, expected] of [["2020-03-11", "VALUE_DATE_IN_FUTURE"], ["2020-03-09", "VALUE_DATE_BEFORE_PURCHASE"]]) {
    assert.equal(await code(operator.pay(id, { type: "DEBIT", amount: 1, value_date: date }, no)), expected);
    assert.equal(await code(operator.fee(id, { type: "DUNNING_FEE", gross: 1, date }, no)), expected);
    assert.equal(await code(operator.dun(id, { level: "PAYMENT_REMINDER", date }, no)), expected);
  }
  for (const [type, gross] of [["DUNNING_FEE", -1], ["DUNNING_FEE_RETURN", 1], ["RETURN_DEBIT_NOTE_FEE_RETURN", 1], ["PAY_LATER_WITHDRAWN", 1], ["SERVICE_CHARGE_RETURN", 1]])
    assert.equal(await code(operator.fee(id, { type, gross }, no)), "FEE_SIGN_WRONG", type);
  for (const [charge, giveBack] of [["DUNNING_FEE", "DUNNING_FEE_RETURN"], ["RETURN_DEBIT_NOTE_FEE", "RETURN_DEBIT_NOTE_FEE_RETURN"]]) {
    assert.equal(await code(operator.fee(id, { type: giveBack, gross: -1 }, no)), "FEE_RETURN_EXCEEDS_CHARGED");
    await operator.fee(id, { type: charge, gross: 2 });
    await operator.fee(id, { type: giveBack, gross: -1.5 });
    assert.equal(await code(operator.fee(id, { type: giveBack, gross: -0.51 }, no)), "FEE_RETURN_EXCEEDS_CHARGED");
    await operator.fee(id, { type: giveBack, gross: -0.5 });
  }
  const block = { blocked_from: "2020-03-21", blocked_until: "2020-03-20", blocking_reason: "x" };
  assert.equal(await code(operator.block(id, block, no)), "DUNNING_BLOCK_ENDS_BEFORE_IT_STARTS");
});

// The last test: it moves the clock beyond every expiry.
test("nothing is shipped, cancelled or added after the authorisation has expired", async () => {
  const { shop } = server();
  const body = purchase({ authorization_expires: "2020-03-20T12:00:00+01:00" });
  const id = (await shop.authorize(body)).body.ratepay_transaction_id;
  await shop.capture(id, { gross_amount: 50 });
  await server().operator.goTo("2020-03-20T11:59:00+01:00");
  await shop.capture(id, { gross_amount: 1 });
  await server().operator.goTo("2020-03-20T12:00:00+01:00");
  for (const kind of ["captures", "cancellations", "authorizations"])
    await refused(shop.operate(kind, id, { gross_amount: 1 }, { expect: 422 }), "UNPROCESSABLE_OPERATION", "NOT_ALLOWED_FOR_EXPIRED_TRANSACTION");
  await refused(shop.expireAt(id, "2020-06-01T00:00:00Z", { expect: 422 }), "UNPROCESSABLE_OPERATION", "NOT_ALLOWED_FOR_EXPIRED_TRANSACTION");
  await shop.refund(id, { gross_amount: 50 });
});

test("no published business reason is left untried", () => {
  const elsewhere = new Set(["INVALID_JSON", "INVALID_FIELDS", "IDEMPOTENCY_KEY_REUSED", "ANONYMIZED_BY_BUYER", "OTP_VERIFICATION_PENDING"]);
  const reasons = published.resolved({ $ref: "#/components/schemas/Reason" }).enum;
  assert.deepEqual(reasons.filter((one) => !seen.has(one) && !elsewhere.has(one)), []);
});
