// Every operation of the contract times everybody who may not: foreign ids, no token, and every token that is not the
// right one. All of it is derived from the contract, so a new operation is tried at once. What it cannot derive fails
// with the name of the table that wants a line.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { Buyer } from "./lib/buyer.mjs";
import { Chance } from "./lib/chance.mjs";
import { audience, audienceOf, contract, Operator, Shop } from "./lib/client.mjs";
import { amountOnly, purchase } from "./lib/purchases.mjs";
import { Server } from "./lib/server.mjs";
import { ShiftedClock } from "./lib/shifted_clock.mjs";
import { Specimens } from "./lib/specimens.mjs";
import { addClient, addPartner, administer } from "./lib/tenants.mjs";

const operations = contract.operations.filter((one) => !one.admin);
const guarded = operations.filter((one) => !one.open);
const unknownId = "00000000000000000000";

/// The ids that one partner has, by the names of path parameters. A new kind of resource is made here.
async function made(of) {
  const { shop } = of;
  const id = (await shop.authorize(purchase())).body.ratepay_transaction_id;
  const done = async (kind, name) => (await shop.operate(kind, id, { gross_amount: 10 })).body[name];
  const capture = (await shop.capture(id, { gross_amount: 50 })).body.ratepay_capture_id;
  const parcel = (await shop.ship(id, capture, { carrier_name: "OTHER_WITHOUT_TRACKING" })).body;
  const session = await call(shop, operations.find((one) => one.id === "createSession"), {}, { expect: 201 });
  return {
    session_id: session.body.session_id,
    sessionId: session.body.session_id,
    ratepay_transaction_id: id,
    transaction_id: id,
    transactionId: id,
    "transaction-id": id,
    partner_id: of.partnerId ?? of.ready.partner_id,
    delivery_id: await deliveryOf(of),
    // Counts within its purchase, and this purchase has none.
    direct_debit_id: "001-1",
    ratepay_authorization_id: (await shop.operate("authorizations", id, { gross_amount: 5 })).body.ratepay_authorization_id,
    ratepay_cancellation_id: await done("cancellations", "ratepay_cancellation_id"),
    ratepay_refund_id: await done("refunds", "ratepay_refund_id"),
    ratepay_capture_id: capture,
    ratepay_shipping_information_id: parcel.ratepay_shipping_information_id,
  };
}

/// A delivery to this partner's webhook: there is one once a buyer has changed a session. Nobody listens, so it waits.
async function deliveryOf({ shop, operator }) {
  const order = operations.find((one) => one.id === "createSession");
  const { options } = requestTo(order);
  options.body = structuredClone(options.body);
  options.body.url_data.webhook_url = "https://nobody.invalid/hook";
  const { body } = await shop.call(order.method, order.path, { ...options, expect: 201 });
  const buyer = await Buyer.open(body.landing_page_url);
  await buyer.submit("cancel");
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const { deliveries } = (await operator.get(`/saldo/v1/webhook-deliveries?session_id=${body.session_id}`, { expect: 200 })).body;
    if (deliveries.length > 0) return deliveries[0].delivery_id;
    await setTimeout(20);
  }
  assert.fail("a cancelled session has no delivery");
}

const parametersOf = (operation) => operation.parameters.filter((one) => one.in === "path").map((one) => one.name);

function pathOf(operation, ids) {
  return parametersOf(operation).reduce((text, name) => {
    assert.ok(ids[name], `${operation.id}: no id for {${name}}; add one to made()`);
    return text.replace(`{${name}}`, ids[name]);
  }, operation.path);
}

