// What is no proper request, in tables: each gets a clear error, changes nothing, and leaves no secret in the log.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { contract } from "./lib/client.mjs";
import { directDebit, purchase } from "./lib/purchases.mjs";
import { exchange } from "./lib/raw.mjs";
import { Server } from "./lib/server.mjs";

let server;
let id;
let capture;
let slowClient;
before(async () => {
  server = await Server.start({ now: "2020-03-10T18:06:52.438+01:00" });
  id = (await server.shop.authorize(purchase())).body.ratepay_transaction_id;
  capture = (await server.shop.capture(id, { gross_amount: 10 })).body.ratepay_capture_id;
  // Waits for the server's patience to end while the other tests run.
  slowClient = exchange(server.port, "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n", { patience: 20_000 });
});
after(() => server.stop());

const collection = "/transaction/management/v2/transactions";
const nested = (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const bytes = (...parts) => Buffer.concat(parts.map((part) => (Array.isArray(part) ? Buffer.from(part) : Buffer.from(part))));
const withCity = (...city) => {
  const [before, after] = JSON.stringify(purchase()).split("München");
  return bytes(before, ...city, after);
};

describe("a body that is no JSON object", () => {
  const good = JSON.stringify(purchase());
  const rows = {
    "is empty": "",
    "is blank": "  \n ",
    "is cut short": good.slice(0, -1),
    "is cut inside a string": good.slice(0, 60),
    "has something after it": `${good}x`,
    "has a brace too many": `${good}}`,
    "is two objects": good + good,
    "has a comma at its end": good.replace(/}$/, ",}"),
    "has no quotes": "{currency: EUR}",
    "has single quotes": "{'currency': 'EUR'}",
    "has a comment": `/* order */${good}`,
    "says NaN": good.replace("170", "NaN"),
    "says Infinity": good.replace("170", "-Infinity"),
    "has a number with a leading zero": good.replace("170", "0170"),
    "has a number with a plus": good.replace("170", "+170"),
    "has a number that ends in a point": good.replace("170", "170."),
    "has a hexadecimal number": good.replace("170", "0xAA"),
    "is an array": "[]",
    "is a string": '"{}"',
    "is a number": "170",
    "is null": "null",
    "is nested a thousand deep": nested(1000),
    "is nested a hundred thousand deep": nested(100_000),
    "has a member twice": good.replace('"currency":"EUR"', '"currency":"EUR","currency":"CHF"'),
    "has a member twice inside": good.replace('"gross_amount":170', '"gross_amount":170,"gross_amount":171'),
    "has a member twice, once in escapes": good.replace('"currency":"EUR"', '"currency":"EUR","curr\\u0065ncy":"CHF"'),
    "is not UTF-8": withCity([0xc3, 0x28]),
    "is Latin-1": withCity([0xfc]),
    "has an overlong encoding": withCity([0xc0, 0x80]),
    "has an encoded surrogate": withCity([0xed, 0xa0, 0x80]),
    "has a code point beyond Unicode": withCity([0xf4, 0x90, 0x80, 0x80]),
    "has a NUL in a string": withCity([0x00]),
    "has a NUL after it": bytes(good, [0x00]),
    "has a line feed in a string": withCity("\n"),
    "has a lone surrogate in escapes": withCity("\\ud800"),
    "has an unknown escape": withCity("\\x41"),
    "is UTF-16": Buffer.from(good, "utf16le"),
  };
  for (const [what, body] of Object.entries(rows))
    test(`${what}: INVALID_JSON`, async () => {
      const answer = await server.shop.call("POST", collection, { body, expect: 400, invalid: true });
      assert.deepEqual([answer.body.category, answer.body.reasons], ["SYNTAX", ["INVALID_JSON"]]);
      const own = { body, headers: { "Idempotency-Key": "bad" }, expect: 400, invalid: true };
      assert.equal((await server.operator.call("POST", `/saldo/v1/transactions/${id}/payments`, own)).body.code, "INVALID_JSON");
    });

  test("a NUL written as an escape is no text", async () => {
    const answer = await server.shop.call("POST", collection, { body: withCity("a\\u0000b"), expect: 400 });
    assert.equal(answer.body.category, "SYNTAX");
  });
});

