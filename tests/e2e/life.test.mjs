// A purchase's whole life over HTTP, and what both status APIs say of it, to the cent. Each life plays on a server of
// its own whose clock starts at the same moment and is moved by the test.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { daysAfter } from "./lib/client.mjs";
import {
  A, K, S26, amountOnly, directDebit, documents, dunning, goods, invoice, knife, money, purchase, shipping, valueOfGoods,
} from "./lib/purchases.mjs";
import { Server } from "./lib/server.mjs";
import { addMarketplace } from "./lib/tenants.mjs";

const start = "2020-03-10T18:06:52.438+01:00";

/// A life: an authorised purchase on a fresh server, with the words a story needs.
async function life(t, body = purchase()) {
  const server = await Server.start({ now: start });
  t.after(() => server.stop());
  const authorized = (await server.shop.authorize(body)).body;
  return new Life(server, authorized);
}

class Life {
  constructor(server, authorized) {
    this.server = server;
    this.id = authorized.ratepay_transaction_id;
    this.created = authorized.created;
    this.reference = authorized.payment_details?.ratepay_payment_references[0].ratepay_payment_reference;
    this.shopId = server.ready.partner_shop_id;
  }
  on(day) {
    return this.server.operator.goTo(day);
  }
  async capture(body) {
    return (await this.server.shop.capture(this.id, body)).body;
  }
  async cancel(body) {
    return (await this.server.shop.cancel(this.id, body)).body;
  }
  async refund(body) {
    return (await this.server.shop.refund(this.id, body)).body;
  }
  async pay(type, amount, value_date) {
    return (await this.server.operator.pay(this.id, { type, amount, value_date })).body.open_amount;
  }
  async fee(type, gross, date) {
    return (await this.server.operator.fee(this.id, { type, gross, date })).body.open_amount;
  }
  dun(level, date) {
    return this.server.operator.dun(this.id, { level, date });
  }
  documents(query) {
    return documents(this.server, this.id, query);
  }
  invoice(given) {
    return invoice({ reference: this.reference, ...given });
  }
  goods(lists) {
    return goods(this.shopId, lists);
  }
}

const details = (status) => status.payment_information.payment_method.payment_details;
const claim = (status) => status.payment_information.payment_status.open_claim;
const paid = (status) => status.payment_information.payment_status.transaction_payment_status;
const items = ({ current_items, current_special_items }) => ({ current_items, current_special_items });
const amounts = (order) => [order.basket.initial_order_amount_gross, order.basket.current_order_amount_gross];

test("a purchase is authorised, shipped, taken back in part, paid in part, charged and dunned, and every cent is explained", async (t) => {
  const it = await life(t);
  const capture = await it.capture({ gross_amount: 170, partner_invoice_id: "INV-4711", items: [knife(3)], special_items: [shipping()] });
  await it.server.shop.ship(it.id, capture.ratepay_capture_id, { carrier_name: "DHL", tracking_number: "00340434161094042557" });
  await it.on("2020-03-16");
  await it.refund({ gross_amount: 48, items: [knife(1)] });
  await it.on("2020-03-31");
  assert.equal(await it.pay("DEBIT", 50, "2020-03-30"), 72);
  assert.equal(await it.fee("DUNNING_FEE", 2.5), 74.5);
  await it.dun("PAYMENT_REMINDER");

  const { status, order, explanation } = await it.documents();
  assert.deepEqual(
    claim(status),
    money({
      claims: [["SHIPMENT", "2020-03-10", 170], ["RETURN", "2020-03-16", -48]],
      claimed: 122,
      fees: [["DUNNING_FEE", "2020-03-31", 2.5]],
      charged: 2.5,
      current: 124.5,
      payments: [["DEBIT", "2020-03-30", -50]],
      received: 50,
      open: 74.5,
    }),
  );
  assert.equal(paid(status), "UNDERPAID");
  assert.deepEqual(details(status), {
    invoices: [it.invoice({ number: 1, amount: 170, created: "2020-03-10", due: "2020-03-24", invoiceNumber: "INV-4711" })],
    payment_method: "INVOICE",
    settlement_type: "BANK_TRANSFER",
  });
  assert.deepEqual(status.payment_information.dunning_status, [dunning({ level: "PAYMENT_REMINDER", date: "2020-03-31", fee: 2.5 })]);
  assert.deepEqual(items(order.basket), it.goods({ shipped: [K(2), S26], returned: [K(1)] }));
  assert.deepEqual(amounts(order), [170, 122]);

  // The leaves of the explanation are the events of the log.
  const log = await it.server.operator.events(it.id);
  const leaves = (node) => (node.children ? node.children.flatMap(leaves) : [node]);
  assert.deepEqual(leaves(explanation.tree).map((leaf) => leaf.amount).sort((a, b) => a - b), [-50, -48, 2.5, 170]);
  for (const { event } of leaves(explanation.tree)) {
    const logged = log.events.find((one) => one.seq === event.seq);
    assert.deepEqual(event, { seq: logged.seq, type: logged.type, value_date: logged.value_date, recorded_at: logged.recorded_at, hash: logged.hash });
  }
  assert.deepEqual(log.events.map((one) => one.seq), log.events.map((_, index) => index + 1));

  // Debits equal credits.
  const [euros] = (await it.server.operator.trialBalance()).currencies;
  assert.equal(euros.currency, "EUR");
  assert.equal(euros.debits, euros.credits);
});

