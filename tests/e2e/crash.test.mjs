// kill -9 while clients write: what was answered is there, and nothing is there by half.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { amountOnly } from "./lib/purchases.mjs";
import { Server, run, temporaryDirectory } from "./lib/server.mjs";

const rounds = Number(process.env.SALDO_KILLS ?? 10);
const seed = Number(process.env.SALDO_SEED ?? 1);
const writers = 8;

/// Numbers from 0 up to and without `below`, the same for the same seed.
function chance(start) {
  let state = start;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/// What a client of the server knows: what it asked for under which key, and what was answered.
class Record {
  purchases = new Map(); // id -> how many captures and payments of a cent were asked for
  answered = [];
  unanswered = new Set(); // sent, and nothing came back: it may have happened
  number = 0;

  /// A command that was not sent before.
  next(random) {
    const ids = [...this.purchases.keys()];
    const key = `key-${this.number++}`;
    const kind = ids.length === 0 || random(3) === 0 ? "authorize" : random(2) ? "capture" : "pay";
    return { kind, key, id: kind === "authorize" ? undefined : ids[random(ids.length)] };
  }

  async send(command, { shop, operator }) {
    const options = { headers: { "Idempotency-Key": command.key } };
    this.unanswered.add(command);
    const answer =
      command.kind === "authorize"
        ? await shop.authorize(amountOnly(100), options)
        : command.kind === "capture"
          ? await shop.capture(command.id, { gross_amount: 0.01 }, options)
          : await operator.pay(command.id, { type: "DEBIT", amount: 0.01 }, options);
    this.unanswered.delete(command);
    return answer;
  }

  /// What an answer adds to the record, or nothing if it repeats one.
  note(command, { body, text }) {
    if (command.text !== undefined) return assert.equal(bare(text), bare(command.text), "the same key, another answer");
    command.text = text;
    this.answered.push(command);
    if (command.kind === "authorize") {
      const id = body.ratepay_transaction_id;
      assert.ok(!this.purchases.has(id), "two authorisations under two keys gave one purchase");
      this.purchases.set(id, { capture: 0, pay: 0 });
    } else this.purchases.get(command.id)[command.kind] += 1;
  }
}

/// The address is another one after each start.
const bare = (text) => text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "");