/// Sets (or with undefined removes) the member at a JSONPath of a copy.
function changed(body, path, value) {
  const copy = structuredClone(body);
  const steps = path.slice(2).replaceAll("[", ".").replaceAll("]", "").split(".");
  const last = steps.pop();
  const place = steps.reduce((inside, step) => (inside[step] ??= {}), copy);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

const invalid = (answer) => (answer.body.invalid_fields ?? []).map((one) => one.json_path);

describe("a field that is wrong is named", () => {
  const basket = "$.shop_baskets[0]";
  const rows = [
    ["$.currency", undefined, "eur", "EURO", "€UR", "", 5, null, ["EUR"]],
    ["$.buyer", undefined, null, [], "Erika", 1],
    ["$.buyer.billing_address", undefined, null, "Nikolaistr. 9", []],
    ["$.buyer.billing_address.country_code", undefined, "Germany", "de", "D", 49],
    ["$.buyer.billing_address.city", undefined, 1, {}],
    ["$.buyer.billing_address.street", undefined, false],
    ["$.buyer.billing_address.zip_code", 80802],
    ["$.buyer.person.first_name", undefined, 1],
    ["$.buyer.person.last_name", undefined, ["x"]],
    ["$.buyer.person.date_of_birth", "1971-02-30", "1971-13-01", "19.05.1971", "1971-5-19", "", 1971, "1971-05-19T00:00:00Z"],
    ["$.buyer.contact", "erika@example.com", 5],
    ["$.buyer.contact.email", 5],
    ["$.payment_method", undefined, "OPEN_INVOICE"],
    ["$.payment_method.payment_option", undefined, "open_invoice", "INSTALMENTS", "", 1],
    ["$.payment_method.transfer_type", undefined, "CASH", null],
    ["$.partner_transaction_id", "", "x".repeat(51), 5, true],
    ["$.partner_operation_id", "x".repeat(256), 5],
    ["$.authorization_expires", "tomorrow", "2020-04-31T00:00:00Z", "2020-04-01", "2020-04-01T00:00:00", "2020-04-01T25:00:00Z", "2020-03-01T00:00:00Z", 1],
    ["$.shop_baskets", undefined, [], {}, "none", null],
    [basket, 5, "basket", []],
    [`${basket}.gross_amount`, undefined, "170", 0, -1, 170.001, 0.009, 1e18, 1e400, true, [170], null],
    [`${basket}.partner_shop_id`, "", "x".repeat(256), 1],
    [`${basket}.shop_transaction_id`, "", "x".repeat(128), 1],
    [`${basket}.items`, {}, "knife", 3],
    [`${basket}.items[0]`, "knife", 5],
    [`${basket}.items[0].gross_unit_price`, undefined, "50", 50.12345, 1e18, null],
    [`${basket}.items[0].gross_unit_discount`, 2, "-2", -2.12345],
    [`${basket}.items[0].quantity`, 0, -1, 1.5, "3", 1e12],
    [`${basket}.items[0].tax_rate`, -1, 101, "19"],
    [`${basket}.items[0].discount`, 1, "x"],
    [`${basket}.items[0].article_number`, "  ", 5],
    [`${basket}.items[0].name`, 5],
    [`${basket}.special_items[0].type`, "shipping costs", "lower", "", 5],
  ];
  for (const [path, ...values] of rows)
    test(path, async () => {
      for (const value of values) {
        // 1e400 is no number of JavaScript: it goes out as text.
        const text = JSON.stringify(changed(purchase(), path, value === Infinity ? "1e400" : value)).replace('"1e400"', "1e400");
        const answer = await server.shop.call("POST", collection, { body: text, expect: 400 });
        assert.deepEqual([answer.body.category, answer.body.reasons], ["SYNTAX", ["INVALID_FIELDS"]], String(value));
        assert.deepEqual(invalid(answer), [path], `${JSON.stringify(value)}: ${answer.text}`);
      }
    });

  test("an amount whose exponent hides its decimals", async () => {
    for (const amount of ["17000.1e-2", "1e-3", "170e-100000", "1e99999999999"]) {
      const text = JSON.stringify(purchase()).replace('"gross_amount":170', `"gross_amount":${amount}`);
      assert.deepEqual(invalid(await server.shop.call("POST", collection, { body: text, expect: 400 })), ["$.shop_baskets[0].gross_amount"], amount);
    }
  });

  test("a buyer who is a person and a company, or neither", async () => {
    for (const path of ["$.buyer.company", "$.buyer.person"]) {
      const body = changed(purchase(), path, path.endsWith("company") ? { name: "Obst GmbH" } : undefined);
      assert.deepEqual(invalid(await server.shop.authorize(body, { expect: 400, invalid: true })), ["$.buyer"]);
    }
  });

  test("a direct debit without an account", async () => {
    for (const value of [undefined, {}]) {
      const body = changed(purchase(directDebit), "$.payment_details", value);
      assert.deepEqual(invalid(await server.shop.authorize(body, { expect: 400, invalid: true })), ["$.payment_details.debit_bank_account"]);
    }
  });

  test("all of them at once, each once", async () => {
    const body = purchase({ currency: "euro", payment_method: { payment_option: "?", transfer_type: "BANK_TRANSFER" }, person: { date_of_birth: "never" } });
    body.shop_baskets[0].gross_amount = "170";
    body.shop_baskets[0].items[0].quantity = 0;
    delete body.buyer.billing_address.city;
    const answer = await server.shop.authorize(body, { expect: 400, invalid: true });
    assert.deepEqual(invalid(answer).sort(), [
      "$.buyer.billing_address.city",
      "$.buyer.person.date_of_birth",
      "$.currency",
      "$.payment_method.payment_option",
      "$.shop_baskets[0].gross_amount",
      "$.shop_baskets[0].items[0].quantity",
    ]);
  });

  test("a null says the same as nothing, and an unknown member says nothing", async () => {
    const body = changed(changed(purchase(), "$.delivery", { in_store_collect: null, pick_up_box: null, pick_up_shop: null }), "$.partner_operation_id", null);
    await server.shop.authorize({ ...body, invented: { here: true } }, { invalid: true });
  });
});

describe("a field of an operation that is wrong is named", () => {
  const own = (rest) => `/saldo/v1/transactions/${id}/${rest}`;
  const post = (path, body) => server.operator.call("POST", path, { body, headers: { "Idempotency-Key": "wrong-field" }, expect: 400, invalid: true });
  const tables = {
    captures: [
      ["$.gross_amount", undefined, "10", 0, -5, 1.234],
      ["$.partner_invoice_id", "x".repeat(51), 5],
      ["$.partner_transaction_id", "", "x".repeat(51)],
      ["$.items", {}],
    ],
    refunds: [["$.gross_amount", undefined, -1, "1"], ["$.partner_operation_id", "x".repeat(256)]],
    payments: [
      ["$.type", undefined, "debit", "PAYMENT", 1],
      ["$.amount", undefined, 0, -50, 50.001, "50", 1e18],
      ["$.value_date", "2020-02-30", "20.03.2020", "2020-3-1", "", 20200320],
      ["$.comment", 5, {}],
      ["$.reference", 5],
    ],
    fees: [
      ["$.type", undefined, "FEE", "dunning_fee"],
      ["$.gross", undefined, 0, "5", 5.001],
      ["$.date", "2020-02-30", "today"],
    ],
    "dunning-level": [
      ["$.level", undefined, "THIRD_DUNNING", "no_dunning", 3],
      ["$.date", "2020-02-30", 1],
    ],
  };
  const good = {
    captures: { gross_amount: 1 },
    refunds: { gross_amount: 1 },
    payments: { type: "DEBIT", amount: 50 },
    fees: { type: "DUNNING_FEE", gross: 5 },
    "dunning-level": { level: "PAYMENT_REMINDER" },
  };
  for (const [operation, rows] of Object.entries(tables))
    test(operation, async () => {
      for (const [path, ...values] of rows)
        for (const value of values) {
          const body = changed(good[operation], path, value);
          const payment = operation === "captures" || operation === "refunds";
          const answer = payment
            ? await server.shop.operate(operation, id, body, { expect: 400, invalid: true })
            : await post(own(operation), body);
          assert.deepEqual(payment ? answer.body.reasons : [answer.body.code], ["INVALID_FIELDS"]);
          assert.deepEqual(invalid(answer), [path], `${JSON.stringify(value)}: ${answer.text}`);
        }
    });

  test("dunning-block", async () => {
    const block = { blocked_from: "2020-03-10", blocked_until: "2020-03-20", blocking_reason: "x" };
    for (const [path, ...values] of [
      ["$.blocked_from", undefined, "2020-02-30", null],
      ["$.blocked_until", undefined, "later"],
      ["$.blocking_reason", undefined, "", 5],
    ])
      for (const value of values) {
        const answer = await server.operator.block(id, changed(block, path, value), { expect: 400, invalid: true });
        assert.deepEqual(invalid(answer), [path], String(value));
      }
  });

  test("shipping-information", async () => {
    for (const [body, path] of [
      [{}, "$.carrier_name"],
      [{ carrier_name: "PIGEON", tracking_number: "1" }, "$.carrier_name"],
      [{ carrier_name: "DHL" }, "$.tracking_number"],
      [{ carrier_name: "DHL", tracking_number: "" }, "$.tracking_number"],
      [{ carrier_name: "DHL", tracking_number: "x".repeat(128) }, "$.tracking_number"],
    ])
      assert.deepEqual(invalid(await server.shop.ship(id, capture, body, { expect: 400, invalid: true })), [path]);
  });

  test("clock", async () => {
    for (const body of [{}, { advance: "14 days" }, { advance: "P" }, { advance: "PT" }, { advance: "-P1D" }, { advance: "P1Y" }, { advance: 5 }, { now: "later" }, { now: "2020-04-01" }, { advance: "P1D", now: "2020-04-01T00:00:00Z" }, { frozen: "yes" }, { advance: "P1D", frozen: 1 }])
      assert.equal((await server.operator.post("/saldo/v1/clock", body, { expect: 400, invalid: true })).body.code, "INVALID_FIELDS", JSON.stringify(body));
  });
});

test("a clock that is sent far ahead arrives or refuses", async (t) => {
  const own = await Server.start({ now: "2020-03-10T18:06:52.438+01:00" });
  t.after(() => own.stop());
  await own.shop.authorize(purchase());
  for (const body of [{ advance: "P3650D" }, { now: "9999-12-31T23:59:59Z" }, { advance: "P99999999D" }, { advance: "PT99999999999999999999S" }]) {
    const answer = await own.operator.post("/saldo/v1/clock", body);
    assert.ok([200, 400, 422].includes(answer.status), answer.text);
  }
  await own.operator.trialBalance();
});

describe("bytes that are no proper HTTP", () => {
  const head = (lines, body = "") => `${lines.join("\r\n")}\r\n\r\n${body}`;
  const post = (...lines) => head(["POST /oauth/token HTTP/1.1", "Host: x", "Content-Type: application/json", ...lines], "{}");
  const get = (...lines) => head(["GET /.well-known/jwks.json HTTP/1.1", "Host: x", ...lines]);
  const rows = {
    "two Content-Lengths that differ": [post("Content-Length: 2", "Content-Length: 3"), 400, true],
    "two Content-Lengths that agree": [post("Content-Length: 2", "Content-Length: 2"), 400, true],
    "Content-Length and chunks": [post("Content-Length: 2", "Transfer-Encoding: chunked"), 400, true],
    "a negative Content-Length": [post("Content-Length: -2"), 400, true],
    "a Content-Length with a plus": [post("Content-Length: +2"), 400, true],
    "a huge Content-Length": [post("Content-Length: 99999999999999999999"), [400, 413], true],
    "a body over the limit, announced": [post("Content-Length: 10485760"), 413, true],
    "a body over the limit, sent": [post("Content-Length: 10485760").slice(0, -2) + "x".repeat(10_485_760), 413, true],
    "chunks over the limit": [head(["POST /oauth/token HTTP/1.1", "Host: x", "Content-Type: application/json", "Transfer-Encoding: chunked"], `a00000\r\n${"x".repeat(10_485_760)}\r\n0\r\n\r\n`), 413, true],
    "a chunk size that is none": [head(["POST /oauth/token HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"), 400, true],
    "a long URL": [head([`GET /${"x".repeat(20_000)} HTTP/1.1`, "Host: x"]), 414, true],
    "a long query": [head([`GET /saldo/v1/transactions?q=${"x".repeat(20_000)} HTTP/1.1`, "Host: x"]), 414, true],
    "a thousand headers": [get(...Array.from({ length: 1000 }, (_, index) => `X-${index}: y`)), 431, true],
    "a large header": [get(`X-Large: ${"y".repeat(100_000)}`), 431, true],
    "no Host": [head(["GET / HTTP/1.1"]), 400, true],
    "two Hosts": [get("Host: y"), 400, true],
    "a blank before the colon": [get("X-Bad : y"), 400, true],
    "a folded header": [get("X-Folded: a", " b"), 400, true],
    "a NUL in a header": [get("X-Bad: a\0b"), 400, true],
    "a NUL in the URL": [head(["GET /\0 HTTP/1.1", "Host: x"]), 400, true],
    "a broken escape in the URL": [head(["GET /%zz HTTP/1.1", "Host: x"]), 400, undefined],
    "another version": [head(["GET / HTTP/2.0", "Host: x"]), 505, true],
    "an unknown method": [head(["BREW /.well-known/jwks.json HTTP/1.1", "Host: x"]), 501, undefined],
    "another expectation": [post("Expect: tea", "Content-Length: 2"), 417, undefined],
    "no HTTP at all": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", 400, true],
  };
  for (const [what, [request, status, closes]] of Object.entries(rows))
    test(`${what}: ${status}${closes ? ", closed" : ""}`, async () => {
      const { responses, closed } = await exchange(server.port, request, closes ? { linger: 5_000 } : {});
      assert.equal(responses.length, 1);
      const [response] = responses;
      assert.ok([status].flat().includes(response.status), `${response.status}: ${response.text}`);
      contract.checkProblem({ method: what, path: "", ...response });
      if (closes) assert.ok(closed, "the connection stays open");
    });

  test("requests sent ahead are answered in their order", async () => {
    const { responses } = await exchange(server.port, get() + head(["GET /nowhere HTTP/1.1", "Host: x"]) + get("Accept: text/html") + get(), { count: 4 });
    assert.deepEqual(responses.map((one) => one.status), [200, 404, 406, 200]);
  });

  test("a request hidden behind a refused one is not answered", async () => {
    const hidden = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n";
    const { responses, closed } = await exchange(server.port, post("Content-Length: 2", "Transfer-Encoding: chunked") + hidden, { count: 2, patience: 1000 });
    assert.deepEqual([responses.map((one) => one.status), closed], [[400], true]);
  });

  test("a body that comes in pieces, and one that waits to be asked for, are read", async () => {
    const body = JSON.stringify({ grant_type: "password", audience: "https://x.example/saldo/v1" });
    const lines = ["POST /oauth/token HTTP/1.1", "Host: x", "Content-Type: application/json"];
    const chunks = [...body].map((letter) => `1\r\n${letter}\r\n`).join("") + "0\r\n\r\n";
    const chunked = await exchange(server.port, [...head([...lines, "Transfer-Encoding: chunked"], chunks)].map((letter) => letter));
    assert.equal(JSON.parse(chunked.responses[0].text).error, "unsupported_grant_type");
    const waiting = await exchange(server.port, [head([...lines, "Expect: 100-continue", `Content-Length: ${body.length}`]), body]);
    assert.equal(waiting.responses[0].status, 400);
  });

  test("a client that never ends its head gets 408", async () => {
    const { responses, closed } = await slowClient;
    assert.deepEqual([responses.map((one) => one.status), closed], [[408], true]);
  });
});

describe("after all that", () => {
  test("nothing was written", async () => {
    assert.equal((await server.operator.events(id)).events.length, 2);
  });

  test("the server takes good requests", async () => {
    await server.shop.authorize(purchase());
  });

  test("no answer repeats what was sent, and the log holds nothing of it", async () => {
    const marker = "Zyxwvut";
    const body = purchase({ person: { first_name: marker, date_of_birth: marker }, contact: { email: `${marker}@example.com` } });
    const answer = await server.shop.authorize(body, { expect: 400, invalid: true });
    assert.ok(!answer.text.includes(marker), answer.text);
    const good = purchase({ person: { first_name: marker }, ...directDebit });
    await server.shop.authorize(good, { headers: { "Idempotency-Key": "log" } });
    await server.operator.pay(id, { type: "DEBIT", amount: 1, comment: `${marker} called`, reference: marker });
    await server.operator.search(marker);
    await server.shop.get(`/transaction/status/v2/transactions/${marker}`, { expect: 404, invalid: true });
    const secrets = [marker, "Mustermann", "erika@example.com", "DE44100500001654698497", "Nikolaistr", "+49 177", server.shop.secret, server.operator.secret, "eyJ"];
    // The secrets are said once, to whoever started the sandbox.
    const log = server.stderr.split("\n").filter((line) => line.startsWith("{")).join("\n");
    for (const secret of secrets) assert.ok(!log.includes(secret), `the log says ${secret}`);
  });
});
