// Sessions of the hosted payment page from their creation to COMPLETED, as shops and buyers bring them about, with a
// receiver that takes their webhooks. One wrong answer, or a change of status that is not told, and there is no figure.
//
//   node bench/sessions.mjs SALDO [SECONDS]     alone, on a sandbox of its own; prints JSON
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { median, row } from "./figures.mjs";
import { server_core } from "./house.mjs";

const buyers = 64;

class Failed extends Error {}

/** One connection's worth of requests, each answered before the next. */
class Caller {
    constructor(port) {
        this.port = port;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    }

    ask(method, path, { headers = {}, body } = {}, expected) {
        return new Promise((resolve, reject) => {
            const all = body === undefined ? headers : { ...headers, "Content-Length": Buffer.byteLength(body) };
            const request = http.request({ host: "127.0.0.1", port: this.port, agent: this.agent, method, path, headers: all }, (response) => {
                let text = "";
                response.setEncoding("utf8").on("data", (part) => (text += part));
                response.on("end", () => {
                    if (response.statusCode === expected) resolve({ text, headers: response.headers });
                    else reject(new Failed(`${method} ${path} is answered with ${response.statusCode}: ${text.slice(0, 500)}`));
                });
            });
            request.on("error", reject);
            request.end(body);
        });
    }

    json(method, path, token, value, expected) {
        const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
        return this.ask(method, path, { headers, body: value && JSON.stringify(value) }, expected).then(({ text }) => JSON.parse(text));
    }

    form(path, cookie, fields) {
        const headers = { Cookie: cookie, "Content-Type": "application/x-www-form-urlencoded" };
        return this.ask("POST", path, { headers, body: new URLSearchParams(fields).toString() }, 303);
    }
}

/** Takes webhooks and counts what each session was told last. */
async function start_receiver() {
    const told = new Map();
    let requests = 0;
    const server = http.createServer((request, response) => {
        let text = "";
        request.setEncoding("utf8").on("data", (part) => (text += part));
        request.on("end", () => {
            requests += 1;
            const record = JSON.parse(text);
            told.set(record.session_id, record.session_status);
            response.writeHead(204).end();
        });
    });
    server.keepAliveTimeout = 60_000;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { told, count: () => requests, url: `http://127.0.0.1:${server.address().port}/hook`, stop: () => server.closeAllConnections() ?? server.close() };
}

const order = (shop, url, number) => ({
    order_data: {
        partner_transaction_id: `bench-${number}`,
        currency: "EUR",
        buyer: {
            language: "en",
            person: { first_name: "Alice", last_name: "Miller", date_of_birth: "1980-05-17" },
            contact: { email: `buyer${number}@example.com`, phone: "+4915112345678" },
            billing_address: { street: "Nussbaumstrasse", street_number: "12", zip_code: "10178", city: "Berlin", country_code: "DE" },
        },
        shop_baskets: [{ partner_shop_id: shop, gross_amount: 25 }],
    },
    url_data: { success_url: "https://shop.example/ok", cancel_url: "https://shop.example/no", failure_url: "https://shop.example/bad", webhook_url: url },
});

/** A whole session: made by the shop, opened, decided and approved by its buyer, read by the shop. */
async function live(caller, token, body) {
    const made = await caller.json("POST", "/pps/api/v1/session", token, body, 201);
    const opened = await caller.ask("GET", new URL(made.landing_page_url).pathname, {}, 303);
    const cookie = opened.headers["set-cookie"][0].split(";")[0];
    const page = `/pay/${made.session_id}`;
    const { text } = await caller.ask("GET", page, { headers: { Cookie: cookie } }, 200);
    const csrf = /name="csrf" value="([^"]*)"/.exec(text)[1];
    const method = /name="method"[^>]*? value="([^"]+)"/.exec(text)[1];
    await caller.form(`${page}/method`, cookie, { csrf, method });
    await caller.form(`${page}/sandbox`, cookie, { csrf, do: "approve" });
    const record = await caller.json("GET", `/pps/api/v1/session-record/${made.session_id}`, token, undefined, 200);
    if (record.session_status !== "COMPLETED") throw new Failed(`session ${made.session_id} is ${record.session_status}`);
    return made.session_id;
}

async function start_sandbox(program) {
    const saldo = spawn("taskset", ["-c", String(server_core), program, "dev", "--listen", "127.0.0.1:0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(saldo, "exit");
    const [line] = await once(createInterface({ input: saldo.stdout }), "line");
    const ready = JSON.parse(line);
    return { ...ready, port: Number(new URL(ready.url).port), end: () => (saldo.kill("SIGTERM"), ended) };
}

async function token_of(saldo, caller) {
    const body = { grant_type: "client_credentials", client_id: saldo.client_id, client_secret: saldo.client_secret, audience: "https://api.example" };
    const { text } = await caller.ask("POST", "/oauth/token", { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }, 200);
    return JSON.parse(text).access_token;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** As many sessions as go, by so many buyers at once: {per_second, sessions, webhooks, seconds, p50_ms, p99_ms, told_after_ms}. */
export async function measure_sessions_of(program, { seconds = 10 } = {}) {
    const [saldo, receiver] = await Promise.all([start_sandbox(program), start_receiver()]);
    try {
        const token = await token_of(saldo, new Caller(saldo.port));
        const took = [];
        const done = [];
        let number = 0;
        const begin = performance.now();
        const live_on = async () => {
            const caller = new Caller(saldo.port);
            while (performance.now() - begin < seconds * 1000) {
                const began = performance.now();
                done.push(await live(caller, token, order(saldo.partner_shop_id, receiver.url, ++number)));
                took.push(performance.now() - began);
            }
            caller.agent.destroy();
        };
        await Promise.all(Array.from({ length: buyers }, live_on));
        const elapsed = (performance.now() - begin) / 1000;

        // Two changes of status each: IN_PROGRESS, COMPLETED.
        const last = performance.now();
        while (!done.every((id) => receiver.told.get(id) === "COMPLETED")) {
            if (performance.now() - last > 60_000) throw new Failed("not every session was told to the receiver within a minute");
            await pause(5);
        }
        took.sort((left, right) => left - right);
        return {
            per_second: done.length / elapsed,
            sessions: done.length,
            seconds: elapsed,
            webhooks: receiver.count(),
            p50_ms: median(took),
            p99_ms: took[Math.floor(took.length * 0.99)],
            told_after_ms: performance.now() - last,
        };
    } finally {
        await saldo.end();
        receiver.stop();
    }
}

/** Row 11. */
export async function measure_sessions(bench) {
    const runs = [];
    for (let round = 0; round < bench.rounds; ++round) {
        bench.say(`sessions, round ${round + 1} of ${bench.rounds}`);
        runs.push(await measure_sessions_of(bench.programs.saldo, { seconds: bench.seconds }));
    }
    const figure = median(runs.map((one) => one.per_second));
    return [row({ number: "11", what: "sessions a second created and completed, webhooks told", figure, goal: 200, detail: { runs } })];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [program, seconds = "10"] = process.argv.slice(2);
    console.log(JSON.stringify(await measure_sessions_of(program, { seconds: Number(seconds) }), null, 1));
    process.exit(0);
}