const specimens = new Specimens(contract, new Chance(1));
let key = 0;
/// A request to an operation that only lacks the right to be made.
function requestTo(operation) {
  const options = { invalid: true, headers: {} };
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  if (content) {
    const example = Object.values(content[1].examples ?? {})[0];
    options.body = example ? contract.resolved(example).value : specimens.good(content[1].schema);
    options.type = content[0];
  }
  for (const one of operation.parameters)
    if (one.in === "header" && one.required) options.headers[one.name] = one.name === "Idempotency-Key" ? `door-${++key}` : specimens.good(one.schema, one.name);
  const query = operation.parameters.filter((one) => one.in === "query" && one.required).map((one) => `${one.name}=${one.example ?? specimens.good(one.schema, one.name)}`);
  return { options, query: query.length > 0 ? `?${query.join("&")}` : "" };
}

/// What an answer says beside the ids of the request.
function said({ status, headers, text }, ids) {
  let rest = text.replace(/"(request_id|timestamp)":"[^"]*"/g, "");
  for (const id of Object.values(ids)) rest = rest.replaceAll(id, "ID");
  return [status, rest, headers["content-type"], headers.etag, headers["www-authenticate"], headers["cache-control"], headers.location];
}

let directory;
let clock;
let server;
let other;
let ours;
let theirs;
before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "saldo-e2e-doors-"));
  clock = new ShiftedClock(directory);
  server = await Server.start({ now: "2020-03-10T18:06:52.438+01:00", env: clock.env });
  other = await addPartner(server);
  other.operator = await addClient(server, Operator, { partner: other.partnerId, operator: true, scope: ["read", "book", "dun", "admin"] });
  ours = await made(server);
  theirs = await made(other);
});
after(async () => {
  await server?.stop();
  clock?.close();
  rmSync(directory, { recursive: true, force: true });
});
const clientFor = (of, operation) => (audienceOf(operation.path) === audience.saldo ? of.operator : of.shop);
const call = (client, operation, ids, change = {}) => {
  const { options, query } = requestTo(operation);
  return client.call(operation.method, pathOf(operation, ids) + query, { ...options, ...change, headers: { ...options.headers, ...change.headers } });
};

test("every operation is either open or takes the token of one API", () => {
  for (const one of guarded) assert.ok(audienceOf(one.path), `${one.id}: no audience; add its path to audienceOf in lib/client.mjs`);
  assert.deepEqual(operations.filter((one) => one.open).map((one) => one.path).filter((one) => audienceOf(one)), [], "open, but under a path that takes a token");
  for (const one of guarded.filter((one) => audienceOf(one.path) === audience.saldo)) assert.ok(one.scope, `${one.id}: the description does not say "Needs scope \`...\`"`);
});

describe("another partner's ids", () => {
  for (const operation of guarded.filter((one) => parametersOf(one).length > 0)) {
    test(`${operation.id}: foreign ids answer exactly as unknown ones`, async () => {
      const names = parametersOf(operation);
      const mine = Object.fromEntries(names.map((name) => [name, theirs[name]]));
      const client = clientFor(other, operation);
      // Each single foreign id among one's own, and all of them.
      const sets = [...names.map((name) => [name]), names].map((foreign) => ({
        foreign: { ...mine, ...Object.fromEntries(foreign.map((name) => [name, ours[name]])) },
        unknown: { ...mine, ...Object.fromEntries(foreign.map((name) => [name, unknownId])) },
      }));
      for (const { foreign, unknown } of sets) {
        const seen = await call(client, operation, foreign);
        assert.deepEqual(said(seen, foreign), said(await call(client, operation, unknown), unknown), JSON.stringify(foreign));
        assert.equal(seen.status, 404, seen.text);
      }
    });
  }

  for (const operation of guarded.filter((one) => parametersOf(one).length === 0 && one.method === "GET"))
    test(`${operation.id}: shows nothing of another partner`, async () => {
      const answer = await call(clientFor(other, operation), operation, {});
      for (const id of Object.values(ours)) assert.ok(!answer.text.includes(id), `${id}: ${answer.text}`);
      for (const word of [ours.ratepay_transaction_id, "test-shop", server.ready.partner_id]) {
        if (!operation.parameters.some((one) => one.name === "q")) continue;
        const found = await clientFor(other, operation).get(`${operation.path}?q=${word}`, { expect: 200 });
        assert.ok(!found.text.includes(ours.ratepay_transaction_id), found.text);
      }
    });

  for (const operation of guarded.filter((one) => one.parameters.some((parameter) => parameter.name === "X-Partner")))
    test(`${operation.id}: X-Partner opens no other partner, whatever else is wrong`, async () => {
      for (const headers of [{}, { accept: "text/html" }, { "content-type": "text/plain" }, { "idempotency-key": "" }]) {
        const answer = await call(other.shop, operation, theirs, { headers: { ...headers, "x-partner": server.ready.partner_id }, type: null });
        assert.deepEqual([answer.status, answer.body.code], [403, "PARTNER_NOT_ALLOWED"], answer.text);
      }
    });

  test("none of it left a trace", async () => {
    const { events } = await server.operator.events(ours.ratepay_transaction_id);
    assert.deepEqual(events.map((one) => one.actor).filter((one) => [other.shop.id, other.operator.id].includes(one)), []);
  });
});