test("W1: authorised only, nothing is owed", async (t) => {
  const it = await life(t);
  const { status, order, explanation } = await it.documents();
  assert.match(it.reference, /^[A-Z]{2}[0-9]{7}[A-Z][0-9]$/);
  assert.deepEqual(status, {
    ratepay_transaction_id: it.id,
    partner_transaction_id: "test-shop-transaction-id",
    created: it.created,
    shop_buyer_id: "test-shop-buyer-id",
    currency: "EUR",
    shop_baskets: [
      {
        partner_shop_id: it.shopId,
        ...(status.shop_baskets[0].partner_shop_name ? { partner_shop_name: status.shop_baskets[0].partner_shop_name } : {}),
        gross_amount: 170,
        items: [
          {
            gross_unit_price: 50,
            gross_unit_discount: -2,
            gross_total_price: 144,
            discount: 0,
            quantity: 3,
            article_number: "kitchen-utils-1",
            name: "fruit knife",
          },
        ],
        special_items: [{ type: "SHIPPING", gross_unit_price: 26, gross_total_price: 26, discount: 0, quantity: 1 }],
      },
    ],
    payment_information: {
      maximum_processing_offset_in_hours: 0,
      payment_method: { payment_details: { payment_method: "INVOICE", settlement_type: "BANK_TRANSFER" } },
      payment_status: { transaction_payment_status: "BALANCED", open_claim: money() },
      dunning_status: [dunning()],
    },
  });
  assert.deepEqual(order.basket, {
    initial_order_amount_gross: 170,
    current_order_amount_gross: 170,
    last_updated: it.created,
    ...it.goods({ open: [K(3), S26] }),
  });
  assert.deepEqual(explanation.tree.children, undefined);
});

test("W2: the figures that both seeds print", async (t) => {
  const it = await life(t, purchase({ basket: { shop_transaction_id: "shop-transaction-id-1234" } }));
  await it.capture({ gross_amount: 170 });
  await it.on("2020-03-12T18:06:52.438+01:00");
  const refunded = await it.refund({ gross_amount: 25 });
  await it.on("2020-03-26");
  await it.fee("RETURN_DEBIT_NOTE_FEE", 5, "2020-03-10");
  assert.equal(await it.pay("DEBIT", 50, "2020-03-20"), 100);
  await it.dun("PAYMENT_REMINDER", "2020-03-24");
  const block = { blocked_from: "2020-03-25", blocked_until: "2020-04-01", blocking_reason: "Zahlungsaufschub aus Kulanz" };
  await it.server.operator.block(it.id, block);

  const { status, order } = await it.documents();
  assert.deepEqual(status.payment_information, {
    maximum_processing_offset_in_hours: 0,
    payment_method: {
      payment_details: {
        invoices: [it.invoice({ number: 1, amount: 170, created: "2020-03-10", due: "2020-03-24" })],
        payment_method: "INVOICE",
        settlement_type: "BANK_TRANSFER",
      },
    },
    payment_status: {
      transaction_payment_status: "UNDERPAID",
      open_claim: money({
        claims: [["SHIPMENT", "2020-03-10", 170], ["RETURN", "2020-03-12", -25]],
        claimed: 145,
        fees: [["RETURN_DEBIT_NOTE_FEE", "2020-03-10", 5]],
        charged: 5,
        current: 150,
        payments: [["DEBIT", "2020-03-20", -50]],
        received: 50,
        open: 100,
      }),
    },
    dunning_status: [dunning({ level: "PAYMENT_REMINDER", date: "2020-03-24", block })],
  });
  assert.equal(status.shop_baskets[0].gross_amount, 170);
  assert.equal(status.shop_baskets[0].shop_transaction_id, "shop-transaction-id-1234");
  assert.deepEqual(order.basket, {
    initial_order_amount_gross: 170,
    current_order_amount_gross: 145,
    last_updated: refunded.created,
    ...it.goods({ shipped: [K(3), S26, A(-25)], returned: [A(25)] }),
  });
  assert.ok(refunded.created.startsWith("2020-03-12T18:06:5"), refunded.created);

  const before = await it.documents({ as_of: "2020-03-11" });
  assert.deepEqual(
    claim(before.status),
    money({
      claims: [["SHIPMENT", "2020-03-10", 170]],
      claimed: 170,
      fees: [["RETURN_DEBIT_NOTE_FEE", "2020-03-10", 5]],
      charged: 5,
      current: 175,
      open: 175,
    }),
  );
  assert.equal(paid(before.status), "OPEN");
  assert.deepEqual(before.status.payment_information.dunning_status, [dunning()]);
  assert.equal(before.order.basket.current_order_amount_gross, 170);

  await it.on("2020-04-02");
  const after = await it.documents();
  assert.deepEqual(after.status.payment_information.dunning_status, [dunning({ level: "PAYMENT_REMINDER", date: "2020-03-24" })]);
});

