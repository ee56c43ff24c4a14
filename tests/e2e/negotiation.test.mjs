// What HTTP itself asks for: methods, media types, ETags, and the parameters of the two status reads.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { audience, contract } from "./lib/client.mjs";
import { purchase } from "./lib/purchases.mjs";
import { serverFor } from "./lib/server.mjs";

let id;
const server = serverFor({ before, after }, {
  now: "2020-03-10T18:06:52.438+01:00",
  prepare: async ({ shop, operator }) => {
    id = (await shop.authorize(purchase())).body.ratepay_transaction_id;
    await shop.capture(id, { gross_amount: 170 });
    await operator.goTo("2020-03-15");
  },
});
const paths = { transaction: (one) => `/transaction/status/v2/transactions/${one}`, order: (one) => `/order/status/v2/transactions/${one}` };

describe("every path", () => {
  for (const path of new Set(contract.operations.filter((one) => !one.admin).map((one) => one.path)))
    test(`${path} answers other methods with 405 and says which it has`, async () => {
      const known = contract.operations.filter((one) => one.path === path).map((one) => one.method);
      const concrete = path.replace(/\{[^}]+\}/g, "00000000000000000000");
      const client = path.startsWith("/saldo/") ? server().operator : server().shop;
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((one) => !known.includes(one)))
        assert.equal((await client.call(method, concrete, { expect: 405 })).body.code, "METHOD_NOT_ALLOWED");
    });

  test("that does not exist is 404, whoever asks", async () => {
    for (const path of ["/saldo", "/saldo/v1", "/saldo/v1/transactions/", "/transaction/management/v2", "/oauth/token/x", "/nowhere"])
      for (const token of [null, await server().shop.token(audience.payment)]) await server().shop.call("GET", path, { token, expect: 404 });
  });

  test("that names no transaction we know is 404", async () => {
    for (const unknown of ["00000000000000000000", id.toLowerCase(), `${id}0`, id.slice(1), "12-3456789123456789", "x"])
      for (const path of Object.values(paths)) {
        const answer = await server().shop.get(path(unknown), { expect: 404, invalid: true });
        assert.equal(answer.body.code, "TRANSACTION_NOT_FOUND", unknown);
      }
  });
});