describe("a token that is not the right one", () => {
  let second;
  let revoked;
  const good = {};
  before(async () => {
    second = await Server.start();
    const partner = server.ready.partner_id;
    revoked = { shop: await addClient(server, Shop, { partner }), operator: await addClient(server, Operator, { partner, operator: true, scope: ["read", "book", "dun"] }) };
    for (const one of new Set(guarded.map((operation) => audienceOf(operation.path)))) {
      good[one] = await (one === audience.saldo ? server.operator : server.shop).token(one);
      await (one === audience.saldo ? revoked.operator : revoked.shop).token(one);
    }
    for (const one of [revoked.shop, revoked.operator]) await administer(server, ["client", "revoke", one.id]);
  });
  after(() => second?.stop());

  const decoded = (part) => JSON.parse(Buffer.from(part, "base64url").toString());
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  /// Every way for a token to be wrong: (the right token, the operation) => what to send in Authorization.
  const wrongs = {
    "none at all": () => undefined,
    "an empty one": () => "Bearer ",
    "another scheme": (token) => `Basic ${Buffer.from(token).toString("base64")}`,
    "the bare token": (token) => token,
    "one that is cut short": (token) => `Bearer ${token.slice(0, -10)}`,
    "one with another signature": (token) => `Bearer ${token.slice(0, -6)}${token.slice(-6) === "AAAAAA" ? "BBBBBB" : "AAAAAA"}`,
    "one without a signature": (token) => `Bearer ${token.split(".").slice(0, 2).join(".")}.`,
    "one with alg none": (token) => `Bearer ${encoded({ ...decoded(token.split(".")[0]), alg: "none" })}.${token.split(".")[1]}.`,
    "one signed with a known word": (token) => {
      const text = `${encoded({ ...decoded(token.split(".")[0]), alg: "HS256" })}.${token.split(".")[1]}`;
      return `Bearer ${text}.${createHmac("sha256", "saldo").update(text).digest("base64url")}`;
    },
    "one with more scopes written in": (token) => {
      const [head, claims, signature] = token.split(".");
      return `Bearer ${head}.${encoded({ ...decoded(claims), scope: "admin book dun read" })}.${signature}`;
    },
    "one with another partner written in": (token) => {
      const [head, claims, signature] = token.split(".");
      return `Bearer ${head}.${encoded({ ...decoded(claims), partner_id: other.partnerId })}.${signature}`;
    },
    "one of a client that was revoked": async (_, operation) => `Bearer ${await clientFor(revoked, operation).token(audienceOf(operation.path))}`,
    "one of another server": async (_, operation) => `Bearer ${await clientFor(second, operation).token(audienceOf(operation.path))}`,
    "two at once": (token) => `Bearer ${token}, Bearer ${token}`,
  };
  for (const one of Object.keys(audience))
    wrongs[`one for the audience ${one}`] = async (_, operation) => {
      if (audienceOf(operation.path) === audience[one]) return null; // that one is right
      return `Bearer ${await (one === "saldo" ? server.operator : server.shop).token(audience[one])}`;
    };

  for (const operation of guarded)
    test(`${operation.id}: 401 and nothing else`, async () => {
      for (const [what, make] of Object.entries(wrongs)) {
        const authorization = await make(good[audienceOf(operation.path)], operation);
        if (authorization === null) continue;
        const headers = authorization === undefined ? {} : { authorization };
        const answer = await call(server.shop, operation, ours, { token: null, headers });
        assert.deepEqual([answer.status, answer.body], [401, { code: "INVALID_TOKEN" }], `${what}: ${answer.text}`);
        assert.match(answer.headers["www-authenticate"], /^Bearer realm="saldo"/, what);
        assert.equal(/error=/.test(answer.headers["www-authenticate"]), !["none at all", "another scheme", "the bare token"].includes(what), what);
        // HEAD lets nobody in either.
        if (operation.method === "GET") await server.shop.call("HEAD", pathOf(operation, ours), { token: null, headers, invalid: true, expect: 401 });
      }
      // In the query or the body a token is none (RFC 9700).
      const inQuery = await server.shop.call(operation.method, `${pathOf(operation, ours)}?access_token=${good[audienceOf(operation.path)]}`, { ...requestTo(operation).options, token: null });
      assert.equal(inQuery.status, 401);
    });

  for (const operation of guarded.filter((one) => one.scope))
    test(`${operation.id}: 403 without the scope ${operation.scope}`, async () => {
      const partner = server.ready.partner_id;
      const others = ["read", "book", "dun"].filter((one) => one !== operation.scope);
      const client = await addClient(server, Operator, { partner, operator: true, scope: others });
      const answer = await call(client, operation, ours, { headers: { accept: "text/html" } });
      assert.deepEqual([answer.status, answer.body.code], [403, "INSUFFICIENT_SCOPE"], answer.text);
      assert.match(answer.headers["www-authenticate"], new RegExp(`error="insufficient_scope", scope="${operation.scope}"`));
      // A token that asked for less than its client has opens less.
      const token = await server.shop.call("POST", "/oauth/token", {
        token: null,
        body: { grant_type: "client_credentials", client_id: server.operator.id, client_secret: server.operator.secret, audience: audience.saldo, scope: others.join(" ") },
        expect: 200,
      });
      assert.equal((await call(server.operator, operation, ours, { token: token.body.access_token })).status, 403);
    });

  test("the right one opens every operation, until it has run out", async () => {
    for (const operation of guarded) {
      const token = good[audienceOf(operation.path)];
      const open = await call(server.shop, operation, ours, { token });
      assert.ok(![401, 403].includes(open.status), `${operation.id}: ${open.text}`);
    }
    // Half an hour, and a little for clocks that differ.
    clock.shift(1800 + 3600);
    for (const operation of guarded) {
      const token = good[audienceOf(operation.path)];
      const closed = await call(server.shop, operation, ours, { token });
      assert.deepEqual([closed.status, closed.body], [401, { code: "INVALID_TOKEN" }], operation.id);
      assert.match(closed.headers["www-authenticate"], /error="invalid_token"/);
    }
    // A clock that went back: the tokens of the time ahead are not good yet.
    const early = await server.as(Shop, server.shop.id, server.shop.secret).token(audience.payment);
    clock.shift(-86_400);
    const answer = await server.shop.call("POST", "/transaction/management/v2/transactions", { body: amountOnly(1), token: early });
    assert.equal(answer.status, 401);
    clock.shift(0);
    await server.shop.authorize(amountOnly(1), { token: await server.as(Shop, server.shop.id, server.shop.secret).token(audience.payment) });
  });
});
