// Reads the blocks `layers` and `libraries` out of ARCHITECTURE.md and holds every file under src/ to them.
//
//   node tests/house/layers.mjs [ROOT]     prints one line for each breach; exit code 1 if there is any

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Everything in the tree at `root` that breaks the rules of its ARCHITECTURE.md, one sentence each. */
export function breaches(root) {
    const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
    const rooms = parse_layers(block(architecture, "layers"));
    const libraries = parse_libraries(block(architecture, "libraries"));

    const found = [...breaches_of_the_blocks(rooms, libraries), ...breaches_of_the_folders(root, rooms)];
    for (const path of sources(join(root, "src"))) {
        const name = relative(join(root, "src"), path);
        const room = rooms.get(name.split("/")[0]);
        if (room) found.push(...breaches_of_a_file(name, readFileSync(path, "utf8"), room, rooms, libraries));
    }
    return found;
}

function block(markdown, name) {
    const found = markdown.match(new RegExp("^```" + name + "\\n([^]*?)^```$", "m"));
    if (!found) throw new Error(`ARCHITECTURE.md has no block \`${name}\``);
    return found[1].split("\n").filter((line) => line.trim());
}

/** `ledger:  pure  foundation subject terms`: the room, whether it is pure, and the rooms it may include. */
function parse_layers(lines) {
    return new Map(
        lines.map((line) => {
            const [, name, rest] = line.match(/^(\w+):(.*)$/) ?? [];
            if (!name) throw new Error(`the block layers has a line that is none: ${line}`);
            const words = rest.split(/\s+/).filter(Boolean);
            return [name, { name, pure: words[0] === "pure", may_include: words.filter((word) => word !== "pure") }];
        }),
    );
}

/** `<openssl/>  foundation http  reason`: a header, or a folder of headers, and the rooms it is named in. */
function parse_libraries(lines) {
    return lines.map((line) => {
        const [, header, rest] = line.match(/^<([^>]+)>\s+(.*)$/) ?? [];
        if (!header) throw new Error(`the block libraries has a line that is none: ${line}`);
        const [names, reason] = rest.split(/\s+--\s+/);
        return { header, rooms: names.trim().split(/\s+/), reason };
    });
}

function breaches_of_the_blocks(rooms, libraries) {
    const found = [];
    for (const room of rooms.values())
        for (const other of room.may_include)
            if (!rooms.has(other)) found.push(`ARCHITECTURE.md: ${room.name} may include ${other}, which is no room`);
            else if (reaches(rooms, other, room.name))
                found.push(`ARCHITECTURE.md: ${room.name} and ${other} may include each other: a cycle`);
            else if (room.pure && !rooms.get(other).pure)
                found.push(`ARCHITECTURE.md: ${room.name} is pure and may not include ${other}, which is not`);
    for (const library of libraries)
        if (library.rooms.length > 1 && !library.reason)
            found.push(`ARCHITECTURE.md: <${library.header}> is named in ${library.rooms.length} rooms and gives no reason`);
    return found;
}

function reaches(rooms, from, to, seen = new Set()) {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (rooms.get(from)?.may_include ?? []).some((next) => reaches(rooms, next, to, seen));
}

function breaches_of_the_folders(root, rooms) {
    const folders = readdirSync(join(root, "src"), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name);
    return [
        ...folders.filter((name) => !rooms.has(name)).map((name) => `src/${name} is no room of ARCHITECTURE.md`),
        ...[...rooms.keys()]
            .filter((name) => !existsSync(join(root, "src", name)))
            .map((name) => `ARCHITECTURE.md: the room ${name} has no folder src/${name}`),
    ];
}

function sources(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return sources(path);
        return /\.(cpp|hpp)$/.test(entry.name) ? [path] : [];
    });
}

// Clocks, chance and the outside world: what makes an answer differ from one run to the next.
const impure_headers =
    /^(fstream|iostream|filesystem|thread|mutex|shared_mutex|condition_variable|future|stop_token|semaphore|latch|barrier|random|cstdio|stdio\.h|ctime|time\.h|unistd\.h|fcntl\.h|poll\.h|netdb\.h|sys\/.*|netinet\/.*|arpa\/.*)$/;