test("W3: part of a quantity is shipped, the rest cancelled; only the shipment is claimed", async (t) => {
  const it = await life(t);
  await it.on("2020-03-11");
  await it.capture({ gross_amount: 122, items: [knife(2)], special_items: [shipping()] });
  await it.on("2020-03-12");
  const cancelled = await it.cancel({ gross_amount: 48, items: [knife(1)] });
  const { status, order } = await it.documents();
  assert.deepEqual(items(order.basket), it.goods({ shipped: [K(2), S26], cancelled: [K(1)] }));
  assert.deepEqual(amounts(order), [170, 122]);
  assert.equal(order.basket.last_updated, cancelled.created);
  assert.deepEqual(claim(status), money({ claims: [["SHIPMENT", "2020-03-11", 122]], claimed: 122, current: 122, open: 122 }));
  assert.equal(paid(status), "OPEN");
  assert.deepEqual(details(status).invoices, [it.invoice({ number: 1, amount: 122, created: "2020-03-11", due: "2020-03-25" })]);
  assert.equal(status.shop_baskets[0].items[0].quantity, 3);
  assert.equal(status.shop_baskets[0].gross_amount, 170);
});

test("W4: captures by amount move no goods until nothing is open", async (t) => {
  const it = await life(t);
  await it.capture({ gross_amount: 50 });
  const first = await it.documents();
  assert.deepEqual(items(first.order.basket), it.goods({ open: [K(3), S26, A(-50)], shipped: [A(50)] }));
  assert.deepEqual(amounts(first.order), [170, 170]);
  assert.equal(claim(first.status).amount, 50);

  await it.capture({ gross_amount: 96, items: [knife(2)] });
  const second = await it.documents();
  assert.deepEqual(items(second.order.basket), it.goods({ open: [K(1), S26, A(-50)], shipped: [K(2), A(50)] }));

  await it.capture({ gross_amount: 24 });
  const third = await it.documents();
  assert.deepEqual(items(third.order.basket), it.goods({ shipped: [K(3), S26] }));
  const day = "2020-03-10";
  assert.deepEqual(claim(third.status).current_claim.shop_claims, {
    claims: [50, 96, 24].map((amount) => ({ type: "SHIPMENT", date: day, amount })),
    amount: 170,
  });
  assert.deepEqual(
    details(third.status).invoices,
    [50, 96, 24].map((amount, index) => it.invoice({ number: index + 1, amount, created: day, due: "2020-03-24" })),
  );
  for (const { order } of [first, second, third]) assert.equal(valueOfGoods(order), 170);
});

test("W5: a return uses up the oldest invoice first", async (t) => {
  const it = await life(t);
  await it.capture({ gross_amount: 96, items: [knife(2)], partner_invoice_id: "INV-1" });
  await it.on("2020-03-15");
  await it.capture({ gross_amount: 74, items: [knife(1)], special_items: [shipping()], partner_invoice_id: "INV-2" });
  await it.on("2020-03-20");
  await it.refund({ gross_amount: 100 });

  const second = it.invoice({ number: 2, amount: 74, created: "2020-03-15", due: "2020-03-29", invoiceNumber: "INV-2" });
  const returned = await it.documents();
  assert.deepEqual(details(returned.status).invoices, [second]);
  assert.deepEqual(
    claim(returned.status),
    money({
      claims: [["SHIPMENT", "2020-03-10", 96], ["SHIPMENT", "2020-03-15", 74], ["RETURN", "2020-03-20", -100]],
      claimed: 70,
      current: 70,
      open: 70,
    }),
  );
  assert.deepEqual(amounts(returned.order), [170, 70]);
  assert.deepEqual(items(returned.order.basket), it.goods({ shipped: [K(3), S26, A(-100)], returned: [A(100)] }));

  const before = await it.documents({ as_of: "2020-03-19" });
  const first = it.invoice({ number: 1, amount: 96, created: "2020-03-10", due: "2020-03-24", invoiceNumber: "INV-1" });
  assert.deepEqual(details(before.status).invoices, [first, second]);
  assert.equal(claim(before.status).current_claim.shop_claims.amount, 170);

  await it.refund({ gross_amount: 70 });
  const all = await it.documents();
  assert.equal("invoices" in details(all.status), false);
  assert.deepEqual(items(all.order.basket), it.goods({ returned: [K(3), S26] }));
  assert.deepEqual(amounts(all.order), [170, 0]);
  assert.equal(claim(all.status).current_claim.shop_claims.amount, 0);
});

