// Every operation of the contract gets requests that fit it and requests that nearly do. Whatever comes: no answer is a
// fault of ours, every answer is one that the contract describes, what fits is not called malformed, and what does not
// fit is refused with the name of what is wrong.
//
//   SALDO_SEED=7 SALDO_FUZZ_SECONDS=60 node --test contract_fuzz.test.mjs
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Chance, seedOfRun } from "./lib/chance.mjs";
import { audience, contract } from "./lib/client.mjs";
import { purchase } from "./lib/purchases.mjs";
import { run, Server, temporaryDirectory } from "./lib/server.mjs";
import { jsonText, replaced, Specimens } from "./lib/specimens.mjs";

const seconds = Number(process.env.SALDO_FUZZ_SECONDS ?? 20);
const seed = seedOfRun();

const operations = contract.operations.filter((one) => !one.admin);
const plain = (name) => name.replaceAll("-", "_");
/// Path parameters that mean the same under another name.
const synonyms = { transaction_id: "ratepay_transaction_id", sessionId: "session_id" };
const idNames = new Set(operations.flatMap((one) => one.parameters.filter((parameter) => parameter.in === "path").map((parameter) => plain(parameter.name))));
const idOf = (name) => synonyms[plain(name)] ?? plain(name);
const jsonTypeOf = (operation) => Object.keys(operation.requestBody?.content ?? {}).find((type) => /json/.test(type));

