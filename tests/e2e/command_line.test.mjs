// The command line beside a running server: it reads what the API reads, and writes through the server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { directDebit, purchase } from "./lib/purchases.mjs";
import { run, runJson, serverFor } from "./lib/server.mjs";
import { administer } from "./lib/tenants.mjs";

let id;
const server = serverFor({ before, after }, {
  now: "2020-03-10T18:06:52.438+01:00",
  prepare: async ({ shop, operator }) => {
    id = (await shop.authorize(purchase(directDebit))).body.ratepay_transaction_id;
    await shop.capture(id, { gross_amount: 170 });
    await operator.goTo("2020-03-20");
    await operator.pay(id, { type: "DEBIT", amount: 50, comment: "by telephone" });
  },
});

test("events and explain print what the API answers", async () => {
  assert.deepEqual(await administer(server(), ["events", id]), await server().operator.events(id));
  assert.deepEqual(await administer(server(), ["explain", id], { "as-of": "2020-03-15" }), await server().operator.explain(id, { as_of: "2020-03-15" }));
});

test("for people, explain says the open amount and why", async () => {
  const { code, stdout } = await run(["explain", id, "--data", server().data]);
  assert.equal(code, 0);
  for (const amount of ["120", "170", "50"]) assert.ok(stdout.includes(amount), stdout);
});

test("an unknown transaction ends with 1 and one sentence", async () => {
  for (const words of [["events"], ["explain"], ["subject", "show"]]) {
    const { code, stderr } = await run([...words, "00000000000000000000", "--data", server().data]);
    assert.equal(code, 1, words.join(" "));
    assert.match(stderr, /^saldo: .+\n$/);
  }
});

test("verify finds that all holds, while the server writes", async () => {
  const found = await administer(server(), ["verify"]);
  assert.equal(found.holds, true);
  assert.ok(found.events >= 3);
});

test("partners, shops and clients are listed, without secrets", async () => {
  const whole = JSON.stringify([
    await administer(server(), ["partner", "list"]),
    await administer(server(), ["shop", "list"]),
    await administer(server(), ["client", "list"]),
  ]);
  const { ready } = server();
  for (const word of [ready.partner_id, ready.partner_shop_id, ready.client_id, ready.operator_client_id]) assert.ok(whole.includes(word), word);
  for (const secret of [ready.client_secret, ready.operator_client_secret]) assert.ok(!whole.includes(secret));
});

test("an access request shows everything about the person; erasing needs a yes and leaves the amounts", async () => {
  const own = (await server().shop.authorize(purchase(directDebit))).body.ratepay_transaction_id;
  const shown = JSON.stringify(await administer(server(), ["subject", "show", own]));
  for (const word of ["Erika", "Mustermann", "1971-05-19", "erika@example.com", "Nikolaistr.", "DE44100500001654698497", "fruit knife"])
    assert.ok(shown.includes(word), word);

  assert.notEqual((await run(["subject", "erase", own, "--data", server().data])).code, 0);
  assert.equal((await server().shop.transaction(own)).body.buyer.person.last_name, "Mustermann");

  await administer(server(), ["subject", "erase", own], { yes: true });
  const after = await run(["subject", "show", own, "--data", server().data]);
  assert.ok(!after.stdout.includes("Mustermann"), after.stdout);
  await server().shop.get(server().shop.path(own), { expect: 451 });
  assert.equal((await server().shop.status(own)).shop_baskets[0].gross_amount, 170);
  assert.equal((await administer(server(), ["verify"])).holds, true);
});

test("production refuses to start and says what is wrong in one sentence", async () => {
  const { code, stderr } = await run(["serve", "--config", "/nowhere/saldo.toml"]);
  assert.notEqual(code, 0);
  assert.match(stderr, /\/nowhere\/saldo\.toml/);
  assert.equal(stderr.trim().split("\n").length, 1);
});

test("routes are listed for programs and for people", async () => {
  const routes = await runJson(["routes", "--json"]);
  const { stdout } = await run(["routes"]);
  for (const { path } of routes) assert.ok(stdout.includes(path), path);
});