test("W6: paid before shipment, overpaid after a return, paid out", async (t) => {
  const it = await life(t);
  await it.on("2020-03-11");
  assert.equal(await it.pay("DEBIT", 170), -170);
  assert.equal(paid((await it.documents()).status), "OVERPAID");
  await it.on("2020-03-12");
  await it.capture({ gross_amount: 170, items: [knife(3)], special_items: [shipping()] });
  assert.equal(paid((await it.documents()).status), "BALANCED");
  await it.on("2020-03-20");
  await it.refund({ gross_amount: 48, items: [knife(1)] });
  const returned = await it.documents();
  assert.equal(claim(returned.status).amount, -48);
  assert.equal(paid(returned.status), "OVERPAID");
  assert.deepEqual(items(returned.order.basket), it.goods({ shipped: [K(2), S26], returned: [K(1)] }));
  assert.deepEqual(amounts(returned.order), [170, 122]);
  await it.on("2020-03-22");
  assert.equal(await it.pay("CREDIT", 48), 0);
  const settled = await it.documents();
  assert.deepEqual(claim(settled.status).settlement, {
    settlements: [
      { type: "DEBIT", date: "2020-03-11", amount: -170 },
      { type: "CREDIT", date: "2020-03-22", amount: 48 },
    ],
    amount: 122,
  });
  assert.equal(paid(settled.status), "BALANCED");
  assert.deepEqual(details(settled.status).invoices, [it.invoice({ number: 1, amount: 170, created: "2020-03-12", due: "2020-03-26" })]);
});

test("W7: a return fee stays owed and stands beside the goods", async (t) => {
  const it = await life(t);
  await it.capture({ gross_amount: 170, items: [knife(3)], special_items: [shipping()] });
  await it.on("2020-03-12");
  await it.refund({ gross_amount: 45.05, items: [knife(1)], special_items: [{ type: "RETURN_FEE", gross_unit_price: -2.95 }] });
  const { status, order } = await it.documents();
  assert.deepEqual(
    claim(status),
    money({ claims: [["SHIPMENT", "2020-03-10", 170], ["RETURN", "2020-03-12", -45.05]], claimed: 124.95, current: 124.95, open: 124.95 }),
  );
  assert.deepEqual(amounts(order), [170, 124.95]);
  const fee = (price_gross) => ({ type: "RETURN_FEE", price_gross });
  assert.deepEqual(items(order.basket), it.goods({ shipped: [K(2), S26, fee(2.95)], returned: [K(1), fee(-2.95)] }));
  assert.deepEqual(
    status.shop_baskets[0].special_items.map((one) => [one.type, one.gross_unit_price, one.gross_total_price]),
    [["SHIPPING", 26, 26], ["RETURN_FEE", -2.95, -2.95]],
  );
  assert.equal(valueOfGoods(order), 170);
});

test("W8: a debit comes back, a dunning fee is charged and given back", async (t) => {
  const it = await life(t, purchase(directDebit));
  await it.capture({ gross_amount: 170 });
  const captured = await it.documents();
  assert.deepEqual(details(captured.status), {
    invoices: [it.invoice({ number: 1, amount: 170, created: "2020-03-10", due: "2020-03-13" })],
    payment_method: "INVOICE",
    settlement_type: "DIRECT_DEBIT",
  });
  await it.on("2020-03-17");
  assert.equal(await it.pay("DEBIT", 170, "2020-03-13"), 0);
  assert.equal(paid((await it.documents()).status), "BALANCED");
  assert.equal(await it.pay("CREDIT", 170), 170);
  assert.equal(await it.fee("RETURN_DEBIT_NOTE_FEE", 3), 173);
  const returned = await it.documents();
  assert.equal(claim(returned.status).settlement.amount, 0);
  assert.equal(paid(returned.status), "OPEN");
  await it.on("2020-04-14");
  await it.dun("FIRST_DUNNING");
  assert.equal(await it.fee("DUNNING_FEE", 2.5), 175.5);
  const dunned = await it.documents();
  assert.deepEqual(dunned.status.payment_information.dunning_status, [dunning({ level: "FIRST_DUNNING", date: "2020-04-14", fee: 2.5 })]);
  await it.on("2020-04-20");
  assert.equal(await it.fee("DUNNING_FEE_RETURN", -2.5), 173);
  const end = await it.documents();
  assert.deepEqual(claim(end.status).current_claim.ratepay_buyer_fees, {
    buyer_fees: [
      { type: "RETURN_DEBIT_NOTE_FEE", date: "2020-03-17", amount: { gross: 3 } },
      { type: "DUNNING_FEE", date: "2020-04-14", amount: { gross: 2.5 } },
      { type: "DUNNING_FEE_RETURN", date: "2020-04-20", amount: { gross: -2.5 } },
    ],
    amount: { gross: 3 },
  });
  assert.deepEqual(end.status.payment_information.dunning_status, [dunning({ level: "FIRST_DUNNING", date: "2020-04-14" })]);
  assert.equal(claim(end.status).amount, 173);
});

