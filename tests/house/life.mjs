// Runs the commands that README and guides show, as a reader would: pasted in order into one shell.
//
// A fenced block ```sh life``` is pasted; a block ```text life``` is exactly what the block before it prints.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The pages of the house that show a life: README first, then the guides by name. */
export function pages(root) {
    const guides = readdirSync(join(root, "docs/guides")).filter((name) => name.endsWith(".md")).sort();
    return ["README.md", ...guides.map((name) => join("docs/guides", name))].filter((page) => steps_of(root, page).length);
}

/** The steps of a page: what is pasted, and what it should print if the page says so. */
export function steps_of(root, page) {
    const text = readFileSync(join(root, page), "utf8");
    const steps = [];
    for (const [, language, body] of text.matchAll(/^```(sh|text) life\n([^]*?)^```$/gm))
        if (language === "sh") steps.push({ commands: body, line: text.slice(0, text.indexOf(body)).split("\n").length });
        else steps.at(-1).prints = body;
    return steps;
}

/** One shell script of all steps. Between them it prints a mark on both outputs, so that each step's output is known. */
export function script_of(steps, mark) {
    return ["set -euo pipefail", ...steps.map(({ commands }) => `${commands}\nprintf '%s\\n' '${mark}'`)].join("\n");
}
