// Purchases to try things on, and the documents that must come of them. A test names only what it is about.
import assert from "node:assert/strict";

/// An authorisation of three knives at 50 - 2 and shipping at 26: 170 in all, on open invoice, by bank transfer.
export function purchase({ basket = {}, baskets, buyer = {}, person = {}, contact = {}, address = {}, ...rest } = {}) {
  return {
    partner_transaction_id: "test-shop-transaction-id",
    currency: "EUR",
    buyer: {
      person: { first_name: "Erika", last_name: "Mustermann", date_of_birth: "1971-05-19", ...person },
      contact: { email: "erika@example.com", phone: "+49 177 4445555", ...contact },
      billing_address: { street: "Nikolaistr.", street_number: "9", zip_code: "80802", city: "München", country_code: "DE", ...address },
      language: "de",
      shop_buyer_id: "test-shop-buyer-id",
      ...buyer,
    },
    payment_method: { payment_option: "OPEN_INVOICE", transfer_type: "BANK_TRANSFER" },
    shop_baskets: baskets ?? [{ gross_amount: 170, items: [knife(3)], special_items: [shipping()], ...basket }],
    ...rest,
  };
}

/// The same for `amount` without lines.
export function amountOnly(amount, rest = {}) {
  return purchase({ baskets: [{ gross_amount: amount }], ...rest });
}

export const directDebit = {
  payment_method: { payment_option: "PAY_NOW", transfer_type: "SEPA_DIRECT_DEBIT" },
  payment_details: { debit_bank_account: { iban: "DE44100500001654698497", owner: "Erika Mustermann" } },
};

/// To be repaid by instalments: `{number_of_instalments}` or `{instalment_max}`, and perhaps a `payment_day`.
export function byInstalments(instalments) {
  return { payment_method: { payment_option: "INSTALMENT", transfer_type: "BANK_TRANSFER" }, payment_details: { instalments } };
}

export function knife(quantity) {
  return { name: "fruit knife", article_number: "kitchen-utils-1", gross_unit_price: 50, gross_unit_discount: -2, quantity };
}
export function shipping() {
  return { gross_unit_price: 26 };
}

// The same lines in Order Status.
export const K = (quantity) => ({
  unit_price_gross: 50,
  discount: -2,
  quantity,
  description: "fruit knife",
  identification_number: "kitchen-utils-1",
});
export const S26 = { type: "SHIPPING", price_gross: 26 };
export const A = (amount) => ({ type: "AMOUNT_ONLY", price_gross: amount, description: "amount without items" });

/// The goods of Order Status from four lists: what is open, shipped, returned, cancelled. `shop` may name another one.
export function goods(shop, { open = [], shipped = [], returned = [], cancelled = [] }) {
  const items = (list) => list.filter((one) => "quantity" in one);
  const special = (list) => list.filter((one) => !("quantity" in one));
  return {
    current_items: [
      {
        shop_id: shop,
        shop_items: {
          open_items: items(open),
          shipped_items: items(shipped),
          returned_items: items(returned),
          cancelled_items: items(cancelled),
        },
      },
    ],
    current_special_items: {
      open_items: special(open),
      shippedItems: special(shipped),
      returnedItems: special(returned),
      cancelledItems: special(cancelled),
    },
  };
}

/// The money of both documents. Entries are [type, date, amount]; the sums are given, not computed: they are the claim.
export function money({ claims = [], claimed = 0, fees = [], charged = 0, current = 0, payments = [], received = 0, open = 0 } = {}) {
  return {
    amount: open,
    current_claim: {
      amount: current,
      shop_claims: { claims: claims.map(([type, date, amount]) => ({ type, date, amount })), amount: claimed },
      ratepay_buyer_fees: {
        buyer_fees: fees.map(([type, date, gross]) => ({ type, date, amount: { gross } })),
        amount: { gross: charged },
      },
    },
    settlement: { settlements: payments.map(([type, date, amount]) => ({ type, date, amount })), amount: received },
  };
}

/// One element of Transaction Status's dunning list.
export function dunning({ level = "NO_DUNNING", date = null, fee = 0, block = null } = {}) {
  return {
    current_transaction_dunning_level: level,
    transaction_dunning_date: date,
    current_dunning_fee: fee,
    dunning_block: block,
  };
}

/// What Transaction Status says of an invoice; by default nothing of it was moved.
export function invoice({ reference, number, amount, created, due, invoiceNumber }) {
  return {
    ratepay_payment_reference: reference,
    amount,
    original_due_date: due,
    current_due_date: due,
    creation_date: created,
    clearing_reference_number: `${reference}-${String(number).padStart(3, "0")}`,
    ...(invoiceNumber ? { invoice_number: invoiceNumber } : {}),
  };
}