test("W9: two shops in one purchase, one debt", async (t) => {
  const server = await Server.start({ now: start });
  t.after(() => server.stop());
  const market = await addMarketplace(server, ["A", "B"]);
  const unit = (price, quantity) => [{ name: "thing", gross_unit_price: price, quantity }];
  const baskets = [
    { partner_shop_id: "A", gross_amount: 100, items: unit(50, 2) },
    { partner_shop_id: "B", gross_amount: 70, items: unit(70, 1) },
  ];
  const { body } = await market.shop.authorize(purchase({ baskets }));
  const id = body.ratepay_transaction_id;
  const reference = body.payment_details.ratepay_payment_references[0].ratepay_payment_reference;
  assert.deepEqual(
    body.payment_details.ratepay_payment_references,
    ["A", "B"].map((partner_shop_id) => ({ partner_shop_id, ratepay_payment_reference: reference })),
  );
  await market.shop.capture(id, { gross_amount: 70, partner_shop_id: "B" });
  const all = () => documents(market, id);

  const shipped = await all();
  const thing = (unit_price_gross, quantity) => ({ unit_price_gross, discount: 0, quantity, description: "thing" });
  const lists = (given) => ({ open_items: [], shipped_items: [], returned_items: [], cancelled_items: [], ...given });
  assert.deepEqual(shipped.status.shop_baskets.map((one) => one.gross_amount), [100, 70]);
  assert.deepEqual(shipped.order.basket.current_items, [
    { shop_id: "A", shop_items: lists({ open_items: [thing(50, 2)] }) },
    { shop_id: "B", shop_items: lists({ shipped_items: [thing(70, 1)] }) },
  ]);
  assert.deepEqual(amounts(shipped.order), [170, 170]);
  assert.deepEqual(claim(shipped.status), money({ claims: [["SHIPMENT", "2020-03-10", 70]], claimed: 70, current: 70, open: 70 }));
  assert.equal(details(shipped.status).invoices.length, 1);
  assert.deepEqual(shipped.status.payment_information.dunning_status, [dunning(), dunning()]);

  assert.equal((await market.operator.pay(id, { type: "DEBIT", amount: 70 })).body.open_amount, 0);
  assert.equal(paid((await all()).status), "BALANCED");

  await market.shop.refund(id, { gross_amount: 10, partner_shop_id: "B" });
  const returned = await all();
  assert.deepEqual(
    claim(returned.status).current_claim.shop_claims.claims.map((one) => one.amount),
    [70, -10],
  );
  assert.equal(returned.order.basket.current_order_amount_gross, 160);
  assert.deepEqual(returned.order.basket.current_items[1].shop_items, lists({ shipped_items: [thing(70, 1)] }));
  const balance = (amount) => ({ ...A(amount), additional_description: "B" });
  assert.deepEqual(returned.order.basket.current_special_items, {
    open_items: [],
    shippedItems: [balance(-10)],
    returnedItems: [balance(10)],
    cancelledItems: [],
  });
  assert.equal(claim(returned.status).amount, -10);
  assert.equal(paid(returned.status), "OVERPAID");
});