test(`every acknowledged write survives kill -9, whole and once: ${rounds} kills`, async (t) => {
  const data = temporaryDirectory(t);
  const random = chance(seed);
  const record = new Record();
  let credentials;
  let repeated = 0;
  let unknown = 0;

  for (let round = 0; round <= rounds; round += 1) {
    const server = await Server.start({ data, now: new Date(Date.UTC(2020, 2, 10, 9, round)).toISOString() });
    t.after(() => server.kill());
    credentials ??= { shop: server.shop, operator: server.operator };
    const clients = {
      shop: server.as(credentials.shop.constructor, credentials.shop.id, credentials.shop.secret),
      operator: server.as(credentials.operator.constructor, credentials.operator.id, credentials.operator.secret),
    };
    // Unknown: whole or absent. Then sent again under their keys: once, whichever it was.
    const pending = [...record.unanswered];
    unknown += pending.length;
    await check(clients, record, sample(record, round === rounds ? Infinity : 25, random), pending);
    for (const command of pending) record.note(command, await record.send(command, clients));
    assert.equal(record.unanswered.size, 0);
    for (const command of sampleOf(record.answered, 10, random)) {
      record.note(command, await record.send(command, clients));
      repeated += 1;
    }
    if (round === rounds) {
      await check(clients, record, [...record.purchases.keys()], []);
      const [euros] = (await clients.operator.trialBalance()).currencies;
      assert.equal(euros.debits, euros.credits);
      assert.equal((await server.stop()).code, 0);
      break;
    }

    // Killed after some answers and some instants more: while writing, syncing, answering or waiting.
    let running = true;
    let left = random(60);
    const write = async () => {
      while (running) {
        const command = record.next(random);
        record.note(command, await record.send(command, clients));
        left -= 1;
        if (left === 0) setTimeout(() => server.kill().then(() => (running = false)), random(6));
      }
    };
    if (left === 0) setTimeout(() => server.kill().then(() => (running = false)), random(6));
    let gone = false;
    server.ended.then(() => (gone = true));
    await Promise.all(
      Array.from({ length: writers }, () =>
        write().catch(async (error) => {
          // A writer ends when the server is gone under it, and for no other reason.
          if (!error.code || error.code === "ERR_ASSERTION") throw error;
          await server.ended;
          assert.ok(gone);
        }),
      ),
    );
  }
  const verified = await run(["verify", "--data", data]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  t.diagnostic(`${rounds} kills, ${record.answered.length} answers, ${unknown} unknown at a kill, ${repeated} answers repeated; seed ${seed}`);
});

function sampleOf(list, count, random) {
  return count >= list.length ? list : Array.from({ length: count }, () => list[random(list.length)]);
}
/// The newest purchases, whose writes the last kill may have cut, and some of the others.
function sample(record, count, random) {
  const ids = [...record.purchases.keys()];
  return count >= ids.length ? ids : [...new Set([...ids.slice(-count), ...sampleOf(ids, count, random)])];
}

/// What the store says against what the client was told. What was under way counts or not, but never by half.
async function check({ shop, operator }, record, ids, pending) {
  for (const id of ids) {
    const known = record.purchases.get(id);
    const maybe = (kind) => pending.filter((one) => one.id === id && one.kind === kind).length;
    const status = await shop.status(id);
    const { open_claim: claim } = status.payment_information.payment_status;
    const captures = claim.current_claim.shop_claims.claims.length;
    const payments = claim.settlement.settlements.length;
    assert.ok(captures >= known.capture && captures <= known.capture + maybe("capture"), `${id}: ${captures} captures, ${known.capture} answered`);
    assert.ok(payments >= known.pay && payments <= known.pay + maybe("pay"), `${id}: ${payments} payments, ${known.pay} answered`);
    assert.equal(Math.round(claim.amount * 100), captures - payments);
    const { events } = await operator.events(id);
    assert.deepEqual(events.map((one) => one.seq), events.map((_, index) => index + 1));
    assert.equal(events.length, 1 + captures + payments);
  }
}

test("SIGTERM finishes the requests in flight and ends with 0", async (t) => {
  const data = temporaryDirectory(t);
  const server = await Server.start({ data });
  t.after(() => server.kill());
  await server.shop.authorize(amountOnly(1));
  const under_way = Array.from({ length: 30 }, () =>
    server.shop.authorize(amountOnly(1)).then(
      (answer) => answer.body.ratepay_transaction_id,
      (error) => error,
    ),
  );
  const first = await Promise.race(under_way);
  const stopped = await server.stop();
  const ended = await Promise.all(under_way);
  assert.ok(typeof first === "string");
  assert.deepEqual(stopped, { code: 0, signal: null });

  const again = await Server.start({ data });
  t.after(() => again.stop());
  const shop = again.as(server.shop.constructor, server.shop.id, server.shop.secret);
  for (const id of ended.filter((one) => typeof one === "string")) await shop.status(id);
});

test("a second server does not open a store that is in use", async (t) => {
  const data = temporaryDirectory(t);
  const server = await Server.start({ data });
  t.after(() => server.stop());
  const other = await run(["dev", "--listen", "127.0.0.1:0", "--data", data]);
  assert.equal(other.code, 3);
  assert.match(other.stderr, /^saldo: The data directory \S+ is in use by process \d+\.\n$/, "one sentence");
  await server.shop.authorize(amountOnly(1));
});

test("a clock that was set back starts no sandbox whose newest event is later", async (t) => {
  const data = temporaryDirectory(t);
  const server = await Server.start({ data, now: "2020-03-10T18:00:00+01:00" });
  t.after(() => server.kill());
  await server.shop.authorize(amountOnly(1));
  await server.stop();
  const back = await run(["dev", "--listen", "127.0.0.1:0", "--data", data, "--now", "2020-03-10T17:00:00+01:00"]);
  assert.equal(back.code, 3);
  assert.match(back.stderr, /^saldo: The clock cannot be set to 2020-03-10T16:00:00Z: the newest event of this sandbox was recorded at \S+Z\.\n$/);
});

test("without --data the sandbox leaves nothing behind", async (t) => {
  const server = await Server.start();
  t.after(() => server.kill());
  await server.shop.authorize(amountOnly(1));
  assert.ok(existsSync(server.data));
  await server.stop();
  assert.equal(existsSync(server.data), false);
});