/// What every text of JSON can suffer.
const brokenTexts = [
  ["cut short", (text) => text.slice(0, -1)],
  ["with something behind it", (text) => `${text}x`],
  ["twice", (text) => text + text],
  ["in a list", (text) => `[${text}]`],
  ["as a text", (text) => JSON.stringify(text)],
  ["empty", () => ""],
  ["null", () => "null"],
  ["a number", () => "17"],
  ["with a byte order mark", (text) => `\ufeff${text}`],
  ["with a comma too many", (text) => text.replace(/}$/, ",}")],
  ["with a member twice", (text) => text.replace(/^\{("(?:[^"\\]|\\.)*":)/, "{$1null,$1").replace(/^\{\}$/, '{"a":1,"a":1}')],
  ["with a comment", (text) => `${text}//`],
  ["with NaN", (text) => text.replace(/:(-?\d[\d.eE+-]*)/, ":NaN")],
  ["with Infinity", (text) => text.replace(/:(-?\d[\d.eE+-]*)/, ":-Infinity")],
  ["with a leading zero", (text) => text.replace(/:(\d)/, ":0$1")],
  ["in Latin-1", (text) => Buffer.concat([Buffer.from(text.slice(0, -1) + ',"x":"'), Buffer.from([0xe4]), Buffer.from('"}')])],
  ["in UTF-16", (text) => Buffer.from(text, "utf16le")],
  ["very deep", () => `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`],
  ["with a very long name", (text) => text.replace(/^\{/, `{"${"n".repeat(20_000)}":1,`)],
];
const oddHeaders = {
  accept: ["text/html", "*/*;q=0", "application/json;q=1.0001", "application/*", ",,,", "a/b/c", "application/json;charset=latin1", '"', "application/hal+json, text/html;q=0.5"],
  "content-type": ["text/plain", "application/json; charset=latin1", "application/json;charset=UTF-8", "application/JSON", "application/json,application/json", "json", "", "multipart/form-data; boundary=x", "application/merge-patch+json", "application/hal+json"],
  "idempotency-key": ["", '""', '"quoted"', "x".repeat(64), "x".repeat(65), "with blank", "ä", '"unfinished', "\t", "a,b", "null"],
  prefer: ["return=representation", "return=minimal", "return", "return=", ";;;", 'return="representation"', "respond-async, return=representation", "x".repeat(3000)],
  "x-partner": ["", "nobody", "*", "x".repeat(300), "ä", "null"],
  "if-match": ["*", '"a"', 'W/"a"', "a", ""],
  "if-none-match": ["*", '"', "W/", '"a", "b"', "x".repeat(1000), 'W/"x'],
  authorization: ["", "Bearer", "Basic Og==", "Basic ====", "Bearer a.b.c", "bearer  x", "Negotiate"],
  "x-request-id": ["", "x".repeat(65), "a b", "ok-1", "ä"],
  range: ["bytes=0-1"],
  cookie: ["a=b"],
  "content-encoding": ["gzip", "identity"],
  origin: ["https://elsewhere.example"],
  "x-forwarded-for": ["1.2.3.4", "not an address"],
  "x-http-method-override": ["DELETE"],
};
const oddIds = ["00000000000000000000", "0", "%20", "..", ".", "%2e%2e", "a%2Fb", "%C3%A4", "12-3456789123456789", "x".repeat(300), "x".repeat(3000), "6z54v9sxrcrskdxdgkzw", "null", "*", "-1", "%F0%9F%8D%8E", "a+b", "{id}", "%25", ";x=1", "'--"].map((id) => (id === "{id}" ? "%7Bid%7D" : id));
const oddValues = ["", " ", "0", "-1", "101", "1e9", "99999999999999999999", "x", "all", "null", "2020-02-30", "9999-12-31", "0001-01-01", "ä", "\u{1f34e}", "x".repeat(255), "x".repeat(256), "x".repeat(5000), ",", "a,b", "%", "'", "[]", "true"];

/// What no schema can say, so that a request which fits it is refused all the same: the code, or the field and its message.
const unsaid = {
  createSession: [/delivery must have at most one of/, /authorization_expires must lie in the future/],
  authorize: [/\$\.payment_details\.(debit_bank_account|instalments) is missing/, /\$\.delivery must have at most one of/, /authorization_expires must lie in the future/],
  offerInstalments: [/\$\.instalment_max cannot stand beside number_of_instalments/],
  bookPayment: [/\$\.unscheduled belongs to a DEBIT alone/],
  changeTransaction: [/authorization_expires must lie in the future/],
  searchTransactions: [/INVALID_CURSOR/],
  bookPayLater: [/\$\.offer_id is none of the offers of this purchase/],
  listDirectDebitsDue: [/INVALID_CURSOR/],
  listWebhookDeliveries: [/INVALID_CURSOR/, /INVALID_SESSION_ID/],
  getOrderStatus: [/AS_OF_IN_FUTURE/],
  createToken: [/unauthorized_client/, /invalid_target/, /invalid_scope/],
};

class Fuzzer {
  #ids = [];
  failures = new Map();
  counts = {};
  sent = 0;

  constructor(server, chance) {
    this.server = server;
    this.chance = chance;
    const { shop, operator } = server;
    this.specimens = new Specimens(contract, chance, {
      audience: () => chance.pick(Object.values(audience)),
      client_id: () => shop.id,
      client_secret: () => shop.secret,
      currency: () => "EUR",
      country_code: () => "DE",
      zip_code: () => "80802",
      city: () => "München",
      iban: () => "DE44100500001654698497",
      partner_shop_id: () => "partner-shop-id-1",
      gross_amount: () => chance.between(1, 4000) / 100,
      date: () => "2020-03-10",
      value_date: () => "2020-03-10",
      advance: () => chance.pick(["PT0S", "PT1H", "P1D"]),
      now: () => "2020-03-10T18:06:52+01:00",
      q: () => "test-shop",
      offer_id: () => "payl-1",
      due: () => "2020-03-20",
    });
    this.client = (operation) => (operation.path.startsWith("/saldo/") ? operator : shop);
  }

  /// Keeps the ids that an answer names, those of one answer together.
  #learn(parameters, body) {
    const found = { ...parameters };
    const look = (value) => {
      if (Array.isArray(value)) return value.forEach(look);
      if (value === null || typeof value !== "object") return;
      for (const [name, one] of Object.entries(value))
        if (typeof one === "string" && idNames.has(plain(name))) found[idOf(name)] = one;
        else if (!name.startsWith("_")) look(one);
    };
    look(body);
    if (Object.keys(found).length > 0) this.#ids.push(found);
    if (this.#ids.length > 500) this.#ids.splice(0, 100);
  }

  /// The path of an operation, with ids that are there wherever they are known, and what they are.
  #pathOf(operation, odd) {
    const names = operation.parameters.filter((one) => one.in === "path").map((one) => idOf(one.name));
    const whole = this.#ids.filter((one) => names.every((name) => name in one));
    const fitting = whole.length > 0 ? whole : this.#ids.filter((one) => names.some((name) => name in one));
    const ids = fitting.length > 0 ? this.chance.pick(fitting) : {};
    const used = Object.fromEntries(names.map((name) => [name, ids[name] ?? "00000000000000000000"]));
    if (odd && names.length > 0) used[this.chance.pick(names)] = this.chance.pick(oddIds);
    let made = operation.path;
    for (const parameter of operation.parameters.filter((one) => one.in === "path")) made = made.replace(`{${parameter.name}}`, used[idOf(parameter.name)]);
    return { path: made, ids: odd ? {} : used };
  }

  #queryOf(operation, odd) {
    const pairs = [];
    for (const parameter of operation.parameters.filter((one) => one.in === "query"))
      if (parameter.required || this.chance.happens(0.4)) {
        const value = this.specimens.good(parameter.schema, parameter.name);
        pairs.push([parameter.name, Array.isArray(value) ? value.join(",") : String(value)]);
      }
    if (odd) {
      const known = operation.parameters.filter((one) => one.in === "query").map((one) => one.name);
      const name = this.chance.pick([...known, ...known, "invented", "access_token", "", "as_of[]"]);
      pairs.push([name, this.chance.pick(oddValues)]);
    }
    return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : "";
  }

  #bodyOf(operation, type) {
    const content = operation.requestBody.content[type];
    const examples = Object.values(content.examples ?? {}).map((one) => contract.resolved(one).value);
    if (examples.length > 0 && this.chance.happens(0.5)) {
      const example = structuredClone(this.chance.pick(examples));
      for (const [name, make] of Object.entries(this.specimens.known)) if (name in example) example[name] = make();
      return example;
    }
    return this.specimens.good(content.schema);
  }

  #headersOf(operation) {
    const headers = {};
    for (const parameter of operation.parameters.filter((one) => one.in === "header")) {
      if (parameter.name === "X-Partner") continue;
      if (!parameter.required && !this.chance.happens(0.3)) continue;
      headers[parameter.name.toLowerCase()] = parameter.name === "Idempotency-Key" ? `fuzz-${this.chance.happens(0.9) ? ++this.sent : 1}` : this.specimens.good(parameter.schema, parameter.name);
    }
    return headers;
  }

  /// One request to this operation, and what has to be true of its answer.
  async one(operation) {
    const { chance, specimens } = this;
    const kind = chance.pick(operation.requestBody ? ["good", "good", "good", "field", "field", "field", "field", "text", "header", "query", "path"] : ["good", "good", "header", "query", "path"]);
    const { path: where, ids } = this.#pathOf(operation, kind === "path");
    const target = where + this.#queryOf(operation, kind === "query");
    const headers = this.#headersOf(operation);
    const options = { headers, invalid: true };
    const type = jsonTypeOf(operation);
    let value;
    let spoilt;
    if (type) {
      value = this.#bodyOf(operation, type);
      options.type = type;
      const schema = operation.requestBody.content[type].schema;
      if (kind === "field") {
        const place = chance.pick(specimens.places(schema, value));
        const by = specimens.spoilt(place);
        value = replaced(value, place.steps, by.value);
        spoilt = { ...by, path: place.path, breaks: value !== undefined && !specimens.fits(schema, value) };
      }
      if (kind === "good") assert.ok(specimens.fits(schema, value), `what is to fit does not: ${jsonText(value)}`);
      options.body = jsonText(value) ?? "";
      if (kind === "text") {
        const [what, breakText] = chance.pick(brokenTexts);
        spoilt = { what };
        options.body = breakText(options.body);
      }
    }
    for (const [name, text] of Object.entries(headers)) headers[name] = Buffer.from(text).toString("latin1"); // bytes, as they are
    if (kind === "header") {
      const name = chance.pick(Object.keys(oddHeaders));
      headers[name] = Buffer.from(chance.pick(oddHeaders[name])).toString("latin1");
      if (name === "authorization") options.token = null;
    }
    if (operation.id === "createToken" && kind === "good" && !(value.client_id && value.client_secret)) {
      // A client that does not name itself in the body does so by HTTP Basic.
      const { client_id: _, client_secret: __, ...nameless } = value;
      options.body = jsonText(nameless);
      headers.authorization = `Basic ${Buffer.from(`${this.server.shop.id}:${this.server.shop.secret}`).toString("base64")}`;
    }
    if (operation.path === "/oauth/token" || operation.path === "/" || operation.path.startsWith("/.well-known/")) options.token = null;

    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    const said = { operation: operation.id, kind, spoilt, method: operation.method, target, headers, body: options.body?.toString("utf8") };
    try {
      const answer = await this.client(operation).call(operation.method, target, options);
      assert.ok(answer.status < 500, `${answer.status}: ${answer.text}`);
      this.#judge(operation, kind, spoilt, answer);
      if (answer.status < 300 && answer.body) this.#learn(ids, answer.body);
    } catch (error) {
      const about = `${operation.id}, ${kind} ${spoilt ? `${spoilt.path ?? ""} ${spoilt.what}` : ""}: ${error.message}`;
      const same = `${operation.id} ${kind} ${error.faults?.join() ?? error.message.slice(0, 80)}`;
      if (this.failures.size < 40 && !this.failures.has(same)) this.failures.set(same, `${shortened(about)}\n    ${shortened(JSON.stringify(said))}`);
    }
  }

  #judge(operation, kind, spoilt, answer) {
    if (kind === "good" && [400, 401, 403, 405, 406, 413, 415].includes(answer.status)) {
      const { code = "", error = "", invalid_fields: fields = [{ json_path: "", message: "" }] } = answer.body;
      const why = fields.map((one) => `${code}${error} ${one.json_path} ${one.message}`);
      assert.ok(why.every((one) => unsaid[operation.id]?.some((excuse) => excuse.test(one))), `what fits is refused: ${answer.text}`);
    }
    if (kind === "text" && !["with a very long name", "with NaN", "with Infinity", "with a leading zero"].includes(spoilt.what) && operation.path !== "/")
      if (operation.requestBody.required || spoilt.what !== "empty") assert.equal(answer.status, 400, `${spoilt.what} is taken: ${answer.text}`);
    if (kind === "field" && spoilt.breaks && operation.path !== "/") {
      assert.ok(answer.status >= 400 && answer.status < 500, `breaks the contract and is taken: ${answer.status} ${answer.text}`);
      const told = (answer.body.invalid_fields ?? []).map((one) => one.json_path);
      if (told.length > 0) assert.ok(told.some((one) => one.startsWith(spoilt.path) || spoilt.path.startsWith(one)), `${spoilt.path} is not named: ${answer.text}`);
    }
    if (answer.status >= 400 && answer.status !== 401 && answer.text) this.#useful(answer.body);
  }

  /// A refusal says what is wrong, and where if it is a field.
  #useful(body) {
    const names = body.reasons ?? [body.code ?? body.error];
    assert.ok(names.length > 0 || body.category, "no name to program against");
    if (body.error) assert.ok(body.error_description?.length > 5, "no sentence for people");
    if (body.code) assert.ok(body.detail.length > 5, "no sentence for people");
    if (names.includes("INVALID_FIELDS")) {
      assert.ok(body.invalid_fields?.length > 0, "INVALID_FIELDS without the fields");
      for (const { json_path: at, message } of body.invalid_fields) assert.ok(/^\$/.test(at) && message.length > 5, `${at}: ${message}`);
    }
  }
}

