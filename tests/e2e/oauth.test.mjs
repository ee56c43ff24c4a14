// The token endpoint and bearer tokens as RFC 6749, 6750, 8707 and 9110 have them, in tables. A row may differ from a
// published expectation only with its reason beside it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { audience } from "./lib/client.mjs";
import { serverFor } from "./lib/server.mjs";

const server = serverFor({ before, after });
const id = () => server().shop.id;
const secret = () => server().shop.secret;
const grant = { grant_type: "client_credentials", audience: audience.payment };
const named = () => ({ ...grant, client_id: id(), client_secret: secret() });
const formType = "application/x-www-form-urlencoded";
const form = (fields) => new URLSearchParams(fields).toString();
const basic = (pair) => ({ authorization: `Basic ${Buffer.from(pair, "latin1").toString("base64")}` });
const mine = () => basic(`${id()}:${secret()}`);
const ask = (options) => server().shop.call("POST", "/oauth/token", { token: null, type: formType, invalid: true, ...options });

/// [what, () => request, status, error]
const rows = [
  ["a form, the client by HTTP Basic", () => ({ body: form(grant), headers: mine() }), 200],
  ["a form, the client in it", () => ({ body: form(named()) }), 200],
  // RFC 6749 knows forms alone; the published API sends JSON, so that is taken too.
  ["JSON", () => ({ body: JSON.stringify(named()), type: "application/json" }), 200],
  ["JSON with a charset", () => ({ body: JSON.stringify(named()), type: "application/json; charset=UTF-8" }), 200],
  ["a form with a charset", () => ({ body: form(named()), type: `${formType};charset=utf-8` }), 200],
  ["a form type in capitals", () => ({ body: form(named()), type: formType.toUpperCase() }), 200],
  ["Basic in other letters", () => ({ body: form(grant), headers: { authorization: mine().authorization.replace("Basic", "bASIC") } }), 200],
  ["Basic behind two blanks", () => ({ body: form(grant), headers: { authorization: mine().authorization.replace(" ", "  ") } }), 200],
  ["Basic with every letter escaped", () => ({ body: form(grant), headers: basic([id(), secret()].map((text) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join("")).join(":")) }), 200],
  ["a form with every letter escaped", () => ({ body: Object.entries(named()).map((pair) => pair.map((text) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join("")).join("=")).join("&") }), 200],
  ["an unknown parameter", () => ({ body: form({ ...named(), invented: "x" }) }), 200],
  ["a parameter without a value, as if it were left out", () => ({ body: `${form(named())}&scope=` }), 200],
  ["empty pairs in the form", () => ({ body: `&&${form(named())}&` }), 200],
  ["resource in place of audience", () => ({ body: form({ ...named(), audience: "", resource: audience.payment }) }), 200],
  ["audience and resource that agree", () => ({ body: form({ ...named(), resource: audience.payment }) }), 200],

  ["no grant_type", () => ({ body: form({ ...named(), grant_type: "" }) }), 400, "invalid_request"],
  ["an empty form", () => ({ body: "" }), 400, "invalid_request"],
  ["an empty form with Basic", () => ({ body: "", headers: mine() }), 400, "invalid_request"],
  ["another grant", () => ({ body: form({ ...named(), grant_type: "password" }) }), 400, "unsupported_grant_type"],
  ["an authorization code", () => ({ body: form({ ...named(), grant_type: "authorization_code", code: "x" }) }), 400, "unsupported_grant_type"],
  ["a refresh token", () => ({ body: form({ ...named(), grant_type: "refresh_token", refresh_token: "x" }) }), 400, "unsupported_grant_type"],
  ["the grant in other letters", () => ({ body: form({ ...named(), grant_type: "Client_Credentials" }) }), 400, "unsupported_grant_type"],
  ["blanks around the grant", () => ({ body: form({ ...named(), grant_type: " client_credentials " }) }), 400, "unsupported_grant_type"],
  ["the parameter's name in other letters", () => ({ body: form(named()).replace("grant_type", "Grant_Type") }), 400, "invalid_request"],
  ["a parameter twice", () => ({ body: `${form(named())}&grant_type=client_credentials` }), 400, "invalid_request"],
  ["an unknown parameter twice", () => ({ body: `${form(named())}&a=1&a=1` }), 400, "invalid_request"],
  ["a broken escape", () => ({ body: `${form(named())}&a=%zz` }), 400, "invalid_request"],
  ["bytes that are no UTF-8", () => ({ body: `${form(named())}&a=%ff` }), 400, "invalid_request"],
  ["JSON in a form", () => ({ body: JSON.stringify(named()) }), 400, "invalid_request"],
  ["a form in JSON", () => ({ body: form(named()), type: "application/json" }), 400, "invalid_request"],
  ["a number as grant", () => ({ body: JSON.stringify({ ...named(), grant_type: 1 }), type: "application/json" }), 400, "invalid_request"],
  ["a list as audience", () => ({ body: JSON.stringify({ ...named(), audience: [audience.payment] }), type: "application/json" }), 400, "invalid_request"],
  ["JSON with a name twice", () => ({ body: `{"grant_type":"x",${JSON.stringify(named()).slice(1)}`, type: "application/json" }), 400, "invalid_request"],
  ["everything in the query", () => ({ body: "", path: `/oauth/token?${form(named())}` }), 400, "invalid_request"],
  ["no audience", () => ({ body: form({ ...named(), audience: "" }) }), 400, "invalid_request"],
  ["audience and resource that differ", () => ({ body: form({ ...named(), resource: audience.saldo }) }), 400, "invalid_request"],
  ["an unknown audience", () => ({ body: form({ ...named(), audience: "https://elsewhere.example/api" }) }), 400, "invalid_target"],
  ["an unknown resource", () => ({ body: form({ ...named(), audience: "", resource: "https://elsewhere.example/api" }) }), 400, "invalid_target"],
  ["an audience with a query", () => ({ body: form({ ...named(), audience: `${audience.payment}?a` }) }), 400, "invalid_target"],
  ["an API that is not for this client", () => ({ body: form({ ...named(), audience: audience.saldo }) }), 400, "unauthorized_client"],
  ["a scope that nobody has", () => ({ body: form({ ...named(), scope: "everything" }) }), 400, "invalid_scope"],
  ["two ways to name oneself", () => ({ body: form(named()), headers: mine() }), 400, "invalid_request"],
  ["a client_id in the form beside Basic", () => ({ body: form({ ...grant, client_id: id() }), headers: mine() }), 400, "invalid_request"],
  ["Basic that is no base64", () => ({ body: form(grant), headers: { authorization: "Basic ***" } }), 400, "invalid_request"],
  ["Basic without padding", () => ({ body: form(grant), headers: { authorization: "Basic YTpiYw" } }), 400, "invalid_request"],
  ["Basic without a colon", () => ({ body: form(grant), headers: basic("nobody") }), 400, "invalid_request"],
  ["Basic with a broken escape", () => ({ body: form(grant), headers: basic("a:%zz") }), 400, "invalid_request"],
  ["Basic without an id", () => ({ body: form(grant), headers: basic(":x") }), 400, "invalid_request"],
  ["no client at all", () => ({ body: form(grant) }), 400, "invalid_request"],
  ["an id without a secret", () => ({ body: form({ ...grant, client_id: id() }) }), 400, "invalid_request"],

  ["a wrong secret by Basic", () => ({ body: form(grant), headers: basic(`${id()}:wrong`) }), 401, "invalid_client"],
  ["a wrong secret in the form", () => ({ body: form({ ...named(), client_secret: "wrong" }) }), 401, "invalid_client"],
  ["a wrong secret in JSON", () => ({ body: JSON.stringify({ ...named(), client_secret: "wrong" }), type: "application/json" }), 401, "invalid_client"],
  ["an unknown client", () => ({ body: form({ ...named(), client_id: "nobody" }) }), 401, "invalid_client"],
  ["a secret with a blank behind it", () => ({ body: form({ ...named(), client_secret: `${secret()} ` }) }), 401, "invalid_client"],
  ["the id in other letters", () => ({ body: form({ ...named(), client_id: id().toLowerCase() }) }), 401, "invalid_client"],
  ["a bearer token in place of a secret", () => ({ body: form(grant), headers: { authorization: "Bearer x" } }), 401, "invalid_client"],
  ["Digest", () => ({ body: form(grant), headers: { authorization: 'Digest username="a"' } }), 401, "invalid_client"],

  ["no Content-Type", () => ({ body: form(named()), type: null }), 415],
  ["multipart", () => ({ body: "--x--", type: "multipart/form-data; boundary=x" }), 415],
  ["text", () => ({ body: form(named()), type: "text/plain" }), 415],
  ["a form in Latin-1", () => ({ body: form(named()), type: `${formType}; charset=iso-8859-1` }), 415],
  ["an answer in HTML wanted", () => ({ body: form(named()), headers: { accept: "text/html" } }), 406],
];

