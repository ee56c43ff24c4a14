// Who may do what: tokens, their forgeries, scopes, and two partners who must not see each other.
import assert from "node:assert/strict";
import { createHmac, createPublicKey, createVerify, generateKeyPairSync, sign } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Client, Operator, Shop, audience } from "./lib/client.mjs";
import { amountOnly, purchase } from "./lib/purchases.mjs";
import { exchange } from "./lib/raw.mjs";
import { serverFor, Server } from "./lib/server.mjs";
import { addClient, addPartner, administer } from "./lib/tenants.mjs";

const json = (part) => JSON.parse(Buffer.from(part, "base64url").toString());
const base64url = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

describe("the token endpoint", () => {
  const server = serverFor({ before, after });
  const wanted = (rest = {}) => ({
    grant_type: "client_credentials",
    client_id: server().shop.id,
    client_secret: server().shop.secret,
    audience: audience.payment,
    ...rest,
  });
  const basic = (id = server().shop.id, secret = server().shop.secret) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`,
  });
  const ask = (options) => server().shop.call("POST", "/oauth/token", { token: null, ...options });
  const form = (fields) => ({ body: new URLSearchParams(fields).toString(), type: "application/x-www-form-urlencoded" });

  test("gives a token to a client that names itself in JSON, in a form, or by HTTP Basic", async () => {
    const { client_id: _, client_secret: __, ...nameless } = wanted();
    for (const options of [
      { body: wanted() },
      form(wanted()),
      { ...form(nameless), headers: basic() },
      { body: nameless, headers: basic() },
    ]) {
      const { body, headers } = await ask({ ...options, expect: 200 });
      assert.deepEqual([body.expires_in, body.token_type], [1800, "Bearer"]);
      assert.equal(headers["cache-control"], "no-store");
      await server().shop.get(server().shop.path("00000000000000000000"), { token: body.access_token, expect: 404 });
    }
  });

  test("signs with RS256 and says what RFC 9068 asks for, and nothing secret", async () => {
    const { body } = await ask({ body: wanted(), expect: 200 });
    const [head, claims, signature] = body.access_token.split(".");
    const { keys } = (await server().shop.get("/.well-known/jwks.json", { token: null, expect: 200 })).body;
    const key = keys.find((one) => one.kid === json(head).kid);
    assert.deepEqual(json(head), { alg: "RS256", typ: "at+jwt", kid: key.kid });
    assert.ok(createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(createPublicKey({ key, format: "jwk" }), signature, "base64url"));
    const said = json(claims);
    for (const name of ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]) assert.ok(said[name], name);
    assert.equal(said.exp - said.iat, 1800);
    assert.equal(said.client_id, server().shop.id);
    assert.equal(said.aud, audience.payment);
    for (const one of keys) for (const secret of ["d", "p", "q", "dp", "dq", "qi"]) assert.equal(one[secret], undefined);
    const again = await ask({ body: wanted(), expect: 200 });
    assert.notEqual(json(again.body.access_token.split(".")[1]).jti, said.jti);
  });

  test("reads of an audience only the path", async () => {
    const path = "/transaction/status/v2/transactions";
    for (const host of ["http://api.ratepay.com", "https://api-integration.ratepay.com", "http://localhost:8080"])
      await ask({ body: wanted({ audience: host + path }), expect: 200 });
    await ask({ body: wanted({ audience: "https://payment-integration.ratepay.com" }), expect: 200 });
  });

  const refusals = [
    ["an audience that is no API of ours", { audience: "https://api.example/pay-later" }, 400, "invalid_target"],
    ["an audience with a longer path", { audience: `${audience.payment}/v2` }, 400, "invalid_target"],
    ["an audience that is no URL", { audience: "transaction management" }, 400, "invalid_target"],
    ["no audience", { audience: undefined }, 400, "invalid_request"],
    ["no grant type", { grant_type: undefined }, 400, "invalid_request"],
    ["another grant type", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client"],
    ["an unknown client", { client_id: "nobody" }, 401, "invalid_client"],
    ["an empty secret", { client_secret: "" }, [400, 401], undefined],
    ["no client at all", { client_id: undefined, client_secret: undefined }, [400, 401], undefined],
    ["a number as secret", { client_secret: 5 }, 400, "invalid_request"],
  ];
  for (const [what, change, status, error] of refusals)
    test(`refuses ${what}`, async () => {
      const answer = await ask({ body: JSON.parse(JSON.stringify(wanted(change))), expect: status, invalid: true });
      if (error) assert.equal(answer.body.error, error);
      assert.equal(answer.headers["cache-control"], "no-store");
    });

  test("refuses a parameter given twice, broken JSON and an empty body as invalid_request", async () => {
    const twice = `${new URLSearchParams(wanted())}&grant_type=client_credentials`;
    for (const [body, type] of [
      [twice, "application/x-www-form-urlencoded"],
      ['{"grant_type":', "application/json"],
      ['{"grant_type":"client_credentials","grant_type":"client_credentials"}', "application/json"],
      ["[]", "application/json"],
      ["", "application/json"],
    ])
      assert.equal((await ask({ body, type, expect: 400 })).body.error, "invalid_request", body);
  });

  test("refuses a client that names itself in two ways", async () => {
    assert.equal((await ask({ body: wanted(), headers: basic(), expect: 400 })).body.error, "invalid_request");
  });

  test("tells a client with HTTP Basic how to sign in", async () => {
    const { client_id: _, client_secret: __, ...nameless } = wanted();
    const answer = await ask({ ...form(nameless), headers: basic(server().shop.id, "wrong"), expect: 401 });
    assert.equal(answer.body.error, "invalid_client");
    assert.match(answer.headers["www-authenticate"], /^Basic /);
  });

  test("does not tell an unknown client from a wrong secret", async () => {
    const wrong = await ask({ body: wanted({ client_secret: "wrong" }), expect: 401 });
    const unknown = await ask({ body: wanted({ client_id: "nobody" }), expect: 401 });
    assert.deepEqual(wrong.body, unknown.body);
  });

  test("takes no query, no GET and no other media type", async () => {
    await ask({ body: wanted(), type: "text/plain", expect: 415, invalid: true });
    const answer = await server().shop.call("GET", "/oauth/token", { token: null, expect: 405 });
    assert.match(answer.headers.allow, /\bPOST\b/);
  });

  test("gives an operator its scopes or fewer, never more", async () => {
    const operator = { client_id: server().operator.id, client_secret: server().operator.secret, audience: audience.saldo };
    const whole = await ask({ body: wanted(operator), expect: 200 });
    assert.deepEqual(json(whole.body.access_token.split(".")[1]).scope.split(" ").sort(), ["admin", "book", "dun", "read"]);
    const fewer = await ask({ body: wanted({ ...operator, scope: "read" }), expect: 200 });
    assert.equal(json(fewer.body.access_token.split(".")[1]).scope, "read");
    assert.equal((await ask({ body: wanted({ ...operator, scope: "read everything" }), expect: 400 })).body.error, "invalid_scope");
  });
});

describe("a token", () => {
  const server = serverFor({ before, after });
  const path = "/transaction/status/v2/transactions/00000000000000000000";
  const refused = async (token, error = "invalid_token") => {
    const answer = await server().shop.get(path, { token, expect: 401 });
    assert.deepEqual(answer.body, { code: "INVALID_TOKEN" });
    const challenge = answer.headers["www-authenticate"];
    if (error) assert.match(challenge, new RegExp(`error="${error}"`));
    else assert.doesNotMatch(challenge, /error/);
  };

  test("opens the API of its audience and no other", async () => {
    const { shop } = server();
    const all = {
      [shop.path("00000000000000000000")]: audience.payment,
      [path]: audience.transactionStatus,
      ["/order/status/v2/transactions/00000000000000000000"]: audience.orderStatus,
    };
    for (const [to, right] of Object.entries(all))
      for (const one of Object.values(audience).filter((one) => one !== audience.saldo))
        await shop.get(to, { token: await shop.token(one), expect: one === right ? 404 : 401 });
    await server().operator.get("/saldo/v1/clock", { token: await server().operator.token(audience.saldo), expect: 200 });
    await server().operator.get("/saldo/v1/clock", { token: await shop.token(audience.payment), expect: 401 });
  });

  test("is asked for without an error when none was sent", () => refused(null, null));

  test("that is none is refused, in whatever way it is none", async () => {
    const { shop } = server();
    const good = await shop.token(audience.transactionStatus);
    const bad = [
      "", "Bearer", "Bearer ", "Bearer  ", "Bearer x", "Bearer a.b", "Bearer ..", "Bearer a.b.c.d", "Basic dXNlcjpwYXNz", `Token ${good}`,
      `Bearer ${good}x`, `Bearer ${good} `.trimEnd() + "=", `Bearer ${good.split(".").slice(0, 2).join(".")}.`,
      `Bearer ${good},${good}`,
    ];
    for (const authorization of bad) {
      const answer = await shop.get(path, { headers: { authorization }, token: null, expect: 401 });
      assert.deepEqual(answer.body, { code: "INVALID_TOKEN" }, authorization);
    }
    // The scheme's name is not case-sensitive (RFC 9110).
    await shop.get(path, { headers: { authorization: `bearer ${good}` }, token: null, expect: 404 });
    // A token in the URL is none (RFC 9700).
    await shop.call("GET", `${path}?access_token=${good}`, { token: null, expect: 401, invalid: true });
  });

  test("that was forged is refused", async () => {
    const { shop } = server();
    const good = await shop.token(audience.transactionStatus);
    const [head, claims, signature] = good.split(".");
    const { keys } = (await shop.get("/.well-known/jwks.json", { token: null, expect: 200 })).body;
    const published = createPublicKey({ key: keys[0], format: "jwk" });
    const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const rs256 = (header, body, key = own.privateKey) => {
      const text = `${base64url(header)}.${base64url(body)}`;
      return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
    };
    const hs256 = (secret) => {
      const text = `${base64url({ ...json(head), alg: "HS256" })}.${claims}`;
      return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
    };
    const said = json(claims);
    const hour = 3600;
    const forgeries = {
      "alg none": `${base64url({ ...json(head), alg: "none" })}.${claims}.`,
      "alg NoNe": `${base64url({ ...json(head), alg: "NoNe" })}.${claims}.`,
      "alg none with a signature": `${base64url({ ...json(head), alg: "none" })}.${claims}.${signature}`,
      "HS256 with the public key as PEM": hs256(published.export({ type: "spki", format: "pem" })),
      "HS256 with the public key as DER": hs256(published.export({ type: "spki", format: "der" })),
      "HS256 with the modulus": hs256(Buffer.from(keys[0].n, "base64url")),
      "another key under our key's name": rs256(json(head), said),
      "another key under its own name": rs256({ ...json(head), kid: "mine" }, said),
      "a key that the token brings along": rs256({ ...json(head), jwk: own.publicKey.export({ format: "jwk" }) }, said),
      "a key that the token points to": rs256({ ...json(head), jku: "http://127.0.0.1:1/keys" }, said),
      "no key id, another key": rs256({ alg: "RS256", typ: "at+jwt" }, said),
      "expired, signed with another key": rs256(json(head), { ...said, exp: said.iat - hour }),
      "its life made longer": `${head}.${base64url({ ...said, exp: said.exp + hour })}.${signature}`,
      "its audience changed": `${head}.${base64url({ ...said, aud: audience.saldo })}.${signature}`,
      "its type changed": `${base64url({ ...json(head), typ: "JWT" })}.${claims}.${signature}`,
      "another algorithm of the same key": `${base64url({ ...json(head), alg: "PS256" })}.${claims}.${signature}`,
      "an unknown critical header": `${base64url({ ...json(head), crit: ["exp"] })}.${claims}.${signature}`,
      "no signature": `${head}.${claims}.`,
      "padding": `${head}.${claims}.${signature}==`,
      "an alphabet that is not base64url": `${head}.${claims}.${signature.slice(0, -2)}+/`,
    };
    for (const [what, token] of Object.entries(forgeries)) await refused(token).catch((error) => assert.fail(`${what}: ${error.message}`));
  });

  test("that is larger than any of ours is refused", async () => {
    const { responses } = await exchange(server().port, `GET ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${"a".repeat(9000)}\r\n\r\n`);
    assert.ok([401, 431].includes(responses[0].status), String(responses[0].status));
  });

  test("is not taken twice over", async () => {
    const good = await server().shop.token(audience.transactionStatus);
    const line = `Authorization: Bearer ${good}\r\n`;
    const { responses } = await exchange(server().port, `GET ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${line}${line}\r\n`);
    assert.ok([400, 401].includes(responses[0].status), String(responses[0].status));
  });
});

describe("scopes", () => {
  const server = serverFor({ before, after });

  test("open what they name: read, book, dun, admin", async () => {
    const { shop, operator } = server();
    const id = (await shop.authorize(purchase())).body.ratepay_transaction_id;
    const partner = server().ready.partner_id;
    const only = Object.fromEntries(
      await Promise.all(
        ["read", "book", "dun"].map(async (scope) => [scope, await addClient(server(), Operator, { partner, operator: true, scope })]),
      ),
    );
    const acts = [
      ["read", (client, expect) => client.get(`/saldo/v1/transactions/${id}/events`, { expect })],
      ["read", (client, expect) => client.get(`/saldo/v1/transactions/${id}/explain`, { expect })],
      ["read", (client, expect) => client.get("/saldo/v1/transactions?q=x", { expect })],
      ["read", (client, expect) => client.get("/saldo/v1/trial-balance", { expect })],
      ["book", (client, expect) => client.pay(id, { type: "DEBIT", amount: 1 }, { expect: expect === 200 ? 201 : expect })],
      ["book", (client, expect) => client.fee(id, { type: "DUNNING_FEE", gross: 1 }, { expect: expect === 200 ? 201 : expect })],
      ["dun", (client, expect) => client.dun(id, { level: "PAYMENT_REMINDER" }, { expect: expect === 200 ? 201 : expect })],
      ["dun", (client, expect) => client.block(id, { blocked_from: "2020-01-01", blocked_until: "2099-01-01", blocking_reason: "x" }, { expect })],
      ["dun", (client, expect) => client.unblock(id, { expect: expect === 200 ? 204 : expect })],
    ];
    for (const [needed, act] of acts)
      for (const [scope, client] of Object.entries(only)) {
        const answer = await act(client, scope === needed ? 200 : 403);
        if (scope !== needed) {
          assert.equal(answer.body.code, "INSUFFICIENT_SCOPE");
          assert.match(answer.headers["www-authenticate"], new RegExp(`error="insufficient_scope".*scope="${needed}"`));
        }
      }
    await only.read.post("/saldo/v1/clock", { advance: "P1D" }, { expect: 403 });
    await operator.post("/saldo/v1/clock", { advance: "P1D" }, { expect: 200 });
  });

  test("are an operator's: a shop's client gets nowhere under /saldo/v1", async () => {
    const { shop } = server();
    const asked = await shop.call("POST", "/oauth/token", {
      body: { grant_type: "client_credentials", client_id: shop.id, client_secret: shop.secret, audience: audience.saldo },
      token: null,
      expect: [200, 400],
    });
    if (asked.status === 400) assert.equal(asked.body.error, "unauthorized_client");
    else await shop.get("/saldo/v1/trial-balance", { token: asked.body.access_token, expect: 403 });
  });
});

describe("two partners (what they must not see of each other: doors.test.mjs)", () => {
  const server = serverFor({ before, after });

  test("may use the same idempotency key and the same numbers", async () => {
    const other = await addPartner(server());
    const options = { headers: { "Idempotency-Key": "shared-key" } };
    const ours = (await server().shop.authorize(amountOnly(20), options)).body;
    const theirs = (await other.shop.authorize(amountOnly(30), options)).body;
    assert.notEqual(ours.ratepay_transaction_id, theirs.ratepay_transaction_id);
    assert.equal((await other.shop.status(theirs.ratepay_transaction_id)).shop_baskets[0].gross_amount, 30);
  });

  test("are not reached by X-Partner", async () => {
    const other = await addPartner(server());
    const body = amountOnly(20);
    const answer = await server().shop.authorize(body, { headers: { "X-Partner": other.partnerId }, expect: 403 });
    assert.equal(answer.body.code, "PARTNER_NOT_ALLOWED");
    for (const partner of ["", server().ready.partner_id]) await server().shop.authorize(body, { headers: { "X-Partner": partner } });
  });

  test("are both seen by an operator of the whole house", async () => {
    const other = await addPartner(server());
    const theirs = (await other.shop.authorize(amountOnly(30))).body.ratepay_transaction_id;
    const house = await addClient(server(), Operator, { operator: true, scope: ["read", "book"] });
    assert.equal((await house.search(theirs)).results[0].partner_id, other.partnerId);
    assert.equal((await house.pay(theirs, { type: "DEBIT", amount: 10 })).body.open_amount, -10);
  });
});

describe("keys and clients change while the server runs", () => {
  const server = serverFor({ before, after });
  const path = "/transaction/status/v2/transactions/00000000000000000000";

  test("after a rotation old tokens hold on, and both keys are published", async () => {
    const { shop } = server();
    const before = (await shop.get("/.well-known/jwks.json", { token: null, expect: 200 })).body.keys;
    const old = await shop.token(audience.transactionStatus);
    await administer(server(), ["key", "rotate"]);
    const now = (await shop.get("/.well-known/jwks.json", { token: null, expect: 200 })).body.keys;
    for (const key of before) assert.ok(now.some((one) => one.kid === key.kid && one.n === key.n), "the old key is gone");
    assert.equal(now.length, before.length + 1);
    await shop.get(path, { token: old, expect: 404 });
    const fresh = await server().as(Shop, shop.id, shop.secret).token(audience.transactionStatus);
    assert.ok(now.some((one) => one.kid === json(fresh.split(".")[0]).kid));
    await shop.get(path, { token: fresh, expect: 404 });
  });

  test("a revoked client gets no token, and those it has are not taken any more", async () => {
    const client = await addClient(server(), Shop, { partner: server().ready.partner_id });
    const token = await client.token(audience.transactionStatus);
    await client.get(path, { token, expect: 404 });
    await administer(server(), ["client", "revoke", client.id]);
    await client.get(path, { token, expect: 401 });
    const again = server().as(Shop, client.id, client.secret);
    await assert.rejects(again.token(audience.transactionStatus), /got 401/);
  });
});

test("tries with a wrong secret are limited, and the right secret has to wait too", async (t) => {
  const server = await Server.start();
  t.after(() => server.stop());
  const attacker = server.as(Client, server.shop.id, "wrong");
  const ask = (secret) =>
    attacker.call("POST", "/oauth/token", {
      body: { grant_type: "client_credentials", client_id: attacker.id, client_secret: secret, audience: audience.payment },
      token: null,
    });
  let tries = 0;
  let answer = await ask("wrong");
  while (answer.status === 401 && ++tries < 200) answer = await ask(`wrong-${tries}`);
  assert.equal(answer.status, 429, `${tries} tries`);
  assert.equal(answer.body.code, "TOO_MANY_TRIES");
  assert.ok(Number(answer.headers["retry-after"]) >= 1);
  assert.equal((await ask(server.shop.secret)).status, 429);
});
