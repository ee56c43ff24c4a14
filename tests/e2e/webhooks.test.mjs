// Webhooks against a receiver with faults: every change of status arrives at least once, in order, and signed; what a
// receiver does is its own session's affair; what was sent is seen by those who may.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Buyer } from "./lib/buyer.mjs";
import { Operator } from "./lib/client.mjs";
import { isSigned, Receiver } from "./lib/receiver.mjs";
import { Server, temporaryDirectory } from "./lib/server.mjs";
import { addPartner, administer } from "./lib/tenants.mjs";

const sessionPath = "/pps/api/v1/session";
const recordPath = "/pps/api/v1/session-record";
let number = 0;

/// A session whose webhooks go to `url`, and the buyer on its page: {id, landing}.
async function newSession(shop, url, { shopId = "sandbox-shop" } = {}) {
  const { body } = await shop.post(
    sessionPath,
    {
      order_data: {
        partner_transaction_id: `order-${++number}`,
        currency: "EUR",
        buyer: {
          language: "en",
          person: { first_name: "Alice", last_name: "Miller", date_of_birth: "1980-05-17" },
          contact: { email: `buyer${number}@example.com`, phone: "+4915112345678" },
          billing_address: { street: "Nussbaumstrasse", street_number: "12", zip_code: "10178", city: "Berlin", country_code: "DE" },
        },
        shop_baskets: [{ partner_shop_id: shopId, gross_amount: 25 }],
      },
      url_data: { success_url: "https://shop.example/ok", cancel_url: "https://shop.example/no", failure_url: "https://shop.example/bad", webhook_url: url },
    },
    { expect: 201 },
  );
  return { id: body.session_id, landing: body.landing_page_url };
}

/// Leads a session through two changes of its status: IN_PROGRESS, CANCELED.
async function beginAndCancel(session) {
  const buyer = await Buyer.open(session.landing);
  await begin(buyer);
  await buyer.submit("cancel");
}

/// Takes the first way to pay that the page offers.
async function begin(buyer) {
  const [, method] = /name="method"[^>]*? value="([^"]+)"/.exec(buyer.page.text) ?? [];
  assert.ok(method, buyer.page.text.slice(0, 3000));
  await buyer.submit("method", { method });
}

const statusesOf = (requests) => requests.map((one) => one.body.session_status);
const sequencesOf = (requests) => requests.map((one) => Number(one.headers["saldo-delivery-sequence"]));
/// Each delivery once, in the order in which it came first.
const once = (requests) => requests.filter((one, at) => requests.findIndex((other) => other.headers["saldo-delivery-id"] === one.headers["saldo-delivery-id"]) === at);

const deliveriesOf = async (operator, query) => (await operator.get(`/saldo/v1/webhook-deliveries?${new URLSearchParams(query)}`, { expect: 200 })).body.deliveries;

