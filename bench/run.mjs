// The measurements of `./dev bench`: prints one table and keeps everything that was seen.
//
//   node bench/run.mjs [--quick] [--purchases N] [--only reads,writes,verify,start,list,sessions,plans,latency,build]
//
// The server has one core, whoever asks it the other; reference and subject take turns five times; the median counts, and
// a row whose reference moved by more than 15 % is void. What a whole run has seen is kept in bench/results and told in
// docs/performance.md; `--quick` takes a tenth of the purchases and less time, and what it, or a run with another number
// of purchases or not of all parts, has seen is kept in build/bench. `build` is measured only when it is named: it
// compiles everything from nothing, which takes minutes, and is kept in bench/results too.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, totalmem } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { spread_max, table } from "./figures.mjs";
import { client_core, filled, run_on, server_core, settle } from "./house.mjs";
import { measure_build, measure_open_loop, measure_plans, measure_reads, measure_start, measure_verify, measure_writes, scratch_copy } from "./measurements.mjs";
import { measure_session_list } from "./session_list.mjs";
import { measure_sessions } from "./sessions.mjs";
import { goals_plot, latency_plot } from "./plots.mjs";
import { tell } from "./report.mjs";

const parts = ["reads", "writes", "verify", "start", "list", "sessions", "plans", "latency"];
const by_name_alone = ["build"];
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function options_of(words) {
    const options = { quick: false, purchases: undefined, only: parts };
    for (let i = 0; i < words.length; ++i) {
        if (words[i] === "--quick") options.quick = true;
        else if (words[i] === "--only") options.only = (words[++i] ?? "").split(",");
        else if (words[i] === "--purchases") options.purchases = Number(words[++i]);
        else throw new Error(`bench knows --quick, --purchases N and --only PARTS, not '${words[i]}'`);
    }
    if (options.purchases !== undefined && !(options.purchases >= 1000)) throw new Error("--purchases takes a number, at least 1000");
    const all = [...parts, ...by_name_alone];
    const unknown = options.only.find((name) => !all.includes(name));
    if (unknown !== undefined) throw new Error(`there is no part '${unknown}'; there are ${all.join(", ")}`);
    return options;
}

const first_line = (program, ...args) => execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).split("\n")[0];
const said = (command) => execFileSync("sh", ["-c", command], { encoding: "utf8" }).trim();

/** What the numbers depend on. */
function surroundings(folder) {
    const cpu = readFileSync("/proc/cpuinfo", "utf8");
    const of = (name) => cpu.match(new RegExp(`^${name}\\s*: (.*)$`, "m"))?.[1];
    return {
        date: new Date().toISOString(),
        commit: said(`git -C '${root}' describe --always --dirty`),
        processor: `${of("model name")}, family ${of("cpu family")} model ${of("model")}`,
        cores: availableParallelism(),
        memory_gib: Math.round(totalmem() / 2 ** 30),
        kernel: said("uname -sr"),
        system: said(". /etc/os-release && echo $PRETTY_NAME"),
        disk: said(`findmnt -no SOURCE,FSTYPE,OPTIONS -T '${folder}'`),
        compiler: first_line("g++", "--version"),
        saldo: first_line(join(folder, "bin/saldo"), "--version"),
        nginx: said("nginx -v 2>&1"),
        wrk: said("wrk -v 2>&1 | head -1"),
        sqlite: said("dpkg-query -W -f='${Version}' libsqlite3-0"),
        openssl: said("dpkg-query -W -f='${Version}' libssl3"),
        load_at_start: loadavg(),
    };
}

/** Processor time that this machine had to lend to others, as a share. */
function stolen_share() {
    const times = readFileSync("/proc/stat", "utf8").split("\n", 1)[0].split(/\s+/).slice(1).map(Number);
    return { stolen: times[7], all: times.reduce((sum, time) => sum + time, 0) };
}

