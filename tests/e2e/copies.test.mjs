// Backups and exports of a running server, stores made from them, and what is left when such a command is killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { amountOnly, purchase } from "./lib/purchases.mjs";
import { binary, run, runJson, Server, temporaryDirectory } from "./lib/server.mjs";

const kills = Number(process.env.SALDO_COPY_KILLS ?? 4);

/// A place for copies, and for stores made from them: they need the master key of the sandbox they came from.
class Copies {
  constructor(t, server) {
    this.folder = temporaryDirectory(t);
    this.server = server;
    this.number = 0;
  }
  file(name) {
    return path.join(this.folder, name);
  }
  of_server(words) {
    return runJson([...words, "--data", this.server.data, "--json"]);
  }
  /// A data directory without a store, and the key beside which one can be made.
  place() {
    const data = this.file(`data-${++this.number}`);
    mkdirSync(data, { mode: 0o700 });
    copyFileSync(path.join(this.server.data, "sandbox.key"), path.join(data, "sandbox.key"));
    return data;
  }
  async made(words) {
    const data = this.place();
    const made = await runJson([...words, "--data", data, "--json"]);
    assert.equal(made.holds, true);
    return { ...made, data };
  }
}

async function lives(server, count = 5) {
  const ids = [];
  for (let i = 0; i < count; i += 1) {
    const { ratepay_transaction_id: id } = (await server.shop.authorize(purchase({ partner_transaction_id: `order-${i}` }))).body;
    await server.shop.capture(id, { gross_amount: 170 });
    await server.operator.pay(id, { type: "DEBIT", amount: 20 + i });
    ids.push(id);
  }
  return ids;
}

/// While it lives, purchases are made; `end` gives those that were answered.
function load(server) {
  let running = true;
  const answered = [];
  const writer = async () => {
    while (running) answered.push((await server.shop.authorize(amountOnly(1))).body.ratepay_transaction_id);
  };
  const writers = Array.from({ length: 4 }, writer);
  return {
    answered,
    async end() {
      running = false;
      await Promise.all(writers);
    },
  };
}

test("a backup of a server under load has everything that was answered before it, and is restored as it was", async (t) => {
  const data = temporaryDirectory(t);
  const server = await Server.start({ data });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  const ids = await lives(server);
  const under_load = load(server);
  while (under_load.answered.length < 20) await new Promise(setImmediate);
  const before = [...under_load.answered];
  const made = await copies.of_server(["backup", copies.file("saldo.backup")]);
  await under_load.end();
  assert.equal(made.file, copies.file("saldo.backup"));
  assert.equal(made.octets, statSync(made.file).size);
  assert.equal(statSync(made.file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(copies.folder), ["saldo.backup"]);

  const verified = await copies.of_server(["backup", "verify", made.file]);
  assert.equal(verified.holds, true);
  assert.ok(verified.events >= 15 + before.length);

  const restored = await copies.made(["restore", made.file, "--no-erasures"]);
  assert.equal(restored.events, verified.events);
  assert.deepEqual(readdirSync(restored.data).sort(), ["index.db", "lock", "saldo.db", "sandbox.key"]);
  const again = await Server.start({ data: restored.data });
  t.after(() => again.kill());
  const shop = again.as(server.shop.constructor, server.shop.id, server.shop.secret);
  const operator = again.as(server.operator.constructor, server.operator.id, server.operator.secret);
  for (const id of ids) {
    assert.deepEqual((await operator.events(id)).events, (await server.operator.events(id)).events);
    assert.deepEqual((await operator.explain(id)).tree, (await server.operator.explain(id)).tree);
  }
  for (const id of before) await shop.transaction(id);
  assert.equal((await operator.search("order-3")).results.length, 1);
  // And it goes on.
  await shop.capture(before[0], { gross_amount: 1 });
  await again.stop();
  assert.equal((await runJson(["verify", "--data", restored.data, "--json"])).holds, true);
});

test("exporting what was imported gives the same bytes", async (t) => {
  const data = temporaryDirectory(t);
  const server = await Server.start({ data });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  const ids = await lives(server);
  await copies.of_server(["subject", "erase", ids[0], "--yes"]);
  const exported = await copies.of_server(["export", copies.file("one.jsonl")]);
  const text = readFileSync(exported.file, "utf8");
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], { saldo_export: 1 });
  assert.deepEqual(lines.at(-1).end, { events: exported.events, streams: exported.streams, digest: exported.digest });
  assert.equal(lines.filter((line) => line.type).length, exported.events);
  for (const secret of ["Mustermann", "erika@example.com", server.ready.client_secret]) assert.ok(!text.includes(secret));

  const imported = await copies.made(["import", exported.file, "--no-erasures"]);
  assert.equal(imported.events, exported.events);
  await runJson(["export", copies.file("two.jsonl"), "--data", imported.data, "--json"]);
  assert.equal(readFileSync(copies.file("two.jsonl"), "utf8"), text);

  const again = await Server.start({ data: imported.data });
  t.after(() => again.kill());
  const shop = again.as(server.shop.constructor, server.shop.id, server.shop.secret);
  assert.equal((await shop.transaction(ids[1])).body.buyer.person.last_name, "Mustermann");
  assert.deepEqual((await shop.transaction(ids[0], { expect: 451 })).body.reasons, ["ANONYMIZED_BY_BUYER"]);
});

