// docs/reference/settings.md names the settings that the program knows, no more and no fewer.
//
//   node tests/house/reference.mjs [ROOT]

import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = process.argv[2] ?? ".";
const names = (path, pattern) => new Set([...readFileSync(join(root, path), "utf8").matchAll(pattern)].map(([, name]) => name));

const known = names("src/app/settings.cpp", /Setting\{"([a-z_.]+)"/g);
const explained = names("docs/reference/settings.md", /^\| `([a-z_.]+)` \|/gm);

const found = [
    ...[...known].filter((name) => !explained.has(name)).map((name) => `docs/reference/settings.md does not explain ${name}`),
    ...[...explained].filter((name) => !known.has(name)).map((name) => `docs/reference/settings.md explains ${name}, which is no setting`),
];
if (known.size === 0) found.push("src/app/settings.cpp has no settings that this test can see");
for (const line of found) console.log(line);
process.exitCode = found.length ? 1 : 0;
