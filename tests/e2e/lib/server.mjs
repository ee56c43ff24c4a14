// The real binary as a process: started, asked, stopped, killed.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Operator, Shop } from "./client.mjs";

/// The binary under test: SALDO_BINARY (or SALDO, as ./dev says it), else the release build, else the development build.
export function binary() {
  const named = process.env.SALDO_BINARY ?? process.env.SALDO;
  if (named) return path.resolve(named);
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const found = ["release", "dev"].map((build) => path.join(root, "build", build, "saldo")).find(existsSync);
  if (!found) throw new Error("there is no binary: build one (./dev build) or name it by SALDO_BINARY");
  return found;
}

/// Runs the command line to its end: {code, signal, stdout, stderr}.
export function run(args, { program = binary(), input = "" } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/// Like `run` for a command that must succeed and prints JSON.
export async function runJson(args, options) {
  const { code, stdout, stderr } = await run(args, options);
  if (code !== 0) throw new Error(`saldo ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

export class Server {
  #child;
  #ended;
  #clients = [];
  stderr = "";

  /// Starts a sandbox on a free port and waits for the line that says it is ready. Options: `now` sets the clock,
  /// `data` a directory to keep, `args` more arguments, `env` more environment, `program` another binary.
  static async start({ now, data, args = [], env = {}, program = binary() } = {}) {
    const server = new Server();
    const whole = ["dev", "--listen", "127.0.0.1:0", "--json"];
    if (now) whole.push("--now", now);
    if (data) whole.push("--data", data);
    server.#child = spawn(program, [...whole, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    server.#ended = new Promise((resolve) => {
      server.#child.on("close", (code, signal) => resolve({ code, signal }));
      server.#child.on("error", (error) => resolve({ error }));
    });
    server.#child.stderr.setEncoding("utf8").on("data", (text) => (server.stderr += text));
    server.ready = JSON.parse(await server.#firstLine());
    server.url = server.ready.url;
    server.data = server.ready.data;
    server.shop = server.as(Shop, server.ready.client_id, server.ready.client_secret);
    server.operator = server.as(Operator, server.ready.operator_client_id, server.ready.operator_client_secret);
    return server;
  }

  #firstLine() {
    return new Promise((resolve, reject) => {
      let text = "";
      const limit = setTimeout(() => {
        this.kill();
        reject(new Error(`not ready after 15 s: ${this.stderr}`));
      }, 15_000);
      this.#child.stdout.setEncoding("utf8").on("data", (part) => {
        text += part;
        const end = text.indexOf("\n");
        if (end < 0) return;
        clearTimeout(limit);
        resolve(text.slice(0, end));
      });
      this.#ended.then(({ code, signal, error }) => {
        clearTimeout(limit);
        reject(error ?? new Error(`ended before it was ready (${code ?? signal}): ${this.stderr}`));
      });
    });
  }

  /// A client of this server with credentials of its own.
  as(Kind, id, secret) {
    const client = new Kind(this.url, id, secret);
    this.#clients.push(client);
    return client;
  }

  /// How the process ended, once it has: {code, signal}.
  get ended() {
    return this.#ended;
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  /// Ends the process as an operator would and returns how it ended: {code, signal}. Requests under way go on.
  async stop() {
    return this.#end("SIGTERM");
  }

  /// kill -9: no chance to finish anything.
  async kill() {
    return this.#end("SIGKILL");
  }

  async #end(signal) {
    this.#child.kill(signal);
    const ended = await this.#ended;
    for (const client of this.#clients) client.close();
    // A sanitizer's word counts even where every answer was right.
    const report = /^.*(ThreadSanitizer|AddressSanitizer|LeakSanitizer|runtime error:)/m.exec(this.stderr);
    if (report) throw new Error(`the server under test: ${this.stderr.slice(report.index, report.index + 4000)}`);
    return ended;
  }
}

/// A server for the tests of one `describe` or file: started before, stopped after. Returns a function that gives it.
/// `prepare` makes ready what all the tests use. (It is no `before` of its own: those of a file do not wait for each other.)
export function serverFor({ before, after }, { prepare = async () => {}, ...options } = {}) {
  let server;
  before(async () => {
    server = await Server.start(options);
    await prepare(server);
  });
  after(async () => {
    await server?.stop();
  });
  return () => server;
}

/// A directory of its own for a test, removed when the test is over.
export function temporaryDirectory(t) {
  const made = mkdtempSync(path.join(tmpdir(), "saldo-e2e-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
