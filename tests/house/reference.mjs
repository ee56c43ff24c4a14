// docs/reference/settings.md names the settings that the program knows, and docs/reference/command-line.md its commands and
// options, no more and no fewer.
//
//   SALDO=BINARY node tests/house/reference.mjs [ROOT]     without SALDO the settings alone

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = process.argv[2] ?? ".";
const text_of = (path) => readFileSync(join(root, path), "utf8");
const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
const found = [];

function compare(known, explained, page) {
    for (const name of known) if (!explained.includes(name)) found.push(`${page} does not explain ${name}`);
    for (const name of explained) if (!known.includes(name)) found.push(`${page} explains ${name}, which there is not`);
}

const settings = names(text_of("src/app/settings.cpp"), /Setting\{"([a-z_.]+)"/g);
if (settings.length === 0) found.push("src/app/settings.cpp has no settings that this test can see");
compare(settings, names(text_of("docs/reference/settings.md"), /^\| `([a-z_.]+)` \|/gm), "docs/reference/settings.md");

/** `saldo partner add`, `saldo partner add --name`: every command that does something, and every option of it. */
function commands(words) {
    const help = execFileSync(process.env.SALDO, [...words, "--help"], { encoding: "utf8" });
    const section = (heading) => help.split(`\n${heading}:\n`)[1]?.split("\n\n")[0] ?? "";
    const below = names(section("Commands"), /^  ([a-z]+) /gm);
    const further = below.flatMap((name) => commands([...words, name]));
    const name = ["saldo", ...words].join(" ");
    // `saldo backup TARGET` does something by itself, `saldo shop` does not.
    if (further.length && !section("Arguments")) return further;
    return [...further, name, ...names(section("Options"), /^  (?:-\w, ?)?(--[a-z-]+)/gm).map((option) => `${name} ${option}`)];
}

if (process.env.SALDO) {
    const page = "docs/reference/command-line.md";
    const of_all = / --(help|data|config|json)$/; // told once, on top of the page
    const explained = text_of(page).split(/^## /m).slice(1).flatMap((chapter) => {
        const name = chapter.split("\n")[0];
        return [name, ...names(chapter, /^\| `(--[a-z-]+)/gm).map((option) => `${name} ${option}`)];
    });
    compare(commands([]).filter((name) => !of_all.test(name)), explained.filter((name) => !of_all.test(name)), page);
}

for (const line of found) console.log(line);
process.exitCode = found.length ? 1 : 0;
