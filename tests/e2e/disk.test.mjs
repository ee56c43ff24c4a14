// A server whose disk has no room left: it says so, goes on reading, and loses nothing that it acknowledged.
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { amountOnly } from "./lib/purchases.mjs";
import { Server, binary, run, temporaryDirectory } from "./lib/server.mjs";

const now = "2020-03-10T10:00:00Z";

/// The program, none of whose files may grow beyond so many KiB: to it that is a disk without room.
function onSmallDisk(t, kib) {
  const script = path.join(temporaryDirectory(t), "saldo");
  writeFileSync(script, `#!/bin/bash\ntrap '' XFSZ\nulimit -f ${kib}\nexec "${binary()}" "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}

test("a full disk refuses writes with 503, keeps reading, and goes on when there is room again", async (t) => {
  const data = temporaryDirectory(t);
  const server = await Server.start({ data, now, program: onSmallDisk(t, 700) });
  t.after(() => server.kill());
  const answered = [];
  const refused = [];
  for (let i = 0; refused.length < 20 && i < 3000; i += 1) {
    const key = `key-${i}`;
    const { status, body } = await server.shop.authorize(amountOnly(1), { headers: { "Idempotency-Key": key }, expect: [201, 503] });
    if (status === 201) answered.push({ key, id: body.ratepay_transaction_id });
    else refused.push(key);
  }
  assert.ok(answered.length > 20, `${answered.length} answered`);
  assert.equal(refused.length, 20);
  for (const { id } of answered.slice(-20)) await server.shop.status(id);
  await server.kill();

  const again = await Server.start({ data, now: "2020-03-10T11:00:00Z" });
  t.after(() => again.kill());
  const shop = again.as(server.shop.constructor, server.shop.id, server.shop.secret);
  for (const { id } of answered) await shop.transaction(id);
  for (const { key, id } of answered.slice(-10))
    assert.equal((await shop.authorize(amountOnly(1), { headers: { "Idempotency-Key": key } })).body.ratepay_transaction_id, id);
  const ids = new Set(answered.map((one) => one.id));
  for (const key of refused) {
    const { body } = await shop.authorize(amountOnly(1), { headers: { "Idempotency-Key": key } });
    assert.ok(!ids.has(body.ratepay_transaction_id));
    ids.add(body.ratepay_transaction_id);
  }
  await again.stop();
  const verified = await run(["verify", "--data", data, "--json"]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  t.diagnostic(`${answered.length} answered before the disk was full`);
});