function shortened(text) {
  return text.length > 800 ? `${text.slice(0, 800)}...` : text;
}

test(`requests that fit the contract and such as nearly do, seed ${seed}`, { timeout: (seconds + 120) * 1000 }, async (t) => {
  const data = temporaryDirectory(t);
  const server = await Server.start({ now: "2020-03-10T18:06:52.438+01:00", data });
  t.after(() => server.stop());
  const fuzzer = new Fuzzer(server, new Chance(seed));
  const byOperation = Object.fromEntries(operations.map((one) => [one.id, 0]));
  const until = Date.now() + seconds * 1000;
  let sent = 0;
  // Whole rounds, so that every operation has its turn.
  for (let round = 0; round === 0 || Date.now() < until; ++round) {
    // A fresh purchase now and then: the others are used up, expired or declined.
    if (round % 5 === 0) await fuzzer.one(operations.find((one) => one.id === "authorize")).then(() => server.shop.authorize(purchase()));
    for (const operation of operations) {
      await fuzzer.one(operation);
      ++byOperation[operation.id];
      ++sent;
    }
  }
  t.diagnostic(`${sent} requests to ${operations.length} operations: ${JSON.stringify(fuzzer.counts)}`);
  const report = process.env.SALDO_FUZZ_REPORT;
  if (report) {
    mkdirSync(path.dirname(report), { recursive: true });
    writeFileSync(report, `${JSON.stringify({ seed, requests: sent, operations: operations.length, failures: fuzzer.failures.size })}\n`);
  }
  if (fuzzer.failures.size > 0) assert.fail(`${fuzzer.failures.size} findings, again with SALDO_SEED=${seed}:\n${[...fuzzer.failures.values()].join("\n")}`);
  for (const balance of (await server.operator.trialBalance()).currencies) assert.equal(balance.debits, balance.credits);
  await server.stop();
  const verified = await run(["verify", "--data", data]);
  assert.equal(verified.code, 0, verified.stderr + verified.stdout);
});
