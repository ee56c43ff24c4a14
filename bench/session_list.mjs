// The list of a day's sessions, against nginx that serves the same bytes as a file.
import { join } from "node:path";

import { median, row } from "./figures.mjs";
import { ask, client_core, filled, run_on, settle, start_nginx, start_saldo, token_of } from "./house.mjs";

const records = 100_000;

/** Loads the path `times` times, one after another over one connection. */
async function loads(server, path, times, token) {
    const bytes_and_seconds = "%{http_code} %{size_download} %{time_starttransfer} %{time_total}\\n";
    const args = ["--silent", "--write-out", bytes_and_seconds];
    if (token) args.push("--header", `Authorization: Bearer ${token}`);
    for (let i = 0; i < times; ++i) args.push("--output", "/dev/null", `http://127.0.0.1:${server.port}${path}`);
    const cpu_before = server.cpu_seconds();
    const printed = await run_on(client_core, "curl", args);
    const cpu = server.cpu_seconds() - cpu_before;
    const seen = printed.trim().split("\n").map((line) => line.split(" ").map(Number));
    if (seen.length !== times || seen.some(([status]) => status !== 200)) throw new Error(`${path} is answered with ${printed}`);
    const bytes = seen.reduce((sum, [, size]) => sum + size, 0);
    const seconds = seen.reduce((sum, [, , , total]) => sum + total, 0);
    return { bytes, seconds, cpu, per_cpu_second: bytes / cpu, per_second: bytes / seconds, first_byte_ms: median(seen.map(([, , first]) => first * 1000)) };
}

const column = (measured, name) => measured.map((one) => one[name]);

/** Row 10. */
export async function measure_session_list(bench, fill) {
    const installation = await filled(fill, bench.folder, 1000, bench.say, records);
    await settle(bench.programs.saldo, installation);
    const saldo = await start_saldo(bench.programs.saldo, installation, {}, bench.hooks);
    const path = `/pps/api/v1/session-record?createdDate=${saldo.access.sessions_day}`;
    const token = () => token_of(saldo, saldo.access.client_id, saldo.access.client_secret, "");

    await saldo.rest(); // it looks through the sessions of a store that was just filled, for webhooks to send
    const resident_before = saldo.memory().resident;
    const answer = await ask({ port: saldo.port, path, headers: { Authorization: `Bearer ${await token()}` } });
    if (answer?.status !== 200) throw new Error(`the list is answered with ${answer?.status}: ${answer?.body}`);
    const listed = JSON.parse(answer.body).length;
    if (listed !== records) throw new Error(`the list has ${listed} records, not ${records}`);

    // curl sees no difference between a file and a list that comes in chunks; nginx gets the very bytes.
    const file = "/sessions.json";
    const nginx = await start_nginx(join(bench.folder, "nginx"), { [file]: answer.body }, bench.hooks);
    const seen = { nginx: [], saldo: [] };
    for (let round = 0; round < bench.rounds; ++round) {
        bench.say(`session list, round ${round + 1} of ${bench.rounds}`);
        seen.nginx.push(await loads(nginx, file, 40 * bench.seconds));
        seen.saldo.push(await loads(saldo, path, 2 * bench.seconds, await token()));
    }
    const memory = saldo.memory();
    await Promise.all([saldo.end(), nginx.end()]);

    const references = column(seen.nginx, "per_cpu_second");
    return [
        row({
            number: "10", what: "session list of a day with 100 k records: bytes, against nginx static",
            figure: median(column(seen.saldo, "per_cpu_second")) / median(references), goal: 0.1, aim: 0.3, references,
            detail: { bytes: answer.body.length, nginx: seen.nginx, saldo: seen.saldo },
        }),
        row({
            number: "10", what: "its first byte", figure: median(column(seen.saldo, "first_byte_ms")), unit: " ms", goal: 50, better: "lower",
            detail: { nginx_first_byte_ms: median(column(seen.nginx, "first_byte_ms")) },
        }),
        row({
            number: "10", what: "memory it adds, at its highest", figure: memory.highest - resident_before, unit: " MiB", goal: 32, better: "lower",
            detail: { resident_before, ...memory },
        }),
    ];
}
