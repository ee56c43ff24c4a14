// kill -9 while clients write: what was answered is there, and nothing is there by half.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { amountOnly } from "./lib/purchases.mjs";
import { Server, run, temporaryDirectory } from "./lib/server.mjs";

const rounds = 3;
const writers = 8;

test("every acknowledged write survives kill -9, whole and once", async (t) => {
  const data = temporaryDirectory(t);
  const purchases = new Map(); // id -> what we know of it
  const answers = []; // what was sent under a key, and what came back
  let credentials;
  let now = "2020-03-10T18:06:52.438+01:00";
  let number = 0;

  for (let round = 0; round < rounds; round += 1) {
    const server = await Server.start({ data, now });
    t.after(() => server.kill());
    credentials ??= { shop: server.shop, operator: server.operator };
    const shop = server.as(credentials.shop.constructor, credentials.shop.id, credentials.shop.secret);
    const operator = server.as(credentials.operator.constructor, credentials.operator.id, credentials.operator.secret);
    await Promise.all([check(shop, operator, purchases), repeat(answers, shop, operator)]);

    let written = 0;
    let running = true;
    const target = 60 + 40 * round;
    const write = async () => {
      while (running) {
        const key = `write-${number++}`;
        const options = { headers: { "Idempotency-Key": key } };
        const known = [...purchases.keys()];
        const id = known[Math.floor((number * 7919) % Math.max(known.length, 1))];
        // What is under way when the process dies may or may not have happened: it is counted apart.
        const purchase = purchases.get(id);
        if (number % 3 === 0 || !id) {
          const { body, text } = await shop.authorize(amountOnly(100), options);
          purchases.set(body.ratepay_transaction_id, { captured: 0, paid: 0, maybeCaptured: 0, maybePaid: 0 });
          answers.push({ kind: "authorize", body: amountOnly(100), options, text });
        } else if (number % 3 === 1) {
          purchase.maybeCaptured += 1;
          const answer = await shop.capture(id, { gross_amount: 0.01 }, options);
          purchase.maybeCaptured -= 1;
          purchase.captured += 1;
          answers.push({ kind: "capture", id, body: { gross_amount: 0.01 }, options, text: answer.text });
        } else {
          purchase.maybePaid += 1;
          const answer = await operator.pay(id, { type: "DEBIT", amount: 0.01 }, options);
          purchase.maybePaid -= 1;
          purchase.paid += 1;
          answers.push({ kind: "pay", id, body: { type: "DEBIT", amount: 0.01 }, options, text: answer.text });
        }
        written += 1;
        if (written === target) {
          running = false;
          await server.kill();
        }
      }
    };
    // A writer ends when the server is gone under it: whatever it sent last was not answered.
    await Promise.all(Array.from({ length: writers }, () => write().catch((error) => assert.ok(!running && error.code, error.stack))));
    assert.ok(written >= target);
    now = `2020-03-1${round + 1}T10:00:00+01:00`;
  }

  const verified = await run(["verify", "--data", data]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);

  const server = await Server.start({ data, now: "2020-03-20T10:00:00+01:00" });
  t.after(() => server.kill());
  const shop = server.as(credentials.shop.constructor, credentials.shop.id, credentials.shop.secret);
  const operator = server.as(credentials.operator.constructor, credentials.operator.id, credentials.operator.secret);
  await check(shop, operator, purchases);
  await repeat(answers, shop, operator);
  const [euros] = (await operator.trialBalance()).currencies;
  assert.equal(euros.debits, euros.credits);
  assert.equal((await server.stop()).code, 0);
});

/// What the store says against what the client was told. What was under way counts or not, but never by half.
async function check(shop, operator, purchases) {
  for (const [id, known] of purchases) {
    const status = await shop.status(id);
    const { open_claim: claim } = status.payment_information.payment_status;
    const captures = claim.current_claim.shop_claims.claims.length;
    const payments = claim.settlement.settlements.length;
    assert.ok(captures >= known.captured && captures <= known.captured + known.maybeCaptured, `${id}: ${captures} captures, ${known.captured} answered`);
    assert.ok(payments >= known.paid && payments <= known.paid + known.maybePaid, `${id}: ${payments} payments, ${known.paid} answered`);
    assert.equal(Math.round(claim.amount * 100), captures - payments);
    const { events } = await operator.events(id);
    assert.deepEqual(events.map((one) => one.seq), events.map((_, index) => index + 1));
    assert.equal(events.length, 1 + captures + payments);
  }
}

/// Sending an answered request again gives the same answer and writes nothing. (The address is another one now.)
async function repeat(answers, shop, operator) {
  const bare = (text) => text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "");
  for (const { kind, id, body, options, text } of answers.slice(-30)) {
    const again =
      kind === "authorize" ? await shop.authorize(body, options) : kind === "capture" ? await shop.capture(id, body, options) : await operator.pay(id, body, options);
    assert.equal(bare(again.text), bare(text));
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
  await assert.rejects(Server.start({ data }), /ended before it was ready/);
  await server.shop.authorize(amountOnly(1));
});

test("without --data the sandbox leaves nothing behind", async (t) => {
  const server = await Server.start();
  t.after(() => server.kill());
  await server.shop.authorize(amountOnly(1));
  assert.ok(existsSync(server.data));
  await server.stop();
  assert.equal(existsSync(server.data), false);
});
