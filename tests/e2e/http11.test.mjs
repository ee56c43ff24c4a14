// The probes of tests/conformance against the whole program: what they ask of `/` the front page answers, and what no
// route has is 404. How bodies arrive is seen there, where the resource is the test's own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { contract } from "./lib/client.mjs";
import { exchange } from "./lib/raw.mjs";
import { serverFor } from "./lib/server.mjs";

const { probes } = JSON.parse(readFileSync(new URL("../conformance/probes.json", import.meta.url), "utf8"));
const bytesOf = (probe, host) =>
  Buffer.from(probe.send.map((one) => (typeof one === "string" ? one : one[0].repeat(one[1]))).join("").replaceAll("{HOST}", host), "latin1");
/// Paths that only the test resource has.
const answersOf = (probe) => (/^\w+ \/(echo|cookie)/.test(probe.send[0]) ? probe.answers.map((one) => (one === 200 ? 404 : one)) : probe.answers);

describe("raw HTTP/1.1", () => {
  const server = serverFor({ before, after });
  const families = new Map();
  for (const one of probes) families.set(one.id.split(/[:-]/)[0], [...(families.get(one.id.split(/[:-]/)[0]) ?? []), one]);
  for (const [family, members] of families)
    test(`${family}: ${members.length} probes`, async () => {
      for (const probe of members) {
        const { responses, closed } = await exchange(server().port, bytesOf(probe, `127.0.0.1:${server().port}`), { count: 99, end: true, head: probe.send[0].startsWith?.("HEAD ") });
        assert.deepEqual(responses.map((one) => one.status), answersOf(probe), probe.id);
        assert.ok(closed, `${probe.id}: the connection stays open`);
        for (const response of responses) if (response.status >= 400 && response.text) contract.checkProblem({ method: probe.id, path: "", ...response });
      }
    });
});
