// The programs that are measured, and those that measure them: each on its own core.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const run_file = promisify(execFile);

export const server_core = 0;
export const client_core = 1;

/** Runs a program to its end on one core and returns what it printed. */
export async function run_on(core, program, args, { env = {}, ...options } = {}) {
    const { stdout } = await run_file("taskset", ["-c", String(core), program, ...args], {
        env: { ...process.env, ...env },
        maxBuffer: 1 << 28,
        ...options,
    });
    return stdout;
}

async function free_port() {
    const server = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Status and text of an answer; nothing when nobody listens. */
export function ask({ port, method = "GET", path, headers = {}, body }) {
    return new Promise((resolve) => {
        const request = http.request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
            const chunks = [];
            response.on("data", (chunk) => chunks.push(chunk));
            response.on("end", () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
            response.on("error", () => resolve(undefined));
        });
        request.on("error", () => resolve(undefined));
        request.end(body);
    });
}

/** A program that serves, until it is told to end. */
class Served {
    constructor(program, args, { on_exit }) {
        this.process = spawn("taskset", ["-c", String(server_core), program, ...args], { stdio: ["ignore", "ignore", "pipe"] });
        this.errors = "";
        this.process.stderr.on("data", (text) => (this.errors = (this.errors + text).slice(-4000)));
        this.ended = new Promise((resolve) => this.process.once("exit", resolve));
        this.ended.then((code) => on_exit?.(code));
    }

    get pid() {
        return this.process.pid;
    }

    /** Seconds from now until `is_ready` says so. */
    async ready(is_ready) {
        const begin = performance.now();
        while (!(await is_ready())) {
            if (this.process.exitCode !== null) throw new Error(`a server ended before it was ready: ${this.errors}`);
            if (performance.now() - begin > 120_000) throw new Error("a server was not ready in two minutes");
            await pause(1);
        }
        return (performance.now() - begin) / 1000;
    }

    /** The processor time that it and its children have taken, in seconds. */
    cpu_seconds() {
        const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, "utf8").split(" ").filter(Boolean);
        return [this.pid, ...children].reduce((sum, pid) => sum + cpu_seconds_of(pid), 0);
    }

    /** Waits until it does nothing of its own accord any more. */
    async rest() {
        for (let before = -1, now = this.cpu_seconds(); now - before > 0.02; now = this.cpu_seconds()) {
            before = now;
            await pause(1000);
        }
    }

    /** Resident memory in MiB: all of it, what is not a file's, and the most that it ever was. */
    memory() {
        const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
        const mib = (name) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))[1]) / 1024;
        return { resident: mib("VmRSS"), anonymous: mib("RssAnon"), highest: mib("VmHWM") };
    }

    /** Octets that it has read from files so far, from the disk or from the system's memory. */
    octets_read() {
        return Number(readFileSync(`/proc/${this.pid}/io`, "utf8").match(/^rchar: (\d+)$/m)[1]);
    }

    async end() {
        this.process.kill("SIGTERM");
        await this.ended;
    }
}

const ticks_a_second = 100;

/** utime and stime, the fields 14 and 15; the name in field 2 may hold blanks. */
function cpu_seconds_of(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticks_a_second;
}

/** nginx with one worker, serving `files` ({path: bytes}), as fast as its settings make it. */
export async function start_nginx(folder, files, hooks) {
    rmSync(folder, { recursive: true, force: true });
    for (const [path, bytes] of Object.entries(files)) {
        mkdirSync(join(folder, "root", path, ".."), { recursive: true });
        writeFileSync(join(folder, "root", path), bytes);
    }
    mkdirSync(join(folder, "temporary"), { recursive: true });
    const port = await free_port();
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    writeFileSync(
        join(folder, "nginx.conf"),
        `${process.getuid() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    open_file_cache max=1000 inactive=1h;
    open_file_cache_valid 1h;
    default_type "application/json;charset=UTF-8";
    ${temporary.map((name) => `${name}_temp_path ${folder}/temporary/${name};`).join("\n    ")}
    server { listen 127.0.0.1:${port}; root ${folder}/root; }
}
`,
    );
    const nginx = new Served("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], hooks);
    nginx.port = port;
    await nginx.ready(() => ask({ port, path: "/" }));
    return nginx;
}

/** `saldo serve` on an installation that \`fill\` has made, with default settings but for those given. */
export async function start_saldo(program, installation, { cache_mib = 64, data = join(installation, "data") } = {}, hooks = {}) {
    const port = await free_port();
    const admin_port = await free_port();
    const config = join(installation, `saldo-${cache_mib}.toml`);
    const settings = `public_url = "http://127.0.0.1:${port}"
data = "${data}"
listen = "127.0.0.1:${port}"
admin.listen = "127.0.0.1:${admin_port}"
master_key.file = "${installation}/master.key"
server.cache_mib = ${cache_mib}
log.level = "warning"
`;
    writeFileSync(config, settings);
    const saldo = new Served(program, ["serve", "--config", config], hooks);
    Object.assign(saldo, { port, admin_port, config, ids: join(installation, "ids") });
    saldo.start_seconds = await saldo.ready(async () => (await ask({ port: admin_port, path: "/readyz" }))?.status === 200);
    saldo.access = JSON.parse(readFileSync(join(installation, "access.json"), "utf8"));
    return saldo;
}

/** A fresh token of a client for the API whose audience ends with `path`. */
export async function token_of(saldo, client_id, client_secret, path) {
    const body = JSON.stringify({ grant_type: "client_credentials", client_id, client_secret, audience: `http://127.0.0.1${path}` });
    const answer = await ask({
        port: saldo.port,
        method: "POST",
        path: "/oauth/token",
        headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
        body,
    });
    if (answer?.status !== 200) throw new Error(`no token: ${answer?.body}`);
    return JSON.parse(answer.body).access_token;
}

/** Fresh tokens, as the load programs want them in their environment. */
export async function tokens_of(saldo) {
    const { client_id, client_secret, operator_client_id, operator_client_secret } = saldo.access;
    return {
        STATUS_TOKEN: await token_of(saldo, client_id, client_secret, "/transaction/status/v2/transactions"),
        SHOP_TOKEN: await token_of(saldo, client_id, client_secret, "/transaction/management"),
        OPERATOR_TOKEN: await token_of(saldo, operator_client_id, operator_client_secret, "/saldo/v1"),
    };
}

/** Waits until the index has come to the end of the log: a newer program may have to build it again. */
export async function settle(program, installation) {
    const saldo = await start_saldo(program, installation);
    const { OPERATOR_TOKEN } = await tokens_of(saldo);
    const answer = await ask({ port: saldo.port, path: "/saldo/v1/trial-balance", headers: { Authorization: `Bearer ${OPERATOR_TOKEN}` } });
    if (answer?.status !== 200) throw new Error(`the trial balance is answered with ${answer?.status}: ${answer?.body}`);
    await saldo.end();
}

/** An installation with so many purchases, and sessions of one day, under `folder`: made once, kept. */
export async function filled(fill_program, folder, purchases, say, sessions = 0) {
    const installation = join(folder, sessions ? `${purchases}-and-${sessions}` : String(purchases));
    if (existsSync(join(installation, "access.json"))) return installation;
    const what = `${purchases.toLocaleString("en-US")} purchases${sessions ? ` and ${sessions.toLocaleString("en-US")} sessions` : ""}`;
    say(`filling a store with ${what}; it is kept in ${installation}`);
    rmSync(installation, { recursive: true, force: true });
    await run_file(fill_program, [installation, String(purchases), String(sessions)], { maxBuffer: 1 << 28 });
    return installation;
}