describe("webhooks", { concurrency: true }, () => {
  let server, receiver, secret;
  before(async () => {
    [server, receiver] = await Promise.all([Server.start(), Receiver.start()]);
    ({ secret } = (await server.operator.post(`/saldo/v1/partners/${server.ready.partner_id}/webhook-secrets?at_once=true`, undefined, { expect: 201 })).body);
  });
  after(async () => {
    await Promise.all([server?.stop(), receiver?.stop()]);
  });
  const session = (path) => newSession(server.shop, receiver.url(path));

  test("each change of status brings the record as of then, signed and numbered", async () => {
    const made = await session("/plain");
    await beginAndCancel(made);
    await receiver.until(() => receiver.at("/plain").length === 2);
    const [first, second] = receiver.at("/plain");
    assert.deepEqual(statusesOf([first, second]), ["IN_PROGRESS", "CANCELED"]);
    assert.deepEqual(sequencesOf([first, second]), [1, 2]);
    for (const request of [first, second]) {
      assert.equal(request.method, "POST");
      assert.equal(request.headers["content-type"], "application/json");
      assert.equal(request.body.session_id, made.id);
      assert.ok(isSigned(request, secret), request.headers["x-signature"]);
    }
    assert.equal(first.headers["saldo-delivery-previous"], undefined);
    assert.equal(second.headers["saldo-delivery-previous"], first.headers["saldo-delivery-id"]);
    // The last one is the record as it stands, byte for byte.
    assert.equal(second.text, (await server.shop.get(`${recordPath}/${made.id}`, { expect: 200 })).text);
  });

  test("a completed purchase and an advice to cancel it are told, and the list shows both", async () => {
    const made = await session("/completed");
    const buyer = await Buyer.open(made.landing);
    await begin(buyer);
    await buyer.submit("sandbox", { do: "approve" });
    await receiver.until(() => receiver.at("/completed").some((one) => one.body.session_status === "COMPLETED"));
    const { body: record } = receiver.at("/completed").at(-1);
    const status = await server.shop.status(record.transaction_id);
    assert.equal(status.ratepay_transaction_id, record.transaction_id);
    await server.operator.post(`/saldo/v1/sessions/${made.id}/fraud-cancellation-request`, { comment: "odd" });
    await receiver.until(() => receiver.at("/completed").length === 3);
    assert.deepEqual(statusesOf(receiver.at("/completed")), ["IN_PROGRESS", "COMPLETED", "FRAUD_CANCELLATION_REQUESTED"]);
    let told; // an answer is taken down after the receiver gave it
    do told = await deliveriesOf(server.operator, { session_id: made.id, state: "DELIVERED" });
    while (told.length < 3);
    assert.deepEqual(told.map((one) => one.session_status), ["FRAUD_CANCELLATION_REQUESTED", "COMPLETED", "IN_PROGRESS"]);
    assert.equal(told[0].attempts[0].host, new URL(receiver.url("/")).host);
    assert.equal(JSON.stringify(told).includes("/completed"), false, "of a URL only the host is told");
  });

  test("500, 404, a redirect, a reset, and an answer that is none are failures: the delivery is tried again 3, 6 and 9 seconds later", async () => {
    for (const fault of [500, 404, "redirect", "reset", "close", "garbage"]) receiver.script(`/faulty-${fault}`, [fault]);
    receiver.script("/three-faults", [503, "redirect", 500]);
    const paths = [500, 404, "redirect", "reset", "close", "garbage"].map((fault) => `/faulty-${fault}`).concat("/three-faults");
    await Promise.all(paths.map(async (path) => beginAndCancel(await session(path))));
    await receiver.until(() => paths.every((path) => once(receiver.at(path)).length === 2 && receiver.at(path).at(-1).body.session_status === "CANCELED"));
    for (const path of paths.slice(0, -1)) {
      const [first, again, next] = receiver.at(path);
      assert.deepEqual(statusesOf([first, again, next]), ["IN_PROGRESS", "IN_PROGRESS", "CANCELED"], path);
      assert.equal(again.headers["saldo-delivery-id"], first.headers["saldo-delivery-id"]);
      assert.equal(again.text, first.text);
      assert.ok(again.at - first.at >= 2900 && again.at - first.at < 6000, `${path}: ${again.at - first.at} ms`);
      assert.ok(isSigned(again, secret));
    }
    const times = receiver.at("/three-faults").slice(0, 4).map((one) => one.at);
    const delays = times.slice(1).map((at, index) => at - times[index]);
    for (const [index, seconds] of [3, 6, 9].entries()) assert.ok(delays[index] >= seconds * 1000 - 100 && delays[index] < seconds * 1000 + 2900, `${delays}`);
    assert.equal(receiver.at("/elsewhere").length, 0, "a redirect was followed");
  });

  test("after four failed attempts a delivery is given up, visible as such, and the session goes on", async () => {
    receiver.script("/down", [500, 500, 500, "reset"]);
    const made = await session("/down");
    await beginAndCancel(made);
    await receiver.until(() => receiver.at("/down").length === 5);
    assert.deepEqual(statusesOf(receiver.at("/down")), ["IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS", "CANCELED"]);
    const [given] = await deliveriesOf(server.operator, { session_id: made.id, state: "GIVEN_UP" });
    assert.deepEqual(given.attempts.map((one) => one.status ?? one.failure), [500, 500, 500, "CONNECTION_LOST"]);
    assert.deepEqual(given.attempts.map((one) => one.number), [1, 2, 3, 4]);

    // Once more, by hand: the receiver knows it by its id.
    const path = `/saldo/v1/webhook-deliveries/${given.delivery_id}`;
    assert.equal((await server.operator.post(`${path}/attempts`, undefined, { expect: 202 })).body.state, "WAITING");
    await receiver.until(() => receiver.at("/down").length === 6);
    const again = receiver.at("/down")[5];
    assert.equal(again.headers["saldo-delivery-id"], given.delivery_id);
    assert.equal(again.headers["saldo-delivery-sequence"], "1");
    assert.equal(again.body.session_status, "IN_PROGRESS");
    assert.ok(isSigned(again, secret));
  });

  test("a receiver that hangs stalls its own session alone, and is left after ten seconds", async () => {
    receiver.script("/hanging", ["hang"]);
    await beginAndCancel(await session("/hanging"));
    await receiver.until(() => receiver.at("/hanging").length === 1);
    const began = Date.now();
    const others = Array.from({ length: 5 }, (_, index) => `/beside-${index}`);
    await Promise.all(others.map(async (path) => beginAndCancel(await session(path))));
    await receiver.until(() => others.every((path) => receiver.at(path).length === 2));
    assert.ok(Date.now() - began < 9000, `${Date.now() - began} ms`);
    assert.equal(receiver.at("/hanging").length, 1);
    await receiver.until(() => receiver.at("/hanging").length === 3);
    const [first, again] = receiver.at("/hanging");
    assert.ok(again.at - first.at >= 12_500 && again.at - first.at < 17_000, `${again.at - first.at} ms`);
  });

  test("an answer without end is cut off, and its status counts", async () => {
    receiver.script("/huge", ["huge", "huge"]);
    const made = await session("/huge");
    await beginAndCancel(made);
    await receiver.until(() => receiver.at("/huge").length === 2);
    assert.deepEqual(statusesOf(receiver.at("/huge")), ["IN_PROGRESS", "CANCELED"]);
  });

  test("two partners see nothing of each other's deliveries", async () => {
    const other = await addPartner(server, { shops: ["other-shop"] });
    const made = await session("/mine");
    await beginAndCancel(made);
    await receiver.until(() => receiver.at("/mine").length === 2);
    const [delivery] = await deliveriesOf(server.operator, { session_id: made.id });
    const admin = server.as(Operator, ...(await credentialsOf(other.partnerId)));
    assert.deepEqual(await deliveriesOf(admin, { session_id: made.id }), []);
    assert.deepEqual(await deliveriesOf(admin, {}), []);
    for (const [method, path] of [
      ["GET", `/saldo/v1/webhook-deliveries/${delivery.delivery_id}`],
      ["POST", `/saldo/v1/webhook-deliveries/${delivery.delivery_id}/attempts`],
      ["POST", `/saldo/v1/partners/${server.ready.partner_id}/webhook-secrets`],
    ])
      assert.equal((await admin.call(method, path, { expect: 404 })).status, 404, path);
    // Sending again and secrets take the scope admin.
    await other.operator.post(`/saldo/v1/partners/${other.partnerId}/webhook-secrets`, undefined, { expect: 403 });
    assert.equal(receiver.at("/mine").length, 2);

    // Theirs is signed with their own secret.
    const own = (await admin.post(`/saldo/v1/partners/${other.partnerId}/webhook-secrets`, undefined, { expect: 201 })).body.secret;
    await beginAndCancel(await newSession(other.shop, receiver.url("/theirs"), { shopId: "other-shop" }));
    await receiver.until(() => receiver.at("/theirs").length === 2);
    for (const request of receiver.at("/theirs")) assert.deepEqual([isSigned(request, own), isSigned(request, secret)], [true, false]);
  });

  async function credentialsOf(partnerId) {
    const made = await administer(server, ["client", "add"], { partner: partnerId, operator: true, scope: ["read", "admin"] });
    return [made.client_id, made.client_secret];
  }

  test("the list goes page by page and takes only what it knows", async () => {
    await beginAndCancel(await session("/paged"));
    await receiver.until(() => receiver.at("/paged").length === 2);
    const seen = [];
    let cursor;
    do {
      const { body } = await server.operator.get(`/saldo/v1/webhook-deliveries?${new URLSearchParams({ limit: "1", ...(cursor && { cursor }) })}`, { expect: 200 });
      seen.push(...body.deliveries.map((one) => one.delivery_id));
      cursor = body.next_cursor;
    } while (cursor && seen.length < 5);
    assert.equal(new Set(seen).size, seen.length);
    for (const query of ["limit=0", "state=LOST", "cursor=x", "session_id="]) await server.operator.get(`/saldo/v1/webhook-deliveries?${query}`, { expect: 400, invalid: true });
    await server.operator.get("/saldo/v1/webhook-deliveries/00000000000000000000", { expect: 404 });
  });
});

