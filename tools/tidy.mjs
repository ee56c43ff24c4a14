// clang-tidy over every source of a build, two at a time, without repeating what it has already found clean.
//
//   node tools/tidy.mjs BUILD_DIR [--full] [--budget SECONDS] [--core]
//
// A file's verdict depends on the file, the project's headers it includes, and the configuration. Those are hashed; a clean
// verdict is kept in build/tidy/ under that hash, so that a run costs only what changed. When the budget is used up, what was
// not reached is named and comes first the next time. --full adds the static analyzer, which takes twice as long. --core looks at
// the pure rooms alone, without their tests: what everything else stands on.

import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative, resolve } from "node:path";

const [build, ...options] = process.argv.slice(2);
const full = options.includes("--full");
const budget_s = options.includes("--budget") ? Number(options[options.indexOf("--budget") + 1]) : Infinity;
const root = resolve(import.meta.dirname ?? join(new URL(".", import.meta.url).pathname), "..");
const verdicts = join(root, "build/tidy");

/** What a file is checked for beside .clang-tidy. Tests run alone in their process, and call what throws without using its result. */
const is_test = (file) => /_test\.cpp$|\/tests\//.test(file);
const checks_of = (file) =>
    [
        ...(full ? ["clang-analyzer-*", "-clang-analyzer-optin.performance.Padding"] : []),
        ...(is_test(file) ? ["-concurrency-mt-unsafe", "-bugprone-unused-return-value"] : []),
    ].join();

const hash_of_file = new Map();
function hash_of(path) {
    if (!hash_of_file.has(path)) hash_of_file.set(path, createHash("sha256").update(readFileSync(path)).digest("hex"));
    return hash_of_file.get(path);
}

/** object file -> the project's own files it was made from, as the compiler told ninja. */
function project_files_of_objects() {
    const found = new Map();
    let files = [];
    for (const line of execFileSync("ninja", ["-C", build, "-t", "deps"], { encoding: "utf8", maxBuffer: 1 << 28 }).split("\n")) {
        const object = line.match(/^(\S+): #deps/);
        if (object) found.set(object[1], (files = []));
        else if (line.startsWith("    ")) {
            const path = resolve(build, line.trim());
            if (path.startsWith(root + "/") && existsSync(path)) files.push(path);
        }
    }
    return found;
}

const deps = project_files_of_objects();
const in_core = (file) => /^src\/(foundation|subject|terms|partner|ledger|projection)\/(?!.*_test\.cpp)/.test(relative(root, file));
const commands = JSON.parse(readFileSync(join(build, "compile_commands.json"), "utf8"));
const work = commands.filter(({ file }) => !options.includes("--core") || in_core(file)).map(({ file, output }) => {
    const hash = createHash("sha256").update(readFileSync(join(root, ".clang-tidy"))).update(checks_of(file));
    for (const path of new Set([file, ...(deps.get(output) ?? []).sort()])) hash.update(path).update(hash_of(path));
    return { file, verdict: join(verdicts, hash.digest("hex")) };
});
// What ships comes before what tests it.
const unknown = work.filter(({ verdict }) => !existsSync(verdict)).sort((a, b) => is_test(a.file) - is_test(b.file));

mkdirSync(verdicts, { recursive: true });
const deadline = performance.now() + budget_s * 1000;
let clean = 0;
const bad = [];
const waiting = [...unknown];

function judge({ file, verdict }) {
    const checks = checks_of(file) ? [`--checks=${checks_of(file)}`] : [];
    const quiet = ["--quiet", "--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-deprecated-declarations"];
    const words = ["-p", build, ...quiet, ...checks, file];
    return new Promise((done) =>
        execFile("clang-tidy-19", words, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
            if (error) bad.push({ file, text: stdout.trim() || stderr.trim() });
            else {
                clean += 1;
                writeFileSync(verdict, relative(root, file) + "\n");
            }
            done();
        }),
    );
}

async function worker() {
    while (waiting.length && performance.now() < deadline) await judge(waiting.shift());
}
await Promise.all(Array.from({ length: cpus().length }, worker));

if (waiting.length) console.log(`not reached in ${budget_s} s: ${waiting.map(({ file }) => relative(root, file)).join(" ")}`);
for (const { text } of bad) console.log(text);
console.log(`${work.length} files: ${work.length - unknown.length} unchanged, ${clean} clean, ${bad.length} with findings, ${waiting.length} not reached`);
process.exitCode = bad.length ? 1 : 0;
