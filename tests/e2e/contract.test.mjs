// The routes of the binary and the paths of the contract are the same, both ways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contract } from "./lib/client.mjs";
import { run, runJson } from "./lib/server.mjs";

/// Names of path parameters are free.
const bare = ({ method, path }) => `${method} ${path.replace(/\{[^}]+\}/g, "{}")}`;

test("every route is in the contract, and every path of the contract is a route", async () => {
  const routes = (await runJson(["routes", "--json"])).map(bare);
  const admin = new Set(contract.operations.filter((one) => one.admin).map(bare));
  const is_page = (one) => /^(GET|POST) \/pay\//.test(one); // for people, not for programs
  const documented = contract.operations.filter((one) => !one.admin).map(bare);
  assert.deepEqual(routes.filter((one) => !admin.has(one) && !is_page(one) && !/^(HEAD|OPTIONS) /.test(one)).sort(), documented.sort());
  assert.equal(new Set(routes).size, routes.length);
});

test("the binary tells its version and helps itself", async () => {
  const version = await run(["--version"]);
  assert.equal(version.code, 0);
  assert.match(version.stdout, /\d+\.\d+\.\d+/);
  for (const words of [[], ["dev"], ["serve"], ["partner"], ["partner", "add"], ["shop", "add"], ["client", "add"], ["events"], ["explain"], ["verify"], ["subject", "erase"]]) {
    const help = await run([...words, "--help"]);
    assert.equal(help.code, 0, words.join(" "));
    assert.match(help.stdout, /usage/i, words.join(" "));
  }
});

test("a slip of the pen ends with a hint and not with 0", async () => {
  for (const words of [["servee"], ["dev", "--lisen", "127.0.0.1:0"], ["events"]]) {
    const slip = await run(words);
    assert.notEqual(slip.code, 0, words.join(" "));
    assert.ok(slip.stderr.length > 0, words.join(" "));
  }
});
