// The commands of README and guides, run against the real binary: SALDO names it, a sandbox is started for each page.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pages, script_of, steps_of } from "./life.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const saldo = process.env.SALDO && resolve(process.env.SALDO);
assert.ok(saldo && existsSync(saldo), "SALDO must name the binary to test, as in SALDO=build/dev/saldo");

/** A folder that looks to the commands like this one after `./dev serve`: the binary in its place, and build/sandbox.env. */
function folder_of_a_reader(ready) {
    const folder = mkdtempSync(join(tmpdir(), "saldo-reader-"));
    mkdirSync(join(folder, "build/release"), { recursive: true });
    symlinkSync(saldo, join(folder, "build/release/saldo"));
    const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
    const lines = Object.entries(ready).map(([name, value]) => `${name.toUpperCase()}=${quoted(value)}\n`);
    writeFileSync(join(folder, "build/sandbox.env"), lines.join(""));
    return folder;
}

async function with_sandbox(use) {
    const sandbox = spawn(saldo, ["dev", "--demo", "--json", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    sandbox.stderr.on("data", (piece) => (said += piece));
    const ended = new Promise((done) => sandbox.once("exit", done));
    try {
        const line = await Promise.race([
            new Promise((done) => createInterface({ input: sandbox.stdout }).once("line", done)),
            ended.then(() => assert.fail(`the sandbox ended before it was ready:\n${said}`)),
        ]);
        await use(JSON.parse(line));
    } finally {
        sandbox.kill("SIGTERM");
        await ended;
    }
}

for (const page of pages(root))
    test(`what ${page} shows works when pasted`, { timeout: 120_000 }, () =>
        with_sandbox(async (ready) => {
            const steps = steps_of(root, page);
            const folder = folder_of_a_reader(ready);
            const mark = "--8<-- next step";
            try {
                const { error, stdout, stderr } = await new Promise((done) =>
                    execFile("bash", ["-c", script_of(steps, mark)], { cwd: folder }, (...all) => {
                        done({ error: all[0], stdout: all[1], stderr: all[2] });
                    }),
                );
                const outputs = stdout.split(`${mark}\n`);
                const reached = outputs.length - 1;
                if (error) assert.fail(`${page}:${steps[reached].line} failed: ${steps[reached].commands}${outputs[reached]}\n${stderr}`);
                for (const [index, { prints, line }] of steps.entries())
                    if (prints !== undefined) assert.equal(outputs[index], prints, `${page}:${line} prints something else`);
            } finally {
                rmSync(folder, { recursive: true });
            }
        }),
    );