test("an export with any line changed, moved or missing is refused, and nothing is made", async (t) => {
  const server = await Server.start({ data: temporaryDirectory(t) });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  await lives(server, 2);
  const { file } = await copies.of_server(["export", copies.file("whole.jsonl")]);
  const lines = readFileSync(file, "utf8").split("\n");
  const secrets = lines.findIndex((line) => line.includes(`"bucket"`));
  const damaged = {
    "a changed amount": lines.map((line) => line.replaceAll("17000", "17001")),
    "a changed date": lines.map((line) => line.replace(/"value_date":"20(\d\d)/, `"value_date":"19$1`)),
    "a missing event": lines.filter((_, index) => index !== secrets + 2),
    "two events in each other's place": lines.map((line, index) => (index === secrets ? lines[secrets + 1] : index === secrets + 1 ? lines[secrets] : line)),
    "a missing secret": lines.filter((_, index) => index !== 1),
    "no end": lines.slice(0, -2),
    "half a line at its end": [...lines.slice(0, -3), lines.at(-3).slice(0, 40)],
    "another head": ['{"saldo_export":2}', ...lines.slice(1)],
    "something behind its end": [...lines.slice(0, -1), lines[1], ""],
    "nothing in it": [""],
    "a blank more": lines.map((line, index) => (index === secrets ? line.replace("{", "{ ") : line)),
  };
  for (const [what, those] of Object.entries(damaged)) {
    writeFileSync(copies.file("damaged.jsonl"), those.join("\n"));
    const data = copies.place();
    const { code, stderr } = await run(["import", copies.file("damaged.jsonl"), "--no-erasures", "--data", data]);
    assert.equal(code, 1, `${what}: ${stderr}`);
    assert.match(stderr, /^saldo: Line \d+ of the export .*\.\n$/, what);
    assert.deepEqual(readdirSync(data).sort(), ["lock", "sandbox.key"], what);
  }
});

test("whoever was erased since does not come back with a copy", async (t) => {
  const server = await Server.start({ data: temporaryDirectory(t) });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  const [early, late, never] = await lives(server, 3);
  await copies.of_server(["subject", "erase", early, "--yes"]);
  const { file: backup } = await copies.of_server(["backup", copies.file("old.backup")]);
  const { file: exported } = await copies.of_server(["export", copies.file("old.jsonl")]);
  await copies.of_server(["subject", "erase", late, "--yes"]);
  const [after] = await lives(server, 1);
  await copies.of_server(["subject", "erase", after, "--yes"]);
  const { file: newer } = await copies.of_server(["backup", copies.file("new.backup")]);
  const list = copies.file("erasures");
  writeFileSync(list, `\n${early}\n\n${late}\n\n${after}\n`);

  for (const words of [
    ["restore", backup, "--erasures", list],
    ["restore", backup, "--erasures", newer],
    ["restore", "--erasures", server.data, backup],
    ["import", exported, "--erasures", list],
  ]) {
    const made = await copies.made(words);
    assert.equal(made.erased_again, 2, "a purchase that the copy does not know needs no erasure");
    assert.match(JSON.stringify(await runJson(["subject", "show", never, "--data", made.data, "--json"])), /Mustermann/);
    for (const id of [early, late]) {
      const shown = await runJson(["subject", "show", id, "--data", made.data, "--json"]);
      assert.equal(shown.erased, true);
      assert.ok(!JSON.stringify(shown).includes("Mustermann"));
    }
  }
  const unsaid = await run(["restore", backup, "--data", copies.place()]);
  assert.equal(unsaid.code, 2);
  assert.match(unsaid.stderr, /Who was erased since this copy was made\?/);
  writeFileSync(list, `${early}\n${late.slice(0, 7)}`);
  const torn = await run(["restore", backup, "--erasures", list, "--data", copies.place()]);
  assert.equal(torn.code, 3);
  assert.match(torn.stderr, /Line 2 of the erasures in .* is no transaction's id/);
});

test("an anchor kept elsewhere shows that the log was cut, and cannot be forged", async (t) => {
  const server = await Server.start({ data: temporaryDirectory(t) });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  await lives(server, 2);
  const { file: backup } = await copies.of_server(["backup", copies.file("before")]);
  const [later] = await lives(server, 1);
  const anchor = await copies.of_server(["anchor", copies.file("anchor")]);
  assert.equal(anchor.events, (await copies.of_server(["verify"])).events);
  const held = await copies.of_server(["verify", "--anchor", anchor.file]);
  assert.deepEqual([held.holds, held.anchored_at], [true, anchor.made_at]);
  assert.match((await run(["verify", "--data", server.data])).stdout, /What this cannot show: whether events were cut off the end of the log/);

  // A log without its newest purchase is sound in itself.
  const { data } = await copies.made(["restore", backup, "--no-erasures"]);
  assert.equal((await run(["verify", "--data", data])).code, 0);
  const cut = await run(["verify", "--data", data, "--anchor", anchor.file]);
  assert.equal(cut.code, 4);
  assert.match(cut.stdout, /In bucket \d+, behind position \d+: events are missing that the anchor of \S+ saw/);
  assert.ok(!cut.stdout.includes(later));

  const text = readFileSync(anchor.file, "utf8");
  for (const changed of [text.replace(/"position":\d+/, '"position":1'), text.replace(/.{4}"\}\n$/, '0000"}\n'), "{}", text.slice(0, -5)]) {
    writeFileSync(copies.file("forged"), changed);
    const { code, stderr } = await run(["verify", "--data", data, "--anchor", copies.file("forged")]);
    assert.equal(code, 3);
    assert.match(stderr, /anchor/);
  }
});

test("nothing is written over, and no store is made where one is or a server runs", async (t) => {
  const server = await Server.start({ data: temporaryDirectory(t) });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  await lives(server, 1);
  const { file } = await copies.of_server(["backup", copies.file("taken")]);
  const refused = async (words, sentence, code = 1) => {
    const ended = await run(words);
    assert.equal(ended.code, code, ended.stderr);
    assert.equal(ended.stderr.trim().split("\n").length, 1);
    assert.match(ended.stderr, sentence);
  };
  const content = readFileSync(file);
  await refused(["backup", file, "--data", server.data], /There is a file .*taken already; it is left as it is\./);
  await refused(["export", file, "--data", server.data], /There is a file .*taken already/);
  assert.deepEqual(readFileSync(file), content);
  await refused(["restore", file, "--no-erasures", "--data", server.data], /is in use by process \d+/, 3);
  await server.stop();
  const restored = await copies.made(["restore", file, "--no-erasures"]);
  await refused(["restore", file, "--no-erasures", "--data", restored.data], /There is a store in .* already; it is left as it is\./);
  await refused(["backup", copies.file("no/where"), "--data", restored.data], /cannot be made/, 3);
  await refused(["restore", copies.file("nothing"), "--no-erasures", "--data", copies.place()], /cannot be read/, 3);
  await refused(["restore", path.join(restored.data, "sandbox.key"), "--no-erasures", "--data", copies.place()], /is no backup of Saldo/, 3);
  await refused(["restore", path.join(restored.data, "saldo.db"), "--no-erasures", "--data", copies.place()], /was not made by `saldo backup`/, 3);
});

test("a damaged backup is found out, and no store is made from it", async (t) => {
  const server = await Server.start({ data: temporaryDirectory(t) });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  await lives(server, 3);
  const { file } = await copies.of_server(["backup", copies.file("whole")]);
  const bytes = readFileSync(file);
  const damaged = copies.file("damaged");
  const body = bytes.indexOf("17000");
  for (const [from, what] of [
    [body, "an amount"],
    [bytes.length >> 1, "the end"],
  ]) {
    const changed = Buffer.from(what === "the end" ? bytes.subarray(0, from) : bytes);
    if (what !== "the end") changed[from] ^= 1;
    writeFileSync(damaged, changed);
    const { code, stdout, stderr } = await run(["backup", "verify", damaged, "--data", server.data]);
    assert.ok(code === 4 || code === 3, `${what}: ${code} ${stdout}${stderr}`);
    const data = copies.place();
    const restored = await run(["restore", damaged, "--no-erasures", "--data", data]);
    assert.equal(restored.code, code);
    assert.deepEqual(readdirSync(data).sort(), ["lock", "sandbox.key"]);
  }
});

test("on a full disk no copy and no store is made, and one sentence says why", async (t) => {
  const server = await Server.start({ data: temporaryDirectory(t) });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  await lives(server, 3);
  const { file: backup } = await copies.of_server(["backup", copies.file("backup")]);
  const { file: exported } = await copies.of_server(["export", copies.file("export")]);
  const before = readdirSync(copies.folder);
  for (const words of [["backup", copies.file("full")], ["export", copies.file("full")], ["restore", backup, "--no-erasures"], ["import", exported, "--no-erasures"]]) {
    const data = ["restore", "import"].includes(words[0]) ? copies.place() : server.data;
    // No file may grow beyond 8 KiB: to the program that is a disk without room.
    const script = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`;
    const { code, stderr } = await run(["-c", script, binary(), ...words, "--data", data], { program: "bash" });
    assert.equal(code, 3, `${words[0]}: ${stderr}`);
    assert.match(stderr, /^saldo: .*\.\n$/);
    if (data !== server.data) assert.deepEqual(readdirSync(data).sort(), ["lock", "sandbox.key"]);
  }
  assert.deepEqual(readdirSync(copies.folder).filter((name) => !name.startsWith("data-")), before);
});

/// Starts a command and kills it within its time; whether it was still running then.
function killed(words, milliseconds) {
  return new Promise((resolve) => {
    const child = spawn(binary(), words, { stdio: "ignore" });
    const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve(signal === "SIGKILL");
    });
  });
}

