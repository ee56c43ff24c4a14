// The rows of the table. Each measurement takes a `bench` (programs, lengths, a way to say what happens) and returns rows.
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { median, row } from "./figures.mjs";
import { ask, client_core, run_on, server_core, start_nginx, start_saldo, tokens_of } from "./house.mjs";

const connections = 64;
/** Of the store's files. */
const page_size = 4096;
const document_path = (id) => `/transaction/status/v2/transactions/${id}`;

const first_id = (installation) => readFileSync(join(installation, "ids"), "utf8").split("\n", 1)[0];

/** Reads with wrk: what it saw, and how much of the server's processor it took. */
async function reads(bench, server, ids, tokens, { seconds = bench.seconds } = {}) {
    const wrk = (length) =>
        run_on(client_core, "wrk", ["-t1", `-c${connections}`, `-d${length}s`, "-s", bench.script, `http://127.0.0.1:${server.port}`, "--", ids], {
            env: { STATUS_TOKEN: tokens?.STATUS_TOKEN ?? "none" },
        });
    await wrk(1);
    const cpu_before = server.cpu_seconds();
    const octets_before = server.octets_read();
    const printed = await wrk(seconds);
    const cpu = server.cpu_seconds() - cpu_before;
    const octets = server.octets_read() - octets_before;
    const seen = JSON.parse(printed.trim().split("\n").at(-1));
    if (seen.errors > 0) throw new Error(`wrk counts ${seen.errors} answers that are no success`);
    return { ...seen, cpu, per_cpu_second: seen.requests / cpu, per_second: seen.requests / seen.seconds, pages_a_request: octets / page_size / seen.requests };
}

/** Reads or writes with our own client. */
async function load(bench, what, server, tokens, options) {
    const args = [what, String(server.port)];
    for (const [name, value] of Object.entries(options)) args.push(`--${name}`, String(value));
    const cpu_before = server.cpu_seconds();
    const seen = JSON.parse(await run_on(client_core, bench.programs.load, args, { env: tokens }));
    if (seen.refused > 0) throw new Error(`${what}: ${seen.refused} requests were refused`);
    return { ...seen, cpu: server.cpu_seconds() - cpu_before };
}

const writes = (bench, server, tokens, options) =>
    load(bench, "writes", server, tokens, { shop: server.access.partner_shop_id, ...options });

const column = (measured, name) => measured.map((one) => one[name]);
const per_round = (left, right, name) => left.map((one, round) => one[name] / right[round][name]);

/** A list with one id, and nginx with the very bytes that Saldo answers for it. */
async function hot_document(bench, saldo, installation) {
    const id = first_id(installation);
    const list = join(bench.folder, "hot-id");
    writeFileSync(list, `${id}\n`);
    const tokens = await tokens_of(saldo);
    const headers = { Authorization: `Bearer ${tokens.STATUS_TOKEN}`, "Content-Type": "application/json" };
    const answer = await ask({ port: saldo.port, path: document_path(id), headers });
    if (answer?.status !== 200) throw new Error(`the document is answered with ${answer?.status}: ${answer?.body}`);
    const nginx = await start_nginx(join(bench.folder, "nginx"), { [document_path(id)]: answer.body }, bench.hooks);
    const same = await ask({ port: nginx.port, path: document_path(id) });
    if (!same.body.equals(answer.body)) throw new Error("nginx and Saldo do not answer the same bytes");
    return { list, nginx, bytes: answer.body.length };
}

