// The receivers' code in docs/guides/webhooks.md, run as it stands there: each takes what Saldo signs and nothing else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "./lib/server.mjs";

const guide = readFileSync(fileURLToPath(new URL("../../docs/guides/webhooks.md", import.meta.url)), "utf8");
const example = (language) => new RegExp(`^\`\`\`${language} verify\\n([^]*?)^\`\`\`$`, "m").exec(guide)[1];

// The published vector.
const secret = "my secret";
const t = 1778083162;
const signature = "Rp1SRtrZLCubfGIGIXXPBS0UnOHnvcDbDbDtWC4nWvQ=";
const body = '{"key": "value"}';
const header = `t=${t},v1=${signature}`;

/// What is held against each example: its arguments, and what it must say. Clocks apart from those that have one.
const table = [
  { says: true, what: "as published" },
  { says: false, what: "another secret", secret: "my secreT" },
  { says: false, what: "another body", body: '{"key":"value"}' },
  { says: false, what: "another time", header: `t=${t + 1},v1=${signature}` },
  { says: false, what: "another signature", header: `t=${t},v1=${signature.replace("R", "S")}` },
  { says: false, what: "half a signature", header: `t=${t},v1=${signature.slice(0, 20)}` },
  { says: true, what: "five minutes ago", now: t + 300 },
  { says: false, what: "longer ago", now: t + 301, needsClock: true },
  { says: false, what: "in the future", now: t - 301, needsClock: true },
].map((row) => ({ secret, header, body, now: t, ...row }));

/// Runs a program that gets the rows as JSON in its file `rows.json` and prints a JSON list of verdicts.
function verdictsOf(t, command, file, text, rows) {
  const directory = temporaryDirectory(t);
  writeFileSync(path.join(directory, "rows.json"), JSON.stringify(rows));
  writeFileSync(path.join(directory, file), text);
  const run = spawnSync(command, [file], { cwd: directory, encoding: "utf8" });
  if (run.error?.code === "ENOENT") return t.skip(`${command} is not installed`);
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(JSON.parse(run.stdout), rows.map((row) => row.says), rows.map((row) => row.what).join(", "));
}

test("the example for Node takes what Saldo signs and nothing else", (t) => {
  verdictsOf(t, process.execPath, "verify.mjs", `import { readFileSync } from "node:fs";
${example("js")}
const rows = JSON.parse(readFileSync("rows.json", "utf8"));
console.log(JSON.stringify(rows.map((row) => verify(row.secret, row.header, Buffer.from(row.body), row.now))));
`, table);
});

test("the example for Python takes what Saldo signs and nothing else", (t) => {
  verdictsOf(t, "python3", "verify_test.py", `import json
${example("python")}
rows = json.load(open("rows.json"))
print(json.dumps([verify(row["secret"], row["header"], row["body"].encode(), row["now"]) for row in rows]))
`, table);
});

test("the example for PHP takes what Saldo signs and nothing else", (t) => {
  verdictsOf(t, "php", "verify.php", `${example("php")}
$rows = json_decode(file_get_contents('rows.json'), true);
echo json_encode(array_map(fn($row) => verify($row['secret'], $row['header'], $row['body'], $row['now']), $rows));
`, table);
});

test("the example for a shell takes what Saldo signs and nothing else", (t) => {
  const rows = table.filter((row) => !row.needsClock);
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const asked = rows.map((row) => `printf '%s' ${quoted(row.body)} | verify ${quoted(row.secret)} ${quoted(row.header)} && echo true || echo false`);
  verdictsOf(t, "bash", "verify.sh", `${example("sh")}
said=$(${asked.join("; ")})
echo "[$(echo "$said" | paste -sd ,)]"
`, rows);
});