test("killed at any time, no command leaves a half that looks like a whole, and the next one succeeds", async (t) => {
  const server = await Server.start({ data: temporaryDirectory(t) });
  t.after(() => server.kill());
  const copies = new Copies(t, server);
  await lives(server, 60);
  const began = process.hrtime.bigint();
  const { file: backup } = await copies.of_server(["backup", copies.file("backup")]);
  const { file: exported } = await copies.of_server(["export", copies.file("export")]);
  await copies.made(["restore", backup, "--no-erasures"]);
  const longest = Number(process.hrtime.bigint() - began) / 1e6 / 2;
  const whole = readFileSync(exported, "utf8");
  for (let i = 0; i < kills; i += 1) {
    const at = (longest * (i + 0.5)) / kills;
    for (const kind of ["backup", "export", "restore", "import"]) {
      const target = copies.file(`${kind}-${i}`);
      if (kind === "backup" || kind === "export") {
        const was_killed = await killed([kind, target, "--data", server.data], at);
        if (was_killed && !existsSync(target)) await copies.of_server([kind, target]);
        if (kind === "export") assert.equal(readFileSync(target, "utf8"), whole);
        else assert.equal((await copies.of_server(["backup", "verify", target])).holds, true);
        assert.ok(!existsSync(`${target}.unfinished`));
      } else {
        const data = copies.place();
        const words = [kind, kind === "restore" ? backup : exported, "--no-erasures", "--data", data];
        await killed(words, at);
        if (!existsSync(path.join(data, "saldo.db"))) {
          if (existsSync(path.join(data, "unfinished"))) {
            const refused = await run(["dev", "--listen", "127.0.0.1:0", "--data", data]);
            assert.equal(refused.code, 3);
            assert.match(refused.stderr, /was not finished: repeat it, or remove /);
          }
          await runJson([...words, "--json"]);
        }
        assert.equal((await runJson(["verify", "--data", data, "--json"])).holds, true);
        await runJson(["export", `${target}.jsonl`, "--data", data, "--json"]);
        assert.equal(readFileSync(`${target}.jsonl`, "utf8"), whole);
      }
    }
  }
});