describe("W10: what ends before it is shipped", () => {
  test("the rest of an authorisation expires after 120 days and claims nothing", async (t) => {
    const it = await life(t);
    await it.on("2020-03-11");
    await it.capture({ gross_amount: 96, items: [knife(2)] });
    await it.on("2020-07-09");
    const { status, order } = await it.documents();
    assert.deepEqual(items(order.basket), it.goods({ shipped: [K(2)], cancelled: [K(1), S26] }));
    assert.deepEqual(amounts(order), [170, 96]);
    assert.equal(order.basket.last_updated, daysAfter(it.created, 120));
    assert.match(order.basket.last_updated, /^2020-07-08T19:06:5.*\+02:00$/);
    assert.deepEqual(claim(status), money({ claims: [["SHIPMENT", "2020-03-11", 96]], claimed: 96, current: 96, open: 96 }));

    const before = await it.documents({ as_of: "2020-07-07" });
    assert.deepEqual(items(before.order.basket), it.goods({ open: [K(1), S26], shipped: [K(2)] }));
    assert.equal(before.order.basket.current_order_amount_gross, 170);

    // Captured goods still come back.
    await it.refund({ gross_amount: 48, items: [knife(1)] });
    assert.equal(claim((await it.documents()).status).amount, 48);
  });

  test("a declined purchase keeps its id, owes nothing, and all its goods are cancelled", async (t) => {
    const server = await Server.start({ now: start });
    t.after(() => server.stop());
    const { body } = await server.shop.authorize(purchase({ address: { zip_code: "1234" } }), { expect: 422 });
    assert.deepEqual([body.category, body.reasons], ["BUYER_DATA", ["INVALID_BILLING_ADDRESS_ZIP_CODE"]]);
    const it = new Life(server, body);
    const { status, order } = await it.documents();
    assert.equal(status.shop_baskets[0].gross_amount, 170);
    assert.deepEqual(order.basket, {
      initial_order_amount_gross: 170,
      current_order_amount_gross: 0,
      last_updated: it.created,
      ...it.goods({ cancelled: [K(3), S26] }),
    });
    assert.deepEqual(status.payment_information, {
      maximum_processing_offset_in_hours: 0,
      payment_method: { payment_details: { payment_method: "INVOICE", settlement_type: "BANK_TRANSFER" } },
      payment_status: { transaction_payment_status: "BALANCED", open_claim: money() },
      dunning_status: [dunning()],
    });
    const transaction = (await server.shop.transaction(it.id)).body;
    assert.deepEqual(transaction.decline, { category: "BUYER_DATA", reasons: ["INVALID_BILLING_ADDRESS_ZIP_CODE"] });
  });
});

test("a later authorisation adds its goods to Order Status and leaves the initial amount alone", async (t) => {
  const it = await life(t);
  await it.server.shop.extend(it.id, { gross_amount: 48, items: [{ ...knife(1), name: "spoon", article_number: "spoon-1" }] });
  const { status, order } = await it.documents();
  const spoon = { ...K(1), description: "spoon", identification_number: "spoon-1" };
  assert.deepEqual(items(order.basket), it.goods({ open: [K(3), spoon, S26] }));
  assert.deepEqual(amounts(order), [170, 218]);
  assert.equal(status.shop_baskets[0].items.length, 1);
  assert.equal(status.shop_baskets[0].gross_amount, 170);
});

test("every optional field of an item arrives in both documents unchanged", async (t) => {
  const item = {
    gross_unit_price: 18.45,
    gross_unit_discount: -1.55,
    tax_rate: 19,
    discount: -0.5,
    quantity: 3,
    article_number: "kitchen-utils-1",
    name: "fruit knife",
    category: "household",
    unit: "piece",
    description: "basket-item",
    additional_description: "cooles basket-item",
    identification_number: "identifiy-me",
    unique_identification_number: "12345",
    net_unit_discount: -1.3,
    net_unit_price: 15.5,
  };
  const it = await life(t, purchase({ basket: { gross_amount: 50.7, items: [item], special_items: [] } }));
  const { status, order } = await it.documents();
  assert.deepEqual(status.shop_baskets[0].items, [{ ...item, gross_total_price: 50.7, net_total_price: 42.6 }]);
  assert.deepEqual(order.basket.current_items[0].shop_items.open_items, [
    {
      unit_price_gross: 18.45,
      tax_rate: 19,
      discount: -1.55,
      quantity: 3,
      description: "basket-item",
      additional_description: "cooles basket-item",
      identification_number: "identifiy-me",
      unique_identification_number: "12345",
    },
  ]);
});

test("what the shop does not say is null where the seeds say null, and absent elsewhere", async (t) => {
  const body = amountOnly(20);
  delete body.partner_transaction_id;
  delete body.buyer.shop_buyer_id;
  const it = await life(t, body);
  const { status, order } = await it.documents();
  assert.equal("partner_transaction_id" in status, false);
  assert.equal(status.shop_buyer_id, null);
  assert.equal(order.general_order_information.shop_order_id, null);
  assert.equal(order.general_order_information.shop_buyer_id, null);
  assert.deepEqual(status.shop_baskets[0].items, []);
  assert.deepEqual(items(order.basket), it.goods({ open: [A(20)] }));

  // The first capture may bring the numbers; then they stay.
  await it.capture({ gross_amount: 5, partner_transaction_id: "first", shop_transaction_id: "for-the-buyer" });
  await it.capture({ gross_amount: 5, partner_transaction_id: "second", shop_transaction_id: "another" });
  const captured = (await it.documents()).status;
  assert.equal(captured.partner_transaction_id, "first");
  assert.equal(captured.shop_baskets[0].shop_transaction_id, "for-the-buyer");
});