/// Both documents of a purchase, and the laws that every pair of them keeps: sums are the sums of their lists, both
/// APIs say the same, and the explanation adds up to the open amount.
export async function documents(server, id, query = {}) {
  const status = await server.shop.status(id, query);
  const order = await server.shop.order(id, query);
  const explanation = await server.operator.explain(id, query);
  const { open_claim: claim, transaction_payment_status: paid } = status.payment_information.payment_status;

  const { current_claim: current, settlement } = claim;
  same("open claim", claim.amount, sum([current.amount, -settlement.amount]));
  same("current claim", current.amount, sum([current.shop_claims.amount, current.ratepay_buyer_fees.amount.gross]));
  same("claims", current.shop_claims.amount, sum(current.shop_claims.claims.map((one) => one.amount)));
  same("fees", current.ratepay_buyer_fees.amount.gross, sum(current.ratepay_buyer_fees.buyer_fees.map((one) => one.amount.gross)));
  same("settlement", settlement.amount, sum(settlement.settlements.map((one) => -one.amount)));
  const expected = claim.amount === 0 ? "BALANCED" : claim.amount < 0 ? "OVERPAID" : settlement.amount > 0 ? "UNDERPAID" : "OPEN";
  same("payment status", paid, expected);

  const block = status.payment_information;
  const details = block.payment_method.payment_details;
  const renamed = ({ ratepay_payment_reference: reference, ...one }) => ({ reference, ...one });
  same("payment information", order.payment_information, {
    maximum_processing_offset_in_hours: block.maximum_processing_offset_in_hours,
    payment_method: {
      current_payment_method_details: {
        ...details,
        ...(details.invoices ? { invoices: details.invoices.map(renamed) } : {}),
        ...(details.instalment_plans ? { instalment_plans: details.instalment_plans.map(renamed) } : {}),
        ...(details.prepayment ? { prepayment: renamed(details.prepayment[0]) } : {}),
      },
    },
    payment_status: { order_payment_status: paid, open_claim: claim },
    dunning_status: orderDunning(block.dunning_status[0]),
  });
  same("number of dunning elements", block.dunning_status.length, status.shop_baskets.length);
  for (const element of block.dunning_status) same("dunning element", element, block.dunning_status[0]);
  same("head", order.general_order_information, {
    transaction_id: status.ratepay_transaction_id,
    shop_order_id: status.partner_transaction_id ?? null,
    order_creation_date: status.created,
    shop_buyer_id: status.shop_buyer_id,
    currency: status.currency,
  });
  same("initial amount", order.basket.initial_order_amount_gross, sum(status.shop_baskets.map((one) => one.gross_amount)));

  same("explained amount", [explanation.open_amount, explanation.tree.amount], [claim.amount, claim.amount]);
  checkTree(explanation.tree);
  return { status, order, explanation };
}

function orderDunning(element) {
  const { current_transaction_dunning_level: current_order_dunning_level, transaction_dunning_date: order_dunning_date, ...rest } = element;
  return { current_order_dunning_level, order_dunning_date, ...rest };
}

function checkTree(node, depth = 0) {
  if (node.children) {
    same(`sum of "${node.label}"`, node.amount, sum(node.children.map((one) => one.amount)));
    assert.equal(node.event, undefined, "a node with children is no event");
    for (const child of node.children) checkTree(child, depth + 1);
  } else if (depth > 0) assert.ok(node.event, `the leaf "${node.label}" names no event`);
  else same("an explanation without events", node.amount, 0);
}

/// The value of everything in the four lists of Order Status: always what was authorised.
export function valueOfGoods(order) {
  const cents = (amount) => Math.round(amount * 100);
  const items = order.basket.current_items.flatMap((shop) => Object.values(shop.shop_items).flat());
  const special = Object.values(order.basket.current_special_items).flat();
  const whole = items.map((one) => cents(one.unit_price_gross + one.discount) * one.quantity).concat(special.map((one) => cents(one.price_gross)));
  return whole.reduce((left, right) => left + right, 0) / 100;
}

/// Amounts added in cents, since binary fractions do not add up.
export function sum(amounts) {
  return amounts.reduce((total, amount) => total + Math.round(amount * 100), 0) / 100 + 0;
}

function same(what, actual, expected) {
  assert.deepEqual(actual, expected, what);
}
