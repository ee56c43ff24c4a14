// What docs/performance.md shows of bench/results: the text between its two markers.
//
//   node bench/report.mjs
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { short, spread_max } from "./figures.mjs";

const begin = "<!-- measured: bench/report.mjs writes what follows -->";
const end = "<!-- measured: end -->";

const table = (head, lines) => [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

const verdicts = { aim: "aim reached", goal: "reached", missed: "**missed**", void: `void: the reference moved more than ${spread_max * 100} %`, "": "" };

function goals(rows) {
    const sign = (one) => (one.better === "higher" ? "≥" : "≤");
    return table(
        ["#", "what", "measured", "goal", "aim", "verdict", "reference moved"],
        rows.map((one) => [
            one.number,
            one.what,
            short(one.figure) + one.unit,
            one.goal === undefined ? "" : `${sign(one)} ${short(one.goal)}`,
            one.aim === undefined ? "" : short(one.aim),
            verdicts[one.verdict],
            one.reference_spread === undefined ? "" : `${Math.round(one.reference_spread * 100)} %`,
        ]),
    );
}

/** What the ratios are made of. */
function absolute(rows) {
    const detail = (number) => rows.find((one) => one.number === number)?.detail;
    const middle = (list, name) => [...list].map((one) => one[name]).sort((a, b) => a - b)[list.length >> 1];
    const one = detail("1"), two = detail("2"), four = detail("4"), five = detail("5");
    const lines = [];
    const cost = (what, list) => lines.push([what, short(middle(list, "per_cpu_second")), short(1e6 / middle(list, "per_cpu_second")), short(middle(list, "p50_ms")), short(middle(list, "p99_ms"))]);
    if (one) cost(`nginx, a file of ${one.document_bytes} bytes`, one.nginx);
    if (one) cost("Saldo, cache hit, the same bytes", one.saldo);
    if (two) cost("Saldo, cache miss", two.saldo);
    const text = [table(["reads", "requests a second of processor", "µs of processor each", "p50 ms", "p99 ms"], lines)];
    if (four && five)
        text.push(
            `The disk takes ${short(four.raw_per_second)} raw appends a second. Saldo answers ${short(four.writes_per_second)} durable writes a second on 64 connections, with ` +
                `${short(four.cpu_us_a_write)} µs of processor each, and ${short(five.writes_per_second)} on one.`,
        );
    return text.join("\n\n");
}

function latencies(latency) {
    const lines = latency.flatMap(({ name, at }) =>
        Object.entries(at).map(([share, { rate, latency_ms, unanswered }]) => [
            name,
            `${Number(share) * 100} % = ${short(rate)}/s`,
            ...["0.5", "0.99", "0.999"].map((quantile) => short(latency_ms[quantile])),
            unanswered ?? 0,
        ]),
    );
    return table(["who", "rate", "p50 ms", "p99 ms", "p99.9 ms", "unanswered"], lines);
}

function machine(environment) {
    const { date, commit, processor, cores, memory_gib, kernel, system, disk, compiler, nginx, wrk, sqlite, openssl } = environment;
    const doubts = environment.doubts?.length ? ` To be doubted: ${environment.doubts.join("; ")}.` : "";
    return (
        `Measured on ${date.slice(0, 10)} at ${commit}: ${processor}, ${cores} cores (a virtual machine's), ${memory_gib} GiB; ${system}, ${kernel}; disk ${disk}; ${compiler}; ` +
        `${nginx.replace("nginx version: ", "")}, ${wrk.split(" [")[0]}, SQLite ${sqlite}, OpenSSL ${openssl}.${doubts}`
    );
}

/** Writes what was measured into the page. */
export function tell(root) {
    const results = join(root, "bench/results");
    const read = (name) => (existsSync(join(results, name)) ? JSON.parse(readFileSync(join(results, name), "utf8")) : undefined);
    const measured = read("table.json"), latency = read("latency.json"), build = read("build.json");
    const parts = [];
    if (measured) parts.push(machine(measured.environment), goals([...measured.rows, ...(build?.rows ?? [])]), "![How each figure stands to its goal](../bench/results/goals.svg)", absolute(measured.rows));
    if (latency) parts.push("Arrivals that are fixed in advance and wait for nobody, at shares of the most that each can do:", latencies(latency.latency), "![Latency by share of the requests](../bench/results/latency.svg)");
    const page = join(root, "docs/performance.md");
    const text = readFileSync(page, "utf8");
    const from = text.indexOf(begin), to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${page} has lost its markers`);
    writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${parts.join("\n\n")}\n\n${text.slice(to)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) tell(dirname(dirname(fileURLToPath(import.meta.url))));