for (const [name, path] of Object.entries(paths))
  describe(`the ${name} status`, () => {
    const get = (options, query = "") => server().shop.get(path(id) + query, { invalid: true, ...options });

    test("asks for a JSON Content-Type although it has no body", async () => {
      for (const type of ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON;charset=UTF-8"])
        assert.equal((await get({ type, expect: 200 })).headers["content-type"].replace(/\s/g, "").toLowerCase(), "application/json;charset=utf-8");
      for (const type of [null, "text/plain", "application/x-www-form-urlencoded", "json", "application/jsonx"])
        assert.equal((await get({ type, expect: 415 })).body.code, "UNSUPPORTED_MEDIA_TYPE");
    });

    test("answers in JSON or not at all", async () => {
      for (const accept of ["application/json", "*/*", "application/*", "text/html, application/json;q=0.5", "application/json;charset=UTF-8"])
        await get({ headers: { accept }, expect: 200 });
      for (const accept of ["text/html", "application/xml", "application/json;q=0", "image/*"])
        assert.equal((await get({ headers: { accept }, expect: 406 })).body.code, "NOT_ACCEPTABLE");
    });

    test("has an ETag that holds until the document changes", async () => {
      const { shop, operator } = server();
      const first = await get({ expect: 200 }, "?include=all");
      const etag = first.headers.etag;
      const again = (value) => get({ headers: { "If-None-Match": value } }, "?include=all");
      for (const value of [etag, `"other", ${etag}`, `W/${etag.replace(/^W\//, "")}`, "*"]) {
        const answer = await again(value);
        assert.equal(answer.status, 304, value);
        assert.equal(answer.headers.etag, etag);
        assert.equal(answer.text, "");
      }
      for (const value of ['"other"', etag.slice(0, -2) + '"', "unquoted"]) assert.equal((await again(value)).status, 200, value);
      await operator.pay(id, { type: "DEBIT", amount: 1 });
      const changed = await again(etag);
      assert.equal(changed.status, 200);
      assert.notEqual(changed.headers.etag, etag);
      assert.notEqual((await shop.get(`${path(id)}?include=basket`)).headers.etag, changed.headers.etag);
    });

    test("answers HEAD like GET without the body", async () => {
      const got = await get({ expect: 200 });
      const head = await server().shop.call("HEAD", path(id), { expect: 200 });
      assert.equal(head.text, "");
      assert.equal(head.headers.etag, got.headers.etag);
      assert.equal(head.headers["content-length"], String(Buffer.byteLength(got.text)));
      await server().shop.call("HEAD", path("00000000000000000000"), { expect: 404 });
    });

    test("gives the blocks that include names", async () => {
      const all = ["basket", "dunning_status", "payment_method", "payment_status"];
      const blocks = (body) =>
        [
          ...("shop_baskets" in body || "basket" in body ? ["basket"] : []),
          ...Object.keys(body.payment_information ?? {}).filter((one) => one !== "maximum_processing_offset_in_hours"),
        ].sort();
      const cases = {
        "": name === "transaction" ? all : [],
        "?include=all": all,
        "?include=basket": ["basket"],
        "?include=payment_status": ["payment_status"],
        "?include=payment_status,basket": ["basket", "payment_status"],
        "?include=payment_status&include=basket": ["basket", "payment_status"],
        "?include=basket,basket": ["basket"],
        "?include=dunning_status,payment_method": ["dunning_status", "payment_method"],
        "?include=basket%2Cpayment_method": ["basket", "payment_method"],
        "?include=all,basket": all,
        "?unknown=1": name === "transaction" ? all : [],
      };
      for (const [query, expected] of Object.entries(cases)) {
        const { body } = await get({ expect: 200 }, query);
        assert.deepEqual(blocks(body), expected, query);
        assert.equal("payment_information" in body, expected.some((one) => one !== "basket"), query);
      }
    });

    const refusal = name === "transaction" ? 422 : 400;
    test(`refuses an include it does not know with ${refusal}`, async () => {
      for (const query of ["?include=", "?include=Basket", "?include=basket,", "?include=,", "?include=everything", "?include=basket,everything", "?include=basket&include=", "?include=basket%20"])
        assert.equal((await get({ expect: refusal }, query)).body.code, "INVALID_INCLUDE", query);
    });

    test(`refuses a day that is none, or lies ahead, with ${refusal}`, async () => {
      for (const day of ["2020-02-30", "2020-3-10", "yesterday", "", "2020-03-10T00:00:00Z", "20200310", "0000-01-01", "2020-13-01"])
        assert.equal((await get({ expect: refusal }, `?as_of=${day}`)).body.code, "INVALID_AS_OF", day);
      assert.equal((await get({ expect: refusal }, "?as_of=2020-03-16")).body.code, "AS_OF_IN_FUTURE");
      await get({ expect: 200 }, "?as_of=2020-03-15");
      await get({ expect: 200 }, "?as_of=2020-03-10");
      assert.equal((await get({ expect: 404 }, "?as_of=2020-03-09")).body.code, "TRANSACTION_NOT_FOUND");
    });

    test("is the same document, byte for byte, whenever it is asked for", async () => {
      const first = await get({ expect: 200 }, "?include=all&as_of=2020-03-14");
      await server().operator.pay(id, { type: "DEBIT", amount: 1, value_date: "2020-03-15" });
      assert.equal((await get({ expect: 200 }, "?include=all&as_of=2020-03-14")).text, first.text);
    });
  });

describe("the Payment API", () => {
  test("answers in hal+json to whoever takes JSON", async () => {
    const { shop } = server();
    for (const accept of ["application/hal+json", "application/json", "*/*", "application/*"])
      assert.match((await shop.transaction(id, { headers: { accept } })).headers["content-type"], /^application\/hal\+json/);
    await shop.transaction(id, { headers: { accept: "text/html" }, expect: 406 });
    await shop.authorize(purchase(), { headers: { accept: "text/html" }, expect: 406 });
  });

  test("takes JSON in, and merge patches by PATCH", async () => {
    const { shop } = server();
    await shop.authorize(purchase(), { type: "application/json; charset=utf-8" });
    for (const type of [null, "text/plain", "application/xml", "application/merge-patch+json", "application/x-www-form-urlencoded"])
      await shop.authorize(JSON.stringify(purchase()), { type, expect: 415 });
    const later = "2020-06-01T12:00:00+02:00";
    await shop.expireAt(id, later);
    const answer = await shop.call("PATCH", shop.path(id), { body: JSON.stringify({ authorization_expires: later }), type: "application/json", expect: 415 });
    assert.match(answer.headers["accept-patch"], /application\/merge-patch\+json/);
  });

  test("moves the end of the authorisation, within the contract", async () => {
    const { shop } = server();
    const own = (await shop.authorize(purchase())).body.ratepay_transaction_id;
    assert.equal((await shop.expireAt(own, "2020-04-02T16:15:18.823+02:00")).body.authorization_expires, "2020-04-02T16:15:18.823+02:00");
    assert.equal((await shop.transaction(own)).body.authorization_expires, "2020-04-02T16:15:18.823+02:00");
    // In the partner's zone, whatever the offset was sent in.
    assert.equal((await shop.expireAt(own, "2020-04-03T12:00:00Z")).body.authorization_expires, "2020-04-03T14:00:00+02:00");
    const far = await shop.expireAt(own, "2030-01-01T00:00:00Z", { expect: 422 });
    assert.deepEqual(far.body, { category: "CONTRACT", reasons: ["MAXIMUM_EXPIRY_EXCEEDED"] });
    for (const wrong of ["2020-03-01T00:00:00Z", "2020-04-31T00:00:00Z", "2020-04-02", "2020-04-02T10:00:00", 5, null]) {
      const body = (await shop.expireAt(own, wrong, { expect: 400, invalid: true })).body;
      assert.deepEqual(body.reasons, ["INVALID_FIELDS"]);
      assert.deepEqual(body.invalid_fields.map((one) => one.json_path), ["$.authorization_expires"]);
    }
    await shop.call("PATCH", shop.path(own), { body: {}, type: "application/merge-patch+json", expect: 200 });
  });
});

test("our own reads validate their parameters", async () => {
  const { operator } = server();
  const wrong = {
    "/saldo/v1/transactions": "INVALID_QUERY",
    "/saldo/v1/transactions?q=": "INVALID_QUERY",
    [`/saldo/v1/transactions?q=${"x".repeat(256)}`]: "INVALID_QUERY",
    "/saldo/v1/transactions?q=x&limit=0": "INVALID_LIMIT",
    "/saldo/v1/transactions?q=x&limit=101": "INVALID_LIMIT",
    "/saldo/v1/transactions?q=x&limit=ten": "INVALID_LIMIT",
    "/saldo/v1/transactions?q=x&cursor=made-up": "INVALID_CURSOR",
  };
  for (const [path, code] of Object.entries(wrong)) assert.equal((await operator.get(path, { expect: 400, invalid: true })).body.code, code, path);
  const explain = `/saldo/v1/transactions/${id}/explain`;
  assert.equal((await operator.get(`${explain}?as_of=tomorrow`, { expect: 422, invalid: true })).body.code, "INVALID_AS_OF");
  assert.equal((await operator.get(`${explain}?as_of=2021-01-01`, { expect: 422 })).body.code, "AS_OF_IN_FUTURE");
  await operator.get(`${explain}?as_of=2020-03-09`, { expect: 404 });
});
