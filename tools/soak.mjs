// What is too long for every push, in one orderly run: `./dev soak --minutes N` builds what it needs and calls this.
//
//   node tools/soak.mjs MINUTES
//
// Parts that have an end run first; what is left of the minutes is shared among those that could go on for ever. Each part
// is one line, its log is build/logs/soak-NAME.log, and build/soak.json has what was counted. A part that is not there
// says so. What others of the house bring takes part by reading an environment variable:
//
//   SALDO_SIMULATION_SECONDS   tests/simulation: how long new worlds are tried
//   SALDO_KILLS, SALDO_COPY_KILLS, SALDO_KILL_POINTS, SALDO_CONNECTIONS, SALDO_BIT_FLIPS, SALDO_POWER_CUT_LIVES
//                              tests/e2e and tests/faults: how often (docs/reliability.md)
//   SALDO_FUZZ_SECONDS         tests/e2e/contract_fuzz.test.mjs
//   RC_PARAMS                  properties of RapidCheck
//   SALDO_SEED                 a new one each run; a failure prints it

import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";

const minutes = Number(process.argv[2]);
if (!(minutes > 0)) {
    console.error("soak: how many minutes? A number above 0.");
    process.exit(2);
}
const root = resolve(new URL("..", import.meta.url).pathname);
process.chdir(root);
const began = Date.now();
const until = began + minutes * 60_000;
const parts = [];
const [red, green, dim, plain] = process.stderr.isTTY ? ["\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"] : ["", "", "", ""];
mkdirSync("build/logs", { recursive: true });
mkdirSync("build/soak", { recursive: true });

/// Runs a command to its end: {code, output}.
function run(command, args, log, env = {}) {
    return new Promise((done) => {
        const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        const keep = (text) => {
            log.write(text);
            output += text;
            if (output.length > 4_000_000) output = output.slice(-2_000_000);
        };
        child.stdout.setEncoding("utf8").on("data", keep);
        child.stderr.setEncoding("utf8").on("data", keep);
        child.on("error", (error) => done({ code: 127, output: String(error) }));
        child.on("close", (code, signal) => done({ code: code ?? `killed by ${signal}`, output }));
    });
}

