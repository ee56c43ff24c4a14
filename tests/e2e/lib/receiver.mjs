// A merchant's webhook receiver with faults: what it does with each request is written down beforehand, path by path.
import { createHmac } from "node:crypto";
import { EventEmitter, once } from "node:events";
import http from "node:http";

/// What a receiver can do with a request beside answering it with a status.
const faults = {
  reset: ({ request }) => request.socket.resetAndDestroy(),
  close: ({ request }) => request.socket.destroy(),
  hang: () => {},
  garbage: ({ request }) => request.socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
  redirect: ({ response, url }) => response.writeHead(302, { Location: url("/elsewhere") }).end(),
  /// A status at once, and a body that never ends.
  huge: ({ response }) => {
    response.writeHead(200, { "Content-Type": "text/plain" });
    const piece = "x".repeat(64 << 10);
    const go = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once("drain", go);
    };
    response.on("error", () => {});
    go();
  },
};

export class Receiver {
  #server;
  #scripts = new Map();
  #changed = new EventEmitter();
  /// Every request in the order in which it was there whole: {path, headers, text, body, at, step}.
  log = [];

  static async start() {
    const receiver = new Receiver();
    receiver.#changed.setMaxListeners(0);
    receiver.#server = http.createServer((request, response) => receiver.#take(request, response));
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  url = (path) => `http://127.0.0.1:${this.#server.address().port}${path}`;

  /// What the next requests to `path` get: statuses or names of faults, one after another; behind them 204 for ever.
  script(path, steps) {
    this.#scripts.set(path, [...steps]);
    return this.url(path);
  }

  at(path) {
    return this.log.filter((one) => one.path === path);
  }

  /// Resolves when `holds()` does, asked again after each request. Fails after `seconds`.
  async until(holds, { seconds = 40, what = "what was waited for did not come" } = {}) {
    let limit;
    const over = new Promise((_, reject) => {
      limit = setTimeout(() => reject(new Error(`${what}; ${this.log.length} requests came: ${this.#summary()}`)), seconds * 1000);
    });
    try {
      while (!holds()) await Promise.race([once(this.#changed, "request"), over]);
    } finally {
      clearTimeout(limit);
      over.catch(() => {});
    }
  }

  #summary() {
    return this.log.slice(-20).map((one) => `${one.path} ${one.headers["saldo-delivery-sequence"]} ${one.body?.session_status} ${one.step}`).join("; ");
  }

  #take(request, response) {
    const chunks = [];
    request.on("error", () => {});
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const path = new URL(request.url, "http://receiver").pathname;
      const step = this.#scripts.get(path)?.shift() ?? 204;
      const text = Buffer.concat(chunks).toString("utf8");
      this.log.push({ path, url: request.url, method: request.method, headers: request.headers, text, body: parsed(text), at: Date.now(), step });
      if (typeof step === "number") response.writeHead(step).end();
      else faults[step]({ request, response, url: this.url });
      this.#changed.emit("request");
    });
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/// Whether the secret signed this request, in so many seconds around now.
export function isSigned({ headers, text }, secret, { now = Date.now() / 1000, tolerance = 60 } = {}) {
  const [, t, signature] = /^t=(\d+),v1=([A-Za-z0-9+/]+=*)$/.exec(headers["x-signature"] ?? "") ?? [];
  if (!t || Math.abs(now - Number(t)) > tolerance) return false;
  return createHmac("sha256", secret).update(`${t}.${text}`).digest("base64") === signature;
}
