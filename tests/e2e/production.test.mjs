// `saldo serve`: a store made by the command line before any server ran, a server on it, and every reason not to start.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Shop } from "./lib/client.mjs";
import { Installation, publicUrl } from "./lib/installation.mjs";
import { purchase } from "./lib/purchases.mjs";
import { run, Server } from "./lib/server.mjs";

test("a store made before the first start is served, linked by its public address, and watched", async (t) => {
  const installation = await Installation.make(t);
  const server = await installation.serve(t);
  const made = (await server.shop.authorize(purchase({ shop_baskets: [{ partner_shop_id: "berlin", gross_amount: 50 }] }))).body;
  assert.equal(made._links.self.href, `${publicUrl}/transaction/management/v2/transactions/${made.ratepay_transaction_id}`);
  assert.equal((await server.shop.status(made.ratepay_transaction_id)).shop_baskets[0].partner_shop_name, "fruits and more");

  // No sandbox here: neither its clock nor the admin routes are on the world's address.
  for (const way of ["/saldo/v1/clock", "/livez", "/readyz", "/metrics"])
    assert.equal((await fetch(server.ready.listening + way)).status, 404, way);
  for (const way of ["/livez", "/readyz"]) assert.equal((await fetch(server.admin + way)).status, 200, way);
  const metrics = await (await fetch(`${server.admin}/metrics`)).text();
  assert.match(metrics, /saldo_requests_total\{method="POST",route="\/transaction\/management\/v2\/transactions",status="201"\} 1/);
  assert.match(metrics, /saldo_events_total 1\n/);
  assert.ok(!metrics.includes(made.ratepay_transaction_id));

  // While it runs the command line writes through it, and a new client is let in at once.
  const more = await installation.administer(["client", "add", "--partner", installation.partnerId]);
  const other = new Shop(server.ready.listening, more.client_id, more.client_secret);
  t.after(() => other.close());
  await other.transaction(made.ratepay_transaction_id);
  await installation.administer(["client", "revoke", more.client_id]);
  await other.transaction(made.ratepay_transaction_id, { expect: 401 });

  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  assert.ok(!existsSync(path.join(installation.data, "control.sock")));
  const log = server.lines.join("\n");
  for (const secret of [installation.api.client_secret, more.client_secret, "Mustermann", "erika@example.com", readFileSync(installation.key, "utf8").trim()])
    assert.ok(!log.includes(secret));
  assert.ok(server.lines.some((line) => JSON.parse(line).route === "/transaction/management/v2/transactions"));
  for (const line of server.lines) assert.ok(!line.includes(made.ratepay_transaction_id), line);

  const found = await installation.administer(["verify"]);
  assert.equal(found.holds, true);
});

test("what was written is served after a restart; the master key may come from the environment", async (t) => {
  const installation = await Installation.make(t);
  const first = await installation.serve(t);
  const { ratepay_transaction_id: id } = (await first.shop.authorize(purchase({ shop_baskets: [{ partner_shop_id: "berlin", gross_amount: 50 }] }))).body;
  await first.stop();
  installation.settings({});
  const again = await installation.serve(t, { SALDO_TEST_KEY: readFileSync(installation.key, "utf8") });
  assert.equal((await again.shop.transaction(id)).body.buyer.person.last_name, "Mustermann");
  await again.stop();
});

test("the data directory and everything in it is for its owner alone", async (t) => {
  const installation = await Installation.make(t);
  const server = await installation.serve(t);
  assert.equal(statSync(installation.data).mode & 0o777, 0o700);
  for (const name of ["saldo.db", "index.db", "lock", "control.sock"]) assert.equal(statSync(path.join(installation.data, name)).mode & 0o077, 0, name);
  assert.equal(statSync(installation.key).mode & 0o777, 0o600);
  await server.stop();
});

async function refusal(installation, env = {}) {
  const { code, stdout, stderr } = await run(["serve", "--config", installation.config], { env });
  assert.equal(code, 3);
  assert.equal(stdout, "");
  assert.equal(stderr.trim().split("\n").length, 1, stderr);
  assert.match(stderr, /^saldo: /);
  return stderr;
}