/** Rows 1, 2, 3 and 7. */
export async function measure_reads(bench) {
    const large = await start_saldo(bench.programs.saldo, bench.large, { cache_mib: 1 }, bench.hooks);
    const small = await start_saldo(bench.programs.saldo, bench.small, { cache_mib: 1 }, bench.hooks);
    const { list, nginx, bytes } = await hot_document(bench, large, bench.large);
    const seen = { nginx: [], hit: [], miss: [], miss_small: [] };
    for (let round = 0; round < bench.rounds; ++round) {
        bench.say(`reads, round ${round + 1} of ${bench.rounds}`);
        const tokens = { large: await tokens_of(large), small: await tokens_of(small) };
        seen.nginx.push(await reads(bench, nginx, list));
        seen.hit.push(await reads(bench, large, list, tokens.large));
        seen.miss.push(await reads(bench, large, large.ids, tokens.large));
        seen.miss_small.push(await reads(bench, small, small.ids, tokens.small));
    }
    const memory = large.memory();
    await Promise.all([large.end(), small.end(), nginx.end()]);

    const references = column(seen.nginx, "per_cpu_second");
    const ratio = (subject) => median(column(subject, "per_cpu_second")) / median(references);
    const pages = (measured) => median(column(measured, "pages_a_request"));
    const p99 = (measured) => median(column(measured, "p99_ms"));
    const p50 = (measured) => median(column(measured, "p50_ms"));
    const rows = [
        row({
            number: "1", what: "status GET, cache hit, against nginx static", figure: ratio(seen.hit), goal: 1, aim: 1.15, references,
            detail: { document_bytes: bytes, nginx: seen.nginx, saldo: seen.hit },
        }),
        row({
            number: "2", what: `status GET, cache miss, uniform over ${bench.name_of(bench.large_count)}`, figure: ratio(seen.miss), goal: 0.35, aim: 0.5, references,
            detail: { saldo: seen.miss },
        }),
        row({
            number: "3", what: "p99 of 1 at 64 connections, against nginx's", figure: p99(seen.hit) / p99(seen.nginx), goal: 1.2, aim: 0.8, better: "lower",
            references: column(seen.nginx, "p99_ms"), detail: { nginx_p99_ms: p99(seen.nginx), saldo_p99_ms: p99(seen.hit) },
        }),
        row({
            number: "7", what: `p50 of 2, ${bench.name_of(bench.large_count)} against ${bench.name_of(bench.small_count)}`,
            figure: median(per_round(seen.miss, seen.miss_small, "p50_ms")), goal: 1.25, aim: 1.1, better: "lower",
            references: column(seen.miss_small, "p50_ms"), detail: { large_p50_ms: p50(seen.miss), small_p50_ms: p50(seen.miss_small), small: seen.miss_small },
        }),
        row({
            number: "7", what: `pages read for a request of 2, ${bench.name_of(bench.large_count)}`, figure: pages(seen.miss), better: "lower",
            detail: { large: pages(seen.miss), small: pages(seen.miss_small) },
        }),
    ];
    return { rows, memory_after_reads: memory };
}

/** A copy that may be written to, on the disk before anything is measured. */
export async function scratch_copy(bench) {
    const scratch = join(bench.folder, "scratch");
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch);
    for (const name of ["data", "master.key", "ids", "access.json"]) cpSync(join(bench.large, name), join(scratch, name), { recursive: true });
    await run_on(client_core, "sync", []);
    return scratch;
}