test("an entry booked late counts for its day, as known now", async (t) => {
  const it = await life(t);
  await it.capture({ gross_amount: 170 });
  await it.on("2020-03-30");
  assert.equal(claim((await it.documents({ as_of: "2020-03-15" })).status).amount, 170);
  await it.pay("DEBIT", 60, "2020-03-14");
  assert.equal(claim((await it.documents({ as_of: "2020-03-15" })).status).amount, 110);
  assert.equal(claim((await it.documents({ as_of: "2020-03-13" })).status).amount, 170);
});

test("a dunning block is shown before it begins and to its last day, and another one replaces it", async (t) => {
  const it = await life(t);
  const block = { blocked_from: "2020-03-15", blocked_until: "2020-03-18", blocking_reason: "Retoure" };
  await it.server.operator.block(it.id, { blocked_from: "2020-03-11", blocked_until: "2020-03-12", blocking_reason: "Irrtum" });
  await it.server.operator.block(it.id, block);
  const shown = async () => (await it.documents()).status.payment_information.dunning_status[0].dunning_block;
  assert.deepEqual(await shown(), block);
  await it.on("2020-03-18T23:59:00+01:00");
  assert.deepEqual(await shown(), block);
  await it.on("2020-03-19T00:00:00+01:00");
  assert.equal(await shown(), null);
  await it.server.operator.block(it.id, { ...block, blocked_until: "2020-04-18" });
  await it.server.operator.unblock(it.id);
  assert.equal(await shown(), null);
  await it.server.operator.unblock(it.id);
});

test("the dunning level's date is that of the command that set it; repeating it moves nothing, a reset clears it", async (t) => {
  const it = await life(t);
  await it.capture({ gross_amount: 170 });
  await it.on("2020-04-20");
  const shown = async () => (await it.documents()).status.payment_information.dunning_status;
  await it.dun("PAYMENT_REMINDER", "2020-04-01");
  await it.dun("PAYMENT_REMINDER", "2020-04-10");
  assert.deepEqual(await shown(), [dunning({ level: "PAYMENT_REMINDER", date: "2020-04-01" })]);
  await it.pay("DEBIT", 170);
  assert.deepEqual(await shown(), [dunning({ level: "PAYMENT_REMINDER", date: "2020-04-01" })]);
  await it.dun("NO_DUNNING");
  assert.deepEqual(await shown(), [dunning()]);
});

test("the clock never goes back, and says so", async (t) => {
  const server = await Server.start({ now: start });
  t.after(() => server.stop());
  const { time_zone } = await server.operator.now();
  assert.equal(time_zone, "Europe/Berlin");
  await server.operator.post("/saldo/v1/clock", { advance: "P14D" }, { expect: 200 });
  assert.match((await server.operator.now()).now, /^2020-03-24T18:06:5/);
  const back = await server.operator.post("/saldo/v1/clock", { now: start }, { expect: 422 });
  assert.equal(back.body.code, "CLOCK_CANNOT_GO_BACK");
});

test("a frozen clock stands still until it is let go, and can be moved meanwhile", async (t) => {
  const server = await Server.start({ now: start });
  t.after(() => server.stop());
  const clock = async (body) => (await server.operator.post("/saldo/v1/clock", body, { expect: 200 })).body;
  const frozen = await clock({ advance: "P1D", frozen: true });
  assert.equal(frozen.frozen, true);
  const bought = (await server.shop.authorize(purchase())).body;
  assert.equal((await server.operator.now()).now, frozen.now);
  assert.equal((await server.operator.events(bought.ratepay_transaction_id)).events[0].recorded_at, frozen.now);
  assert.match((await clock({ advance: "P1D" })).now, /^2020-03-12T18:06:5/);
  assert.equal((await server.operator.now()).frozen, true);
  assert.equal((await clock({ frozen: false })).frozen, false);
});

test("a dunning block is lifted with a comment, or without", async (t) => {
  const it = await life(t);
  const block = () => it.server.operator.block(it.id, { blocked_from: "2020-03-10", blocked_until: "2020-04-01", blocking_reason: "Kulanz" });
  await block();
  await it.server.operator.unblock(it.id, { body: { comment: "by phone" } });
  await block();
  await it.server.operator.unblock(it.id);
  const types = (await it.server.operator.events(it.id)).events.map((event) => [event.type, event.sealed]);
  assert.deepEqual(types.slice(1), [["DunningBlocked", true], ["DunningUnblocked", true], ["DunningBlocked", true], ["DunningUnblocked", false]]);
});

