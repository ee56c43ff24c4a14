// Purchases to try things on, and the documents that must come of them. A test names only what it is about.

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