test("kill -9 in the middle: every change of status arrives, in order, and no id tells two things", async (t) => {
  const data = temporaryDirectory(t);
  const receiver = await Receiver.start();
  t.after(() => receiver.stop());
  const sessions = [];
  let credentials;
  const start = async () => {
    const server = await Server.start({ data });
    t.after(() => server.kill());
    credentials ??= server.shop;
    return server;
  };

  // Receivers that fail in every way, none of them four times in a row.
  const faults = [[], [500], ["reset"], ["redirect", 503], [], ["garbage"], ["close", 404], []];
  for (let round = 0; round < 3; round += 1) {
    const server = await start();
    const made = await Promise.all(
      faults.map(async (steps, index) => {
        const path = `/round-${round}-${index}`;
        return { path, ...(await newSession(server.shop, receiver.script(path, steps))) };
      }),
    );
    sessions.push(...made);
    const before = receiver.log.length;
    await Promise.all(made.map(beginAndCancel));
    await receiver.until(() => receiver.log.length > before + 2);
    if (round < 2) await server.kill();
    else {
      await receiver.until(() => sessions.every(({ path }) => receiver.at(path).some((one) => one.step === 204 && one.body.session_status === "CANCELED")));
      const waiting = await deliveriesOf(server.operator, { state: "GIVEN_UP" });
      assert.deepEqual(waiting, []);
      assert.equal((await server.stop()).code, 0);
    }
  }

  for (const { path, id } of sessions) {
    const requests = receiver.at(path);
    assert.deepEqual(sequencesOf(once(requests)), [1, 2], path);
    assert.deepEqual(statusesOf(once(requests)), ["IN_PROGRESS", "CANCELED"], path);
    const sequences = sequencesOf(requests);
    assert.deepEqual(sequences, [...sequences].sort((a, b) => a - b), path);
    const texts = new Map();
    for (const one of requests) {
      assert.equal(one.body.session_id, id);
      assert.equal(texts.get(one.headers["saldo-delivery-id"]) ?? one.text, one.text);
      texts.set(one.headers["saldo-delivery-id"], one.text);
    }
  }
});
