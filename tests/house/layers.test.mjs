// Proves that layers.mjs sees each kind of breach: a small good tree, then the same tree with one rule broken.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { breaches } from "./layers.mjs";

const good = {
    "ARCHITECTURE.md": [
        "```layers",
        "foundation: pure",
        "ledger:     pure  foundation",
        "projection: pure  foundation ledger",
        "store:      foundation ledger",
        "```",
        "```libraries",
        "<sqlite3.h>  store",
        "<openssl/>   foundation store -- digests, keys",
        "```",
        "",
    ].join("\n"),
    "src/foundation/money.hpp": '#pragma once\n#include <cstdint>\n#include <openssl/sha.h>\n',
    "src/ledger/evolve.cpp": '#include "ledger/evolve.hpp"\n#include "foundation/money.hpp"\n#include <vector>\n',
    "src/ledger/evolve.hpp": "#pragma once\nstruct Day { bool operator==(const Day&) const = default; };\n",
    "src/ledger/evolve_test.cpp": "#include <fstream>\n#include <gtest/gtest.h>\n",
    "src/projection/status.cpp": '#include "ledger/evolve.hpp"\n',
    "src/store/sqlite/log.cpp": '#include <mutex>\n#include <sqlite3.h>\n#include <unistd.h>\n#include "ledger/evolve.hpp"\n',
};

function breaches_of(files) {
    const root = mkdtempSync(join(tmpdir(), "saldo-layers-"));
    try {
        for (const [path, text] of Object.entries({ ...good, ...files })) {
            if (text === null) continue;
            mkdirSync(dirname(join(root, path)), { recursive: true });
            writeFileSync(join(root, path), text);
        }
        return breaches(root);
    } finally {
        rmSync(root, { recursive: true });
    }
}

test("a tree that keeps the rules has no breach", () => assert.deepEqual(breaches_of({}), []));

const architecture = (from, to) => ({ "ARCHITECTURE.md": good["ARCHITECTURE.md"].replace(from, to) });
const in_ledger = (line) => ({ "src/ledger/claim.cpp": `// first line\n${line}\n` });

const broken = [
    ["an include against an arrow", in_ledger('#include "store/log.hpp"'), "src/ledger/claim.cpp:2: ledger may not include store"],
    ["an include of a room that stands beside", { "src/store/report.cpp": '#include "projection/status.hpp"\n' }, "store may not include projection"],
    ["a test that includes against an arrow", { "src/ledger/claim_test.cpp": '#include "projection/status.hpp"\n' }, "ledger may not include projection"],
    ["an include through ..", in_ledger('#include "../store/log.hpp"'), "from its room on"],
    ["an include beside, without its room", in_ledger('#include "evolve.hpp"'), "from its room on"],
    ["a cycle in the block", architecture("foundation: pure", "foundation: pure ledger"), "a cycle"],
    ["a pure room that may include an impure one", architecture("projection: pure  foundation", "projection: pure  store foundation"), "is pure and may not include store"],
    ["a room in the block without a folder", architecture("store:", "gateway: foundation\nstore:"), "the room gateway has no folder"],
    ["a folder that is no room", { "src/utils/string.hpp": "#pragma once\n" }, "src/utils is no room"],
    ["an arrow to a room that is none", architecture("store:      foundation", "store:      banking foundation"), "banking, which is no room"],
    ["a clock in a pure room", in_ledger("auto now = std::chrono::system_clock::now();"), "a clock"],
    ["a steady clock in a pure room", in_ledger("using Watch = std::chrono::steady_clock;"), "a clock"],
    ["time(nullptr) in a pure room", in_ledger("auto now = time(nullptr);"), "a clock"],
    ["gettimeofday in a pure room", in_ledger("gettimeofday(&now, nullptr);"), "a clock"],
    ["a chance header in a pure room", in_ledger("#include <random>"), "<random>"],
    ["a source of chance in a pure room", in_ledger("std::random_device chance;"), "chance"],
    ["rand() in a pure room", in_ledger("int die = rand() % 6;"), "chance"],
    ["the environment in a pure room", in_ledger('auto home = getenv("HOME");'), "the outside world"],
    ...["fstream", "iostream", "filesystem", "thread", "mutex", "sys/socket.h", "unistd.h"].map((header) => [
        `<${header}> in a pure room`, in_ledger(`#include <${header}>`), `may not include <${header}>`,
    ]),
    ["a library named in a second room", in_ledger("#include <sqlite3.h>"), "named in store alone, not in ledger"],
    ["a library that nobody registered", { "src/store/zip.cpp": "#include <zlib.h>\n" }, "belongs to no library"],
    ["a library in two rooms without a reason", architecture(" -- digests, keys", ""), "gives no reason"],
    ["a default in a switch of the ledger", in_ledger("switch (e) { default: return; }"), "has no default"],
    ["a default in a switch of the projection", { "src/projection/x.cpp": "switch (e) {\n  default :\n    break;\n}\n" }, "has no default"],
];
for (const [name, files, expected] of broken)
    test(`${name} is a breach`, () => {
        const found = breaches_of(files);
        assert.ok(found.length > 0 && found.every((each) => each.includes(expected)), found.join("\n"));
    });

const harmless = [
    ["a clock in a comment", in_ledger("// never system_clock::now() here")],
    ["a commented include", in_ledger('/* not\n#include "store/log.hpp"\n*/')],
    ["a clock in a text", in_ledger('auto text = "steady_clock default:";')],
    ["a clock in a raw text", in_ledger('auto text = R"x(\n"steady_clock)" getenv\n)x";')],
    ["a digit separator before a comment's apostrophe", in_ledger("int n = 1'000; // it's fine: std::rand()")],
    ["a default outside ledger and projection", { "src/foundation/x.cpp": "switch (c) { default: return; }\n" }],
    ["a function of one's own called local_time", in_ledger("auto t = local_time(0); auto u = zone.time(0);")],
    ["a test in a pure room that reads files", { "src/ledger/claim_test.cpp": "#include <filesystem>\n#include <rapidcheck/gtest.h>\n" }],
];
for (const [name, files] of harmless) test(`${name} is no breach`, () => assert.deepEqual(breaches_of(files), []));