/** Rows 4, 5 and 6. */
export async function measure_writes(bench, scratch) {
    const saldo = await start_saldo(bench.programs.saldo, scratch, {}, bench.hooks);
    const options = { seconds: bench.seconds };
    const seen = { raw: [], many: [], one: [] };
    for (let round = 0; round < bench.rounds; ++round) {
        bench.say(`writes, round ${round + 1} of ${bench.rounds}`);
        const tokens = await tokens_of(saldo);
        seen.raw.push(Number(await run_on(server_core, bench.programs.raw_appends, [scratch, String(Math.min(3, bench.seconds))])));
        seen.many.push(await writes(bench, saldo, tokens, { ...options, connections }));
        seen.one.push(await writes(bench, saldo, tokens, { ...options, connections: 1 }));
    }
    const written = median(column(seen.many, "per_second"));
    const raw = median(seen.raw);

    const list = join(bench.folder, "hot-id");
    writeFileSync(list, `${first_id(scratch)}\n`);
    const mixed = { reads: [], writes: [], both: [] };
    for (let round = 0; round < bench.rounds; ++round) {
        bench.say(`reads while writing, round ${round + 1} of ${bench.rounds}`);
        const tokens = await tokens_of(saldo);
        const at_half = { connections, rate: written / 2 };
        mixed.reads.push(await reads(bench, saldo, list, tokens));
        mixed.writes.push(await writes(bench, saldo, tokens, { ...options, ...at_half }));
        const during = writes(bench, saldo, tokens, { seconds: bench.seconds + 2, ...at_half });
        const read = await reads(bench, saldo, list, tokens);
        mixed.both.push({ ...read, writes_per_second: (await during).per_second });
    }
    await saldo.end();

    // What a write costs alone, warm-up included on both sides of the division.
    const cpu_of_a_write = median(mixed.writes.map((one) => one.cpu / (one.requests * ((bench.seconds + 1) / bench.seconds))));
    const corrected = mixed.both.map((one) => one.requests / (one.cpu - cpu_of_a_write * one.writes_per_second * one.seconds));
    const references = column(mixed.reads, "per_cpu_second");
    const cpu_us = (measured) => median(measured.map((one) => (one.cpu / (one.requests * ((bench.seconds + 1) / bench.seconds))) * 1e6));
    return [
        row({
            number: "4", what: "durable writes a second, 64 connections, against raw fdatasync", figure: written / raw, goal: 1, aim: 2, references: seen.raw,
            detail: { raw: seen.raw, saldo: seen.many, writes_per_second: written, raw_per_second: raw, cpu_us_a_write: cpu_us(seen.many) },
        }),
        row({
            number: "5", what: "the same with one connection", figure: median(column(seen.one, "per_second")) / raw, goal: 0.25, aim: 0.35, references: seen.raw,
            detail: { saldo: seen.one, writes_per_second: median(column(seen.one, "per_second")), cpu_us_a_write: cpu_us(seen.one) },
        }),
        row({
            number: "6", what: "status GET while writing at half of 4, against 1", figure: median(corrected) / median(references), goal: 0.8, aim: 0.9, references,
            detail: { reads: mixed.reads, writes: mixed.writes, both: mixed.both, cpu_us_a_write: cpu_of_a_write * 1e6 },
        }),
    ];
}

/** Row 8. */
export async function measure_verify(bench) {
    const saldo = await start_saldo(bench.programs.saldo, bench.large, {}, bench.hooks); // writes its settings
    await saldo.end();
    const runs = [];
    let events = 0;
    do {
        bench.say(`verify, run ${runs.length + 1}`);
        const begin = performance.now();
        const told = JSON.parse(await run_on(server_core, bench.programs.saldo, ["verify", "--config", saldo.config, "--json"]));
        const seconds = (performance.now() - begin) / 1000;
        events = told.events;
        runs.push({ seconds, per_second: events / seconds });
    } while (runs.length < 3 && runs[0].seconds < 40);
    return [
        row({ number: "8", what: `saldo verify, events a second on one core, ${bench.name_of(bench.large_count)}`, figure: median(column(runs, "per_second")), goal: 150_000, aim: 300_000, detail: { events, runs } }),
    ];
}

/** Row 9. */
export async function measure_start(bench, memory_after_reads) {
    const starts = [];
    for (let round = 0; round < bench.rounds; ++round) {
        const saldo = await start_saldo(bench.programs.saldo, bench.large, {}, bench.hooks);
        starts.push({ seconds: saldo.start_seconds, ...saldo.memory() });
        await saldo.end();
    }
    const rows = [
        row({ number: "9", what: `start-up until ready, ${bench.name_of(bench.large_count)}`, figure: median(column(starts, "seconds")), unit: " s", goal: 1, better: "lower", detail: { starts } }),
        row({ number: "9", what: "resident memory when it is ready", figure: median(column(starts, "resident")), unit: " MiB", goal: 300, better: "lower" }),
    ];
    const sandbox = [];
    for (let round = 0; round < bench.rounds; ++round) sandbox.push(await sandbox_start(bench));
    rows.push(row({ number: "", what: "sandbox with demo data until ready", figure: median(sandbox), unit: " s", goal: 2, better: "lower", detail: { sandbox } }));
    if (memory_after_reads)
        rows.push(row({ number: "9", what: "the same after the reads of 2, cache of 1 MiB", figure: memory_after_reads.resident, unit: " MiB", goal: 301, better: "lower", detail: memory_after_reads }));
    return rows;
}