describe("the token endpoint", () => {
  for (const [what, make, status, error] of rows)
    test(`${what}: ${status}${error ? ` ${error}` : ""}`, async () => {
      const { path = "/oauth/token", ...options } = make();
      const answer = await server().shop.call("POST", path, { token: null, type: formType, invalid: true, ...options });
      assert.equal(answer.status, status, answer.text);
      // No answer about secrets is ever kept (RFC 6749 section 5.1).
      assert.match(answer.headers["cache-control"], /no-store/);
      if (status === 200) {
        assert.deepEqual(Object.keys(answer.body).sort(), ["access_token", "expires_in", "token_type"]);
        assert.equal(answer.headers.pragma, "no-cache");
        assert.match(answer.headers["content-type"], /^application\/json/);
      }
      if (error) {
        assert.equal(answer.body.error, error, answer.text);
        // Of ASCII only what RFC 6749 section 5.2 lets stand there, and nothing that was sent.
        assert.match(answer.body.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
        assert.ok(!answer.text.includes(secret()) && !answer.text.includes(id()), answer.text);
      }
      // RFC 9110 section 15.5.2: with every 401.
      assert.equal(answer.headers["www-authenticate"], status === 401 ? 'Basic realm="saldo"' : undefined);
    });

  test("has POST alone, and says so", async () => {
    for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"]) {
      const answer = await server().shop.call(method, "/oauth/token", { token: null, expect: 405 });
      assert.equal(answer.headers.allow, "POST");
    }
  });

  test("refuses a body over the limit", () => ask({ body: `a=${"x".repeat(1_100_000)}`, expect: 413 }));
});

