// Holds docs/reference/refusals.md to the contract and to the code: every reason that one of them names has its heading, and every heading
// names one of api/openapi.yaml.
//
//   node tests/house/refusals.mjs [ROOT]

import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = process.argv[2] ?? ".";
const read = (path) => readFileSync(join(root, path), "utf8");
const contract = read("api/openapi.yaml");

const reasons = [...block_of("    Reason:").matchAll(/^\s+- ([A-Z][A-Z0-9_]+)$/gm)].map(([, name]) => name);

function block_of(head) {
    const lines = contract.split("\n");
    const begin = lines.indexOf(head);
    if (begin < 0) throw new Error(`api/openapi.yaml has no line \`${head}\``);
    const length = lines.slice(begin + 1).findIndex((line) => line.trim() && !line.startsWith("     "));
    return lines.slice(begin, begin + 1 + length).join("\n");
}

const headings = new Set([...read("docs/reference/refusals.md").matchAll(/^##+ ([A-Z][A-Z0-9_]+)( \(\d+\))?$/gm)].map(([, name]) => name));
const in_code = [...read("src/ledger/refusal.cpp").matchAll(/Published\{Refusal::\w+, [^}]*?"([A-Z][A-Z0-9_]+)",\s/g)].map(([, name]) => name);
if (in_code.length === 0) throw new Error("src/ledger/refusal.cpp has no reasons that this test can see");
const missing = [...new Set([...reasons, ...in_code])].filter((name) => !headings.has(name));
const named = new Set(contract.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/g));
const unknown = [...headings].filter((name) => !named.has(name));

for (const name of missing) console.log(`${name} is published, docs/reference/refusals.md has no heading for it`);
for (const name of unknown) console.log(`docs/reference/refusals.md has a heading ${name}, api/openapi.yaml does not name it`);
process.exitCode = missing.length + unknown.length ? 1 : 0;