const options = options_of(process.argv.slice(2));
const folder = join(root, "build/bench");
const kept = join(root, "bench/results");
const is_build_alone = options.only.join() === "build";
const is_whole = !options.quick && options.purchases === undefined && parts.every((part) => options.only.includes(part));
const results = is_whole || is_build_alone ? kept : join(folder, "results");
const say = (what) => process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${what}\n`);

if (availableParallelism() < 2) throw new Error("two cores are needed: one for the server, one for whoever asks it");
mkdirSync(join(folder, "bin"), { recursive: true });
mkdirSync(results, { recursive: true });

// Copies, so that a build meanwhile does not change what is measured.
const program = (name, path) => {
    const copy = join(folder, "bin", name);
    rmSync(copy, { force: true });
    copyFileSync(join(root, "build/release", path), copy);
    return copy;
};

const bench = {
    folder,
    say,
    hooks: {},
    script: join(root, "bench/wrk.lua"),
    programs: {
        saldo: program("saldo", "saldo"),
        load: program("load", "bench/load"),
        plans: program("plans", "bench/plans"),
        raw_appends: program("raw_appends", "bench/raw_appends"),
    },
    rounds: options.quick ? 3 : 5,
    seconds: options.quick ? 2 : 5,
    root,
    large_count: options.purchases ?? (options.quick ? 100_000 : 1_000_000),
    small_count: 10_000,
    name_of: (count) => (count % 1_000_000 === 0 ? `${count / 1_000_000} M` : `${count / 1000} k`),
};

const environment = surroundings(folder);
const steal_before = stolen_share();
const fill = join(root, "build/release/bench/fill");
if (!is_build_alone) {
    bench.large = await filled(fill, folder, bench.large_count, say);
    bench.small = await filled(fill, folder, bench.small_count, say);
    for (const installation of [bench.large, bench.small]) await settle(bench.programs.saldo, installation);
    await run_on(client_core, "sh", ["-c", `sync; cat '${bench.large}'/data/*.db '${bench.small}'/data/*.db >/dev/null`]);
}

const wants = (part) => options.only.includes(part);
const rows = [];
let memory_after_reads, latency;
if (wants("reads")) {
    const read = await measure_reads(bench);
    rows.push(...read.rows);
    memory_after_reads = read.memory_after_reads;
}
const scratch = wants("writes") || wants("latency") ? await scratch_copy(bench) : undefined;
if (wants("writes")) rows.push(...(await measure_writes(bench, scratch)));
if (wants("verify")) rows.push(...(await measure_verify(bench)));
if (wants("start")) rows.push(...(await measure_start(bench, memory_after_reads)));
if (wants("list")) rows.push(...(await measure_session_list(bench, fill)));
if (wants("sessions")) rows.push(...(await measure_sessions(bench)));
if (wants("plans")) rows.push(...(await measure_plans(bench)));
if (wants("latency")) latency = await measure_open_loop(bench, scratch);
if (wants("build")) rows.push(...(await measure_build(bench)));
if (scratch) rmSync(scratch, { recursive: true });

const steal_after = stolen_share();
Object.assign(environment, {
    load_at_end: loadavg(),
    stolen: (steal_after.stolen - steal_before.stolen) / (steal_after.all - steal_before.all),
    cores_of: { server: server_core, client: client_core },
    rounds: bench.rounds,
    seconds: bench.seconds,
    void_above: spread_max,
});
const order = (one) => Number(one.number || Infinity);
rows.sort((left, right) => (order(left) === order(right) ? 0 : order(left) - order(right)));

const doubts = environment.stolen > 0.02 ? [`${(environment.stolen * 100).toFixed(0)} % of this machine's time went to others`] : [];
if (environment.load_at_start[0] > 0.5) doubts.push(`the machine was busy (load ${environment.load_at_start[0]}) before this began`);
environment.doubts = doubts;

const keep = (name, content) => writeFileSync(join(results, name), typeof content === "string" ? content : `${JSON.stringify(content, null, 1)}\n`);
if (rows.length === 0 && latency === undefined) throw new Error("nothing was measured");
if (rows.length) keep(is_build_alone ? "build.json" : "table.json", { environment, rows });
if (rows.length && !is_build_alone) keep("goals.svg", goals_plot(rows));
if (latency) {
    keep("latency.json", { environment, latency });
    keep("latency.svg", latency_plot(latency));
}

if (rows.length) console.log(`\n${table(rows)}`);
if (latency) {
    console.log("\nLatency in ms, arrivals fixed in advance:");
    for (const { name, at } of latency)
        for (const [share, { rate, latency_ms, unanswered }] of Object.entries(at))
            console.log(
                `  ${name.padEnd(20)} ${String(share * 100).padStart(3)} % = ${rate.toFixed(0).padStart(6)}/s   p50 ${latency_ms["0.5"].toFixed(2)}   p99 ${latency_ms["0.99"].toFixed(2)}   p99.9 ${latency_ms["0.999"].toFixed(2)}${unanswered ? `   ${unanswered} unanswered` : ""}`,
            );
}
for (const doubt of environment.doubts) console.log(`\nTo be doubted: ${doubt}.`);
if (results === kept) tell(root);
console.log(`\nEverything that was seen is in ${relative(root, results)}/.`);