test("it does not start on what it cannot serve safely, and says so in one sentence", async (t) => {
  const installation = await Installation.make(t);
  const as = async (changes, sentence) => {
    installation.settings({ key: "master.key", ...changes });
    assert.match(await refusal(installation), sentence);
  };
  await as({ more: "thread = 1" }, /saldo\.toml:5: `thread` is no setting; /);
  await as({ more: "[server]\nthreads = \"many\"" }, /saldo\.toml:6: `server\.threads` must be a whole number/);
  await as({ key: "nowhere.key" }, /nowhere\.key cannot be read .*`saldo key new /);
  await as({ key: null }, /The environment variable SALDO_TEST_KEY, which the settings name for the master key, is not set/);
  await installation.administer(["key", "new", path.join(installation.folder, "other.key")]);
  await as({ key: "other.key" }, /The master key does not open this store's secret/);
  writeFileSync(path.join(installation.folder, "easy.key"), "00".repeat(32), { mode: 0o600 });
  await as({ key: "easy.key" }, /can be guessed/);
  chmodSync(installation.key, 0o644);
  await as({}, /can be read by others than its owner; `chmod 600 /);
  chmodSync(installation.key, 0o600);
  writeFileSync(path.join(installation.folder, "file"), "");
  await as({ data: "file" }, /file is not a directory/);
  await as({ data: "file/below" }, /cannot be made/);
  await as({ more: "tls.certificate = \"no.pem\"\ntls.key = \"no.key\"" }, /no\.(pem|key)/);
});

test("it does not serve a sandbox's store, whose secrets were printed, nor does a sandbox take production's", async (t) => {
  const installation = await Installation.make(t);
  const data = path.join(installation.folder, "sandbox");
  await (await Server.start({ data })).stop();
  installation.settings({ key: "sandbox/sandbox.key", data: "sandbox" });
  assert.match(await refusal(installation), /sandbox is a sandbox's: its secrets were printed/);

  const { code, stderr } = await run(["dev", "--listen", "127.0.0.1:0", "--data", installation.data]);
  assert.equal(code, 3);
  assert.match(stderr, /is not a sandbox's/);
});

test("a second server and the command line without a socket find the store in use", async (t) => {
  const installation = await Installation.make(t);
  const server = await installation.serve(t);
  assert.match(await refusal(installation), /is in use by process \d+/);
  await server.stop();
});

test("who is erased is noted apart from the data, and erased again when a backup from before is restored", async (t) => {
  const installation = await Installation.make(t);
  installation.settings({ key: "master.key", more: `erasures = "erasures"` });
  const list = path.join(installation.folder, "erasures");
  const server = await installation.serve(t);
  assert.equal(statSync(list).mode & 0o777, 0o600);
  const { ratepay_transaction_id: id } = (await server.shop.authorize(purchase({ shop_baskets: [{ partner_shop_id: "berlin", gross_amount: 50 }] }))).body;
  const backup = path.join(installation.folder, "backup");
  await installation.administer(["backup", backup]);
  await installation.administer(["subject", "erase", id, "--yes"]);
  assert.equal(readFileSync(list, "utf8").trim(), id);
  await server.stop();

  renameSync(installation.data, `${installation.data}.lost`);
  assert.equal((await installation.administer(["restore", backup])).erased_again, 1);
  const restored = await installation.serve(t);
  await restored.shop.transaction(id, { expect: 451 });
  await restored.stop();

  rmSync(list);
  renameSync(installation.data, `${installation.data}.again`);
  const without = await run(["restore", backup, "--config", installation.config]);
  assert.equal(without.code, 3);
  assert.match(without.stderr, /The erasures in .*erasures cannot be read/);
  installation.settings({ key: "master.key", more: `erasures = "no/where"` });
  assert.match(await refusal(installation), /The list of erasures .*no\/where cannot be written/);
});

test("a port that is taken is named", async (t) => {
  const installation = await Installation.make(t);
  const server = await installation.serve(t);
  const other = await Installation.make(t);
  const taken = new URL(server.ready.listening).host;
  writeFileSync(other.config, readFileSync(other.config, "utf8").replace(`listen = "127.0.0.1:0"`, `listen = "${taken}"`));
  assert.match(await refusal(other), new RegExp(taken.replaceAll(".", "\\.")));
  await server.stop();
});

test("reading commands say what they need when there is no store or no key", async (t) => {
  const installation = await Installation.make(t);
  const nothing = await run(["partner", "list", "--data", path.join(installation.folder, "nothing")]);
  assert.equal(nothing.code, 3);
  assert.match(nothing.stderr, /There is no store in /);
  assert.ok(!existsSync(path.join(installation.folder, "nothing")), "looking makes no directory");
  const keyless = await run(["verify", "--data", installation.data]);
  assert.equal(keyless.code, 3);
  assert.match(keyless.stderr, /--config, or set SALDO_MASTER_KEY/);
  assert.equal((await run(["partner", "list", "--data", installation.data])).code, 0);
  mkdirSync(path.join(installation.folder, "empty"));
  const empty = await run(["shop", "add", "--partner", "P", "--shop", "s", "--data", path.join(installation.folder, "empty")]);
  assert.equal(empty.code, 3);
  assert.match(empty.stderr, /There is no store in /);
});