const impure_words = [
    [/\b\w+_clock::now\b/, "a clock"],
    [/\b(steady_clock|high_resolution_clock|gettimeofday|clock_gettime|localtime|localtime_r)\b/, "a clock"],
    [/\bstd::time\s*\(|(?<![\w.:>])time\s*\(\s*(nullptr|NULL|0|&)/, "a clock"],
    [/\b(random_device|mt19937(_64)?|default_random_engine|srand|drand48|getrandom|arc4random\w*|randombytes\w*|RAND_bytes)\b/, "chance"],
    [/\bstd::rand\s*\(|(?<![\w.:>])rand\s*\(\s*\)/, "chance"],
    [/\b(getenv|printf|fopen|std::cout|std::cerr)\b/, "the outside world"],
];
const test_headers = /^(gtest|gmock|rapidcheck)[/.]/;

function breaches_of_a_file(name, text, room, rooms, libraries) {
    const found = [];
    const is_test = name.endsWith("_test.cpp");
    const lines = text.split("\n");
    const code = without_comments_and_texts(text).split("\n");
    const say = (line, what) => found.push(`src/${name}:${line + 1}: ${what}`);

    for (const [line, source] of lines.entries()) {
        const [, quoted, angled] = source.match(/^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)/) ?? [];
        if (!code[line].includes("include")) continue; // commented out
        const header = quoted ?? angled;
        if (header === undefined) continue;

        const other = header.split("/")[0];
        if (quoted?.startsWith(".") || (quoted && !rooms.has(other)))
            say(line, `"${quoted}" is to be written from its room on, as "${room.name}/..."`);
        else if (rooms.has(other) && header.includes("/")) {
            if (other !== room.name && !room.may_include.includes(other)) say(line, `${room.name} may not include ${other} ("${header}")`);
        } else if (angled && !(is_test && test_headers.test(angled))) {
            if (room.pure && !is_test && impure_headers.test(angled)) say(line, `${room.name} is pure and may not include <${angled}>`);
            if (!is_of_the_language_or_system(angled)) {
                const library = libraries.find((each) =>
                    each.header.endsWith("/") ? angled.startsWith(each.header) : angled === each.header,
                );
                if (!library) say(line, `<${angled}> belongs to no library of ARCHITECTURE.md`);
                else if (!library.rooms.includes(room.name))
                    say(line, `<${angled}> is named in ${library.rooms.join(" and ")} alone, not in ${room.name}`);
            }
        }
    }

    for (const [line, source] of code.entries()) {
        if (room.pure && !is_test)
            for (const [word, what] of impure_words) if (word.test(source)) say(line, `${room.name} is pure and may not name ${what}: ${source.trim()}`);
        if (/^(ledger|projection)$/.test(room.name) && /\bdefault\s*:(?!:)/.test(source))
            say(line, "a switch names all cases and has no default: here a new event must not be forgotten");
    }
    return found;
}

/** `<vector>`, `<cstdint>`, `<sys/wait.h>`: the standard's names have no dot and no folder; the system's are these. */
function is_of_the_language_or_system(header) {
    const system = /^(assert|errno|fcntl|grp|limits|netdb|poll|pthread|pwd|sched|signal|spawn|stdint|stdio|stdlib|string|termios|time|unistd)\.h$/;
    return /^[a-z_0-9]+$/.test(header) || system.test(header) || /^(sys|netinet|arpa|linux|net)\//.test(header);
}

/** The same lines with comments and the insides of string and character literals blanked. */
export function without_comments_and_texts(text) {
    const pieces = /\/\/[^\n]*|\/\*[^]*?\*\/|R"([^()\\ ]{0,16})\([^]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'/g;
    return text.replace(pieces, (piece) => piece.replace(/[^\n]/g, " "));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const found = breaches(process.argv[2] ?? ".");
    for (const line of found) console.log(line);
    console.log(found.length ? `${found.length} breaches of the layers` : "every include keeps to the layers");
    process.exitCode = found.length ? 1 : 0;
}