describe("a bearer token (RFC 6750)", () => {
  const path = "/transaction/status/v2/transactions/00000000000000000000";
  const get = (headers, at = path) => server().shop.call("GET", at, { token: null, headers, invalid: true });
  /// [what, (the token) => fields, status, error in the challenge]
  const tries = [
    ["as it should be", (token) => ({ authorization: `Bearer ${token}` }), 404],
    ["the scheme in other letters", (token) => ({ authorization: `BEARER ${token}` }), 404],
    ["two blanks between", (token) => ({ authorization: `Bearer  ${token}` }), 404],
    ["no field", () => ({}), 401, undefined],
    ["another scheme", (token) => ({ authorization: `Token ${token}` }), 401, undefined],
    ["Basic", () => basic("a:b"), 401, undefined],
    ["the scheme alone", () => ({ authorization: "Bearer" }), 401, "invalid_request"],
    ["a tab between", (token) => ({ authorization: `Bearer\t${token}` }), 401, undefined],
    ["two tokens", (token) => ({ authorization: `Bearer ${token} ${token}` }), 401, "invalid_request"],
    ["quotes around it", (token) => ({ authorization: `Bearer "${token}"` }), 401, "invalid_request"],
    ["a letter that no token has", (token) => ({ authorization: `Bearer ${token}!` }), 401, "invalid_request"],
    ["a letter more", (token) => ({ authorization: `Bearer ${token}A` }), 401, "invalid_token"],
    ["a point more", (token) => ({ authorization: `Bearer ${token}.` }), 401, "invalid_token"],
    ["padding behind it", (token) => ({ authorization: `Bearer ${token}=` }), 401, "invalid_token"],
    ["its name before it", (token) => ({ authorization: `Bearer access_token=${token}` }), 401, "invalid_token"],
    ["in another field", (token) => ({ "x-access-token": token, cookie: `access_token=${token}` }), 401, undefined],
    ["of the largest size that is read", () => ({ authorization: `Bearer ${"a".repeat(8192)}` }), 401, "invalid_token"],
    ["over every size", () => ({ authorization: `Bearer ${"a".repeat(20_000)}` }), 431],
  ];
  for (const [what, make, status, error] of tries)
    test(`${what}: ${status}`, async () => {
      const answer = await get(make(await server().shop.token(audience.transactionStatus)));
      assert.equal(answer.status, status, answer.text);
      if (status !== 401) return;
      assert.deepEqual(answer.body, { code: "INVALID_TOKEN" });
      assert.equal(answer.headers["www-authenticate"], `Bearer realm="saldo"${error ? `, error="${error}"` : ""}`);
    });

  test("in the URL is none, and beside a good one does no harm", async () => {
    const token = await server().shop.token(audience.transactionStatus);
    assert.equal((await get({}, `${path}?access_token=${token}`)).status, 401);
    assert.equal((await get({ authorization: `Bearer ${token}` }, `${path}?access_token=x`)).status, 404);
  });

  test("is asked for before anything else is said about a request", async () => {
    for (const headers of [{ accept: "text/html" }, { "content-type": "text/plain" }]) assert.equal((await get(headers)).status, 401);
    const answer = await server().shop.call("POST", "/transaction/management/v2/transactions", { token: null, body: "{", type: "application/json", invalid: true });
    assert.equal(answer.status, 401);
  });
});