/** Seconds until the sandbox with its demo data says that it is ready. */
async function sandbox_start(bench) {
    const begin = performance.now();
    const sandbox = spawn("taskset", ["-c", String(server_core), bench.programs.saldo, "dev", "--demo", "--json", "--listen", "127.0.0.1:0"], {
        stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise((resolve) => sandbox.once("exit", resolve));
    const said = await Promise.race([new Promise((resolve) => sandbox.stdout.once("data", resolve)), ended.then(() => undefined)]);
    const seconds = (performance.now() - begin) / 1000;
    sandbox.kill("SIGTERM");
    await ended;
    if (said === undefined) throw new Error("the sandbox ended before it was ready");
    return seconds;
}

/** Instalment plans with their effective rate, every one another, on one core; beside it the same in doubles, without a proof. */
export async function measure_plans(bench) {
    const seen = [];
    for (let round = 0; round < bench.rounds; ++round) {
        bench.say(`instalment plans, round ${round + 1} of ${bench.rounds}`);
        seen.push(JSON.parse(await run_on(server_core, bench.programs.plans, [String(bench.seconds)])));
    }
    return [
        row({
            number: "12", what: "instalment plans with effective rate a minute, one core", figure: median(column(seen, "plans_a_minute")), goal: 1_000_000,
            references: column(seen, "in_doubles_a_minute"), detail: { rounds: seen },
        }),
    ];
}

/** From sources and Debian's packages to the program, with nothing kept from before; then after a change of one source. */
export async function measure_build(bench) {
    const folder = join(bench.folder, "from-nothing");
    rmSync(folder, { recursive: true, force: true });
    const timed = async (what, program, ...args) => {
        bench.say(what);
        const begin = performance.now();
        await promisify(execFile)(program, args, { env: { ...process.env, CCACHE_DISABLE: "1" }, maxBuffer: 1 << 28 });
        return (performance.now() - begin) / 1000;
    };
    const configure = await timed("configure", "cmake", "-S", bench.root, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DSALDO_TESTS=OFF");
    const build = await timed("build from nothing", "cmake", "--build", folder, "--", "saldo");
    const source = join(bench.root, "src/ledger/decide.cpp");
    const now = new Date();
    utimesSync(source, now, now);
    const again = await timed("build after a touch of one source of the ledger", "cmake", "--build", folder, "--", "saldo");
    rmSync(folder, { recursive: true });
    return [
        row({ number: "", what: "build from nothing, without ccache", figure: configure + build, unit: " s", goal: 480, better: "lower", detail: { configure, build } }),
        row({ number: "", what: "build after a touch of one source of the ledger", figure: again, unit: " s", goal: 30, better: "lower" }),
    ];
}

/** Latency at half and at four fifths of what each server can do, with arrivals that wait for nobody. */
export async function measure_open_loop(bench, scratch) {
    const large = await start_saldo(bench.programs.saldo, bench.large, { cache_mib: 1 }, bench.hooks);
    const written = await start_saldo(bench.programs.saldo, scratch, {}, bench.hooks);
    const { list, nginx } = await hot_document(bench, large, bench.large);
    const none = { STATUS_TOKEN: "none" };
    const subjects = [
        { name: "nginx, static", what: "reads", server: nginx, options: { ids: list } },
        { name: "status, cache hit", what: "reads", server: large, options: { ids: list } },
        { name: "status, cache miss", what: "reads", server: large, options: { ids: large.ids } },
        { name: "writes", what: "writes", server: written, options: { shop: written.access.partner_shop_id } },
    ];
    const measured = [];
    for (const { name, what, server, options } of subjects) {
        bench.say(`open loop: ${name}`);
        const tokens = async () => (server === nginx ? none : tokens_of(server));
        const most = await load(bench, what, server, await tokens(), { ...options, connections, seconds: bench.seconds });
        const at = {};
        for (const share of [0.5, 0.8]) {
            const rate = most.per_second * share;
            at[share] = await load(bench, what, server, await tokens(), { ...options, connections: 256, seconds: 2 * bench.seconds, rate });
            at[share].rate = rate;
        }
        measured.push({ name, most, at });
    }
    await Promise.all([large.end(), written.end(), nginx.end()]);
    return measured;
}