const sum = (output, pattern) => [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
/// What the test runners of this house say they have run.
const counts = {
    ctest: (output) => {
        const found = /(\d+) tests? failed out of (\d+)/.exec(output);
        return found ? { passed: found[2] - found[1], failed: Number(found[1]) } : {};
    },
    node: (output) => ({ passed: sum(output, /^[#ℹ] pass (\d+)$/gm), failed: sum(output, /^[#ℹ] fail (\d+)$/gm) }),
    tidy: () => ({}),
    simulation: (output) => ({ worlds: sum(output, /(\d+) worlds/g), lives: sum(output, /(\d+) lives/g), requests: sum(output, /(\d+) requests/g) }),
    fuzz: (output) => ({ inputs: sum(output, /stat::number_of_executed_units:\s*(\d+)/g) }),
};

/// What a part was asked to go through, as counts: SALDO_BIT_FLIPS is `bit_flips`.
const counted = (env) => () => Object.fromEntries(Object.entries(env).map(([name, number]) => [name.replace("SALDO_", "").toLowerCase(), Number(number)]));

/// One part: `work(log)` gives {code, output}, `count(output)` its numbers.
async function part(name, work, count = () => ({})) {
    const start = Date.now();
    const file = `build/logs/soak-${name.replaceAll(" ", "-")}.log`;
    const log = createWriteStream(file);
    const { code, output } = await work(log);
    log.end();
    const seconds = Math.round((Date.now() - start) / 100) / 10;
    const seen = count(output);
    parts.push({ name, ok: code === 0, seconds, ...seen });
    const numbers = Object.entries(seen).map(([what, number]) => `${number} ${what}`).join(", ");
    console.error(`${code === 0 ? `${green}  ✓` : `${red}  ✗`}${plain} ${name} ${dim}${seconds} s${numbers ? `, ${numbers}` : ""}${plain}`);
    if (code !== 0) console.error(`${output.split("\n").slice(-40).join("\n")}\n    exit code ${code}; the whole log is ${file}`);
}
function absent(name, why) {
    parts.push({ name, ok: true, absent: why });
    console.error(`${dim}  - ${name}: ${why}${plain}`);
}

const e2e = (binary, files, env = {}) => (log) => run("node", ["--test", ...files], log, { SALDO: resolve(`build/${binary}/saldo`), ...env });
const files = (pattern) => readdirSync("tests/e2e").filter((name) => name.endsWith(".test.mjs") && pattern.test(readFileSync(join("tests/e2e", name), "utf8"))).map((name) => join("tests/e2e", name));
const ctest = (preset, args = [], env = {}) => (log) =>
    run("ctest", ["--test-dir", `build/${preset}`, "-j", String(cpus().length), "--output-on-failure", "--no-tests=error", ...args], log, env);

/// Every fuzz target for so many seconds, as many at a time as there are processors. New inputs that reach new code stay in
/// build/soak/corpus; one that breaks a law is build/soak/finding-TARGET-*, to be mended and kept in tests/fuzz/corpus.
async function fuzz(seconds, log) {
    const targets = readdirSync("tests/fuzz/corpus");
    const each = Math.max(10, Math.floor((seconds * cpus().length) / targets.length));
    const waiting = [...targets];
    const results = [];
    await Promise.all(
        cpus().map(async () => {
            for (let target = waiting.shift(); target; target = waiting.shift()) {
                const own = `build/soak/corpus/${target}`;
                mkdirSync(own, { recursive: true });
                const options = [`-max_total_time=${each}`, "-max_len=8192", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0", `-artifact_prefix=build/soak/finding-${target}-`];
                results.push(await run(`build/fuzz/tests/fuzz/fuzz_${target}`, [...options, own, `tests/fuzz/corpus/${target}`], log));
            }
        }),
    );
    return { code: results.find((one) => one.code !== 0)?.code ?? 0, output: results.map((one) => one.output).join("\n") };
}

console.error(`soaking for ${minutes} minutes`);
await part("clang-tidy in full", (log) => run("node", ["tools/tidy.mjs", "build/dev", "--full", "--budget", String(Math.round(minutes * 60 * 0.2))], log), counts.tidy);
await part("unit tests tsan", ctest("tsan", [], { SALDO_SIMULATION_SECONDS: "20" }), counts.ctest);
await part("end-to-end tests tsan", e2e("tsan", files(/./)), counts.node);
// The tests of docs/reliability.md at the size that it reports: what each went through is in its log.
const chaos = String(Math.floor(Math.random() * 2 ** 31));
for (const [name, file, pattern, env] of [
    ["kill -9", "crash", "every acknowledged write", { SALDO_KILLS: "200" }],
    ["killed copies", "copies", "killed at any time", { SALDO_COPY_KILLS: "100" }],
    ["idle connections", "crowd", "idle connections", { SALDO_CONNECTIONS: "9500" }],
]) {
    const path = `tests/e2e/${file}.test.mjs`;
    if (existsSync(path)) await part(name, e2e("dev", [`--test-name-pattern=${pattern}`, path], { SALDO_SEED: chaos, ...env }), counted(env));
    else absent(name, `there is no ${path}`);
}
for (const [name, program, filter, env] of [
    ["bit flips", "tests/faults/damaged_store_test", "*bit*", { SALDO_BIT_FLIPS: "5000" }],
    ["kills at every step", "tests/faults/killed_copies_test", "*", { SALDO_KILL_POINTS: "200" }],
    ["power cuts", "src/store/store_test", "PowerCut.*", { SALDO_POWER_CUT_LIVES: "50" }],
]) {
    const path = `build/dev/${program}`;
    if (existsSync(path)) await part(name, (log) => run(path, [`--gtest_filter=${filter}`], log, { SALDO_SEED: chaos, ...env }), counted(env));
    else absent(name, `there is no ${path}`);
}

// At least a minute, so that every part has been seen to work.
const left = Math.max(60, Math.round((until - Date.now()) / 1000));
const share = (part_of_it) => Math.round(left * part_of_it);
await part("fuzzing", (log) => fuzz(share(0.35), log), counts.fuzz);
await part("simulation", (log) => run("build/dev/tests/simulation/simulation_test", [], log, { SALDO_SIMULATION_SECONDS: String(share(0.35)) }), counts.simulation);
const report = "build/soak/contract_fuzz.json";
await part("contract fuzzer", e2e("dev", ["tests/e2e/contract_fuzz.test.mjs"], { SALDO_FUZZ_SECONDS: String(share(0.15)), SALDO_FUZZ_REPORT: resolve(report) }), () => {
    if (!existsSync(report)) return {};
    const { seed, requests, operations, failures } = JSON.parse(readFileSync(report, "utf8"));
    return { seed, requests, operations, failures };
});
// Rounds of growing properties until the time is up; the simulation has had its turn.
let round = 0;
do {
    ++round;
    await part(`properties ${round}`, ctest("dev", ["-E", "^simulation|^fuzz_corpus"], { RC_PARAMS: `max_success=${400 * round}` }), counts.ctest);
} while (Date.now() < until && parts.every((one) => one.ok));

const commit = execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
const failed = parts.filter((one) => !one.ok).length;
writeFileSync(
    "build/soak.json",
    `${JSON.stringify({ began: new Date(began).toISOString(), minutes: Math.round((Date.now() - began) / 6000) / 10, commit, processors: cpus().length, parts }, null, 2)}\n`,
);
console.error(`${dim}  all counts are in build/soak.json${plain}`);
console.log(`${parts.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
