// One-time codes in production: they leave through the operator's gateway, here one with faults.
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Installation } from "./lib/installation.mjs";
import { purchase } from "./lib/purchases.mjs";
import { Receiver } from "./lib/receiver.mjs";
import { run } from "./lib/server.mjs";
import { contract } from "./lib/tenants.mjs";

const codes = { one_time_codes: { asked_from: [{ currency: "EUR", amount: 100 }] } };

async function gateway(t) {
  const receiver = await Receiver.start();
  t.after(() => receiver.stop());
  return receiver;
}

function messagesSettings(url) {
  return `[messages]\nurl = "${url}"\nsender = "Fruits"\ntoken.file = "messages.token"`;
}

/// An installation whose contract wants a code from 100 EUR on.
async function withGateway(t, receiver) {
  const installation = await Installation.make(t);
  writeFileSync(path.join(installation.folder, "messages.token"), "gateway-t0ken\n", { mode: 0o600 });
  installation.settings({ key: "master.key", more: messagesSettings(receiver.url("/messages")) });
  await installation.agree(contract(codes));
  return installation;
}

const order = (amount, phone = "0177 4445555") =>
  purchase({ contact: { email: "erika@example.com", phone }, shop_baskets: [{ partner_shop_id: "berlin", gross_amount: amount }] });
const numberOf = (metrics, name) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(metrics)?.[1]);

test("a code leaves through the gateway, is tried again where that helps, and is in no log and no metric", async (t) => {
  const receiver = await gateway(t);
  receiver.script("/messages", [503, "reset", 202, 401]);
  const installation = await withGateway(t, receiver);
  const server = await installation.serve(t);

  const small = (await server.shop.authorize(order(99.99), { expect: 201 })).body;
  assert.equal(small._links.verify, undefined, "below the contract's amount nobody is asked");
  const { ratepay_transaction_id: id } = (await server.shop.authorize(order(100), { expect: 201 })).body;
  await receiver.until(() => receiver.log.length === 3);
  const [first, second, third] = receiver.log;
  for (const one of receiver.log) {
    assert.equal(one.headers.authorization, "Bearer gateway-t0ken");
    assert.equal(one.headers["content-type"], "application/json");
    assert.deepEqual(one.body, first.body, "the same message under the same id");
  }
  assert.deepEqual(Object.keys(first.body), ["id", "to", "text", "sender"]);
  assert.equal(first.body.to, "+491774445555");
  assert.equal(first.body.sender, "Fruits");
  assert.ok(second.at - first.at >= 900 && third.at - second.at >= 2900, "after one and three seconds");
  const [code] = /\d{6}/.exec(first.body.text);

  // A gateway that turns the message away is not asked again.
  await server.shop.authorize(order(200, "0177 9998888"), { expect: 201 });
  await receiver.until(() => receiver.log.length === 4);
  const metrics = async () => (await fetch(`${server.admin}/metrics`)).text();
  while (numberOf(await metrics(), "saldo_messages_given_up_total") !== 1);
  const counted = await metrics();
  assert.equal(numberOf(counted, "saldo_messages_handed_over_total"), 1);
  assert.equal(numberOf(counted, "saldo_message_attempts_failed_total"), 3);
  assert.equal(numberOf(counted, "saldo_messages_waiting"), 0);

  const right = await server.shop.call("POST", `/transaction/management/2fa/v1/verify/${id}`, { body: { otp_code: code }, expect: 200 });
  assert.equal(right.body.result, "otp_verified");
  await server.stop();
  const log = server.lines.join("\n");
  assert.match(log, /messages: one was given up.*status 401/);
  const secrets = receiver.log.flatMap(({ body }) => [body.to, body.to.slice(3), /\d{6}/.exec(body.text)[0]]);
  for (const secret of [...secrets, "gateway-t0ken"]) assert.ok(!log.includes(secret) && !counted.includes(secret), secret);
});

test("a contract that asks for codes is refused where nothing sends them, at the start and when it is agreed", async (t) => {
  const receiver = await gateway(t);
  const installation = await withGateway(t, receiver);
  installation.settings({ key: "master.key" });
  const refused = await run(["serve", "--config", installation.config]);
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /^saldo: The contract of Fruit House \(\w+\) asks for one-time codes, but nothing sends them: add \[messages\] to .*saldo\.toml, or take `one_time_codes` out of the contract\.\n$/);

  await assert.rejects(installation.agree(contract(codes)), /CODES_CANNOT_BE_SENT/, "without a server");
  await installation.agree(contract());
  const server = await installation.serve(t);
  await assert.rejects(installation.agree(contract(codes)), /CODES_CANNOT_BE_SENT/, "through the server");
  await server.stop();
});

test("a token that others can read, or that is not there, stops the start", async (t) => {
  const receiver = await gateway(t);
  const installation = await withGateway(t, receiver);
  const token = path.join(installation.folder, "messages.token");
  const says = async (sentence, env = {}) => {
    const { code, stderr } = await run(["serve", "--config", installation.config], { env });
    assert.equal(code, 3);
    assert.match(stderr, sentence);
  };
  chmodSync(token, 0o644);
  await says(/The token of the message gateway in .*messages\.token can be read by others than its owner/);
  chmodSync(token, 0o600);
  writeFileSync(token, "two words\n");
  await says(/The token of the message gateway is empty or has blanks in it/);
  installation.settings({ key: "master.key", more: messagesSettings(receiver.url("/messages")).replace("token.file = \"messages.token\"", "token.environment = \"SALDO_TEST_TOKEN\"") });
  await says(/The environment variable SALDO_TEST_TOKEN, which the settings name for the token of the message gateway, is not set/);
});
