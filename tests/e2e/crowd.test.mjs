// Connections that only stand there, readers and writers as slow as can be, no descriptors left: the server goes on answering the others.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import net from "node:net";
import { test } from "node:test";
import { amountOnly } from "./lib/purchases.mjs";
import { exchange } from "./lib/raw.mjs";
import { Server, binary, temporaryDirectory } from "./lib/server.mjs";

const crowd = Number(process.env.SALDO_CONNECTIONS ?? 500);

/// A connection that is open, or the error.
function connected(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(socket));
    socket.on("error", () => resolve(undefined));
  });
}

function gone(sockets) {
  for (const socket of sockets) socket?.destroy();
}

/// The same purchase, made and read, as often as asked; the slowest of it in milliseconds.
async function answers(server, times) {
  let slowest = 0;
  for (let i = 0; i < times; i += 1) {
    const began = performance.now();
    const { ratepay_transaction_id: id } = (await server.shop.authorize(amountOnly(1))).body;
    await server.shop.status(id);
    slowest = Math.max(slowest, performance.now() - began);
  }
  return slowest;
}

test(`${crowd} idle connections keep nobody from an answer`, async (t) => {
  const server = await Server.start();
  t.after(() => server.kill());
  await answers(server, 3);
  const sockets = [];
  t.after(() => gone(sockets));
  for (let i = 0; i < crowd; i += 200) sockets.push(...(await Promise.all(Array.from({ length: Math.min(200, crowd - i) }, () => connected(server.port)))));
  assert.equal(sockets.filter(Boolean).length, crowd);
  const slowest = await answers(server, 20);
  // Those that stood there are answered too when they ask.
  let answered = 0;
  for (const socket of sockets.filter((one) => one && !one.destroyed).slice(0, 20)) {
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const text = await new Promise((resolve) => {
      let all = "";
      socket.setEncoding("utf8").on("data", (part) => (all += part));
      socket.on("close", () => resolve(all));
    });
    if (/^HTTP\/1\.1 200 /.test(text)) answered += 1;
  }
  assert.ok(answered > 0);
  t.diagnostic(`${crowd} idle connections; the slowest authorisation and status together took ${slowest.toFixed(0)} ms`);
});

test("readers that never read and writers that send an octet now and then hold up nobody", async (t) => {
  const server = await Server.start();
  t.after(() => server.kill());
  const { ratepay_transaction_id: id } = (await server.shop.authorize(amountOnly(1))).body;
  const token = await server.shop.token("https://api.example/transaction/management");
  const request = `GET /transaction/management/v2/transactions/${id} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const sockets = [];
  t.after(() => gone(sockets));
  // Each asks for far more than its socket's buffers hold, and reads nothing of it.
  for (let i = 0; i < 20; i += 1) {
    const socket = await connected(server.port);
    socket.pause();
    socket.on("error", () => {});
    socket.write(request.repeat(3000));
    sockets.push(socket);
  }
  const dripping = [];
  for (let i = 0; i < 20; i += 1) {
    const socket = await connected(server.port);
    socket.on("error", () => {});
    sockets.push(socket);
    let at = 0;
    const timer = setInterval(() => !socket.destroyed && socket.write(request[at++ % request.length]), 20);
    dripping.push(timer);
  }
  t.after(() => dripping.forEach(clearInterval));
  const slowest = await answers(server, 30);
  t.diagnostic(`20 that do not read and 20 that drip; the slowest answer took ${slowest.toFixed(0)} ms`);
});

/// A sandbox that may open so many descriptors.
async function serverWithDescriptors(t, most) {
  const data = temporaryDirectory(t);
  const first = await Server.start({ data });
  await first.stop();
  const child = spawn("bash", ["-c", `ulimit -n ${most}; exec "$0" dev --listen 127.0.0.1:0 --json --data "$1"`, binary(), data], { stdio: ["ignore", "pipe", "ignore"] });
  t.after(() => child.kill("SIGKILL"));
  const line = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      if (text.includes("\n")) resolve(text);
    });
    child.on("close", (code) => reject(new Error(`ended with ${code}`)));
  });
  const { url } = JSON.parse(line);
  const shop = first.as(first.shop.constructor, first.shop.id, first.shop.secret);
  return { shop: new first.shop.constructor(url, shop.id, shop.secret), port: Number(new URL(url).port) };
}

test("without a descriptor left, connections that are there are served, and new ones as soon as others go", async (t) => {
  const server = await serverWithDescriptors(t, 64);
  t.after(() => server.shop.close());
  await answers(server, 1); // its connection is there from now on
  const sockets = await Promise.all(Array.from({ length: 150 }, () => connected(server.port)));
  t.after(() => gone(sockets));
  await answers(server, 10);
  gone(sockets);
  // Until the server has seen that others are gone it turns new ones away at once.
  let status;
  for (let tries = 0; tries < 500 && status === undefined; ++tries)
    status = (await exchange(server.port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).responses[0]?.status;
  assert.equal(status, 200);
  await answers(server, 10);
});
