// Every relative link of every page leads somewhere, its #heading included; every `path` in backquotes that names a file of ours is there.
//
//   node tests/house/links.mjs [ROOT]

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = process.argv[2] ?? ".";

function pages(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        if (["node_modules", "build", ".git"].includes(entry.name)) return [];
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return pages(path);
        return entry.name.endsWith(".md") ? [path] : [];
    });
}

const text_of = (page) => readFileSync(page, "utf8").replace(/^```[^]*?^```$/gm, (block) => block.replace(/[^\n]/g, ""));
const anchors_of = (page) =>
    [...text_of(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-"),
    );

const found = [];
for (const page of pages(root)) {
    for (const [line, text] of text_of(page).split("\n").entries()) {
        const say = (what) => found.push(`${relative(root, page)}:${line + 1}: ${what}`);
        for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
            if (/^[a-z]+:/.test(target)) continue;
            const [path, anchor] = target.split("#");
            const file = path ? join(dirname(page), path) : page;
            if (!existsSync(file)) say(`the link ${target} leads nowhere`);
            else if (anchor && !anchors_of(file).includes(anchor)) say(`${path || "this page"} has no heading #${anchor}`);
        }
        for (const [, path] of text.matchAll(/`((?:src|docs|api|tests|tools|bench|cmake)\/[\w./-]*)`/g))
            if (!existsSync(join(root, path))) say(`there is no ${path}`);
    }
}
for (const line of found) console.log(line);
process.exitCode = found.length ? 1 : 0;