test("the full resource and its lists hold what was sent and what followed", async (t) => {
  const it = await life(t);
  const { shop } = it.server;
  const sent = purchase();
  const whole = (await shop.transaction(it.id)).body;
  assert.equal(whole.buyer.person.last_name, "Mustermann");
  assert.deepEqual(whole.payment_method, sent.payment_method);
  assert.equal(whole.shop_baskets[0].items[0].name, "fruit knife");
  assert.equal(whole.authorization_expires, daysAfter(it.created, 120));
  assert.deepEqual(whole._embedded, { authorizations: [], cancellations: [], captures: [], refunds: [] });
  assert.ok(whole.payment_details.deposit_bank_account.iban);

  const capture = await shop.capture(it.id, { gross_amount: 48, items: [knife(1)], partner_operation_id: "op-1" });
  const captureId = capture.body.ratepay_capture_id;
  assert.equal(capture.headers.location, capture.body._links.self.href);
  assert.equal(capture.headers.location, `${it.server.url}${shop.path(it.id, "captures", captureId)}`);
  const cancelled = await it.cancel({ gross_amount: 10 });
  const refunded = await it.refund({ gross_amount: 5 });
  const extended = (await shop.extend(it.id, { gross_amount: 1 })).body;
  const parcel = (await shop.ship(it.id, captureId, { carrier_name: "OTHER_WITHOUT_TRACKING" })).body;

  const followed = (await shop.transaction(it.id)).body;
  assert.deepEqual(followed._embedded, {
    authorizations: [extended],
    cancellations: [cancelled],
    captures: [capture.body],
    refunds: [refunded],
  });
  for (const [kind, one] of Object.entries({ authorizations: extended, cancellations: cancelled, captures: capture.body, refunds: refunded })) {
    assert.deepEqual(followed._links[kind], [one._links.self]);
    const list = (await shop.get(shop.path(it.id, kind), { expect: 200 })).body;
    assert.deepEqual(list._embedded, { [kind]: [one] });
    assert.equal(list.ratepay_transaction_id, it.id);
  }
  const fullCapture = (await shop.get(shop.path(it.id, "captures", captureId), { expect: 200 })).body;
  assert.equal(fullCapture.gross_amount, 48);
  assert.equal(fullCapture.partner_operation_id, "op-1");
  assert.equal(fullCapture.items[0].quantity, 1);
  const parcels = shop.path(it.id, "captures", captureId, "shipping-information");
  assert.deepEqual((await shop.get(parcels, { expect: 200 })).body._embedded.shipping_information, [parcel]);
  const fullParcel = (await shop.get(`${parcels}/${parcel.ratepay_shipping_information_id}`, { expect: 200 })).body;
  assert.equal(fullParcel.carrier_name, "OTHER_WITHOUT_TRACKING");
});

test("an operator finds a purchase by any of its numbers, as soon as it is written", async (t) => {
  const it = await life(t, purchase({ basket: { shop_transaction_id: "shop-transaction-id-1234" } }));
  const capture = await it.capture({ gross_amount: 170, partner_invoice_id: "INV-77" });
  const words = {
    ratepay_transaction_id: it.id,
    partner_transaction_id: "test-shop-transaction-id",
    shop_transaction_id: "shop-transaction-id-1234",
    shop_buyer_id: "test-shop-buyer-id",
    ratepay_payment_reference: it.reference,
    clearing_reference_number: `${it.reference}-001`,
    partner_invoice_id: "INV-77",
    ratepay_capture_id: capture.ratepay_capture_id,
  };
  for (const [field, value] of Object.entries(words)) {
    const { results } = await it.server.operator.search(value);
    assert.deepEqual(results.map((one) => one.transaction_id), [it.id], field);
    assert.ok(results[0].matched.some((one) => one.field === field && one.value === value), field);
  }
  assert.deepEqual((await it.server.operator.search("nothing-like-it")).results, []);

  // A page at a time, each purchase once.
  for (let number = 0; number < 4; number += 1) await it.server.shop.authorize(amountOnly(10, { partner_transaction_id: `page-${number}` }));
  const found = [];
  let cursor;
  do {
    const page = await it.server.operator.search("page-", { limit: 2, cursor });
    assert.ok(page.results.length <= 2);
    found.push(...page.results.map((one) => one.partner_transaction_id));
    cursor = page.next_cursor;
  } while (cursor);
  assert.deepEqual(found.sort(), ["page-0", "page-1", "page-2", "page-3"]);
});
