// The judge is judged first: what it must let pass, and what it must catch.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { daysAfter } from "./client.mjs";
import { Contract, ContractViolation, faultsOfNumbers } from "./contract.mjs";
import { exchange, parseResponses } from "./raw.mjs";
import { Server, run, runJson } from "./server.mjs";

const program = fileURLToPath(new URL("fake_saldo.mjs", import.meta.url));
const violation = (text) => (error) => error instanceof ContractViolation && error.message.includes(text);

describe("a server under test", () => {
  let server;
  before(async () => {
    server = await Server.start({ program, now: "2020-03-10T18:06:52.438+01:00" });
  });
  after(() => server.stop());

  test("says where it listens and is given its clock", () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(server.ready.partner_id, "2020-03-10T18:06:52.438+01:00");
  });
  test("a good answer passes, and the token is asked for once", async () => {
    assert.equal((await server.operator.now()).frozen, true);
    await server.operator.now();
    const answer = await server.operator.call("POST", "/oauth/token", {
      body: { grant_type: "client_credentials", audience: "https://x.example/saldo/v1" },
    });
    assert.equal(answer.body.access_token, "a.b.2");
  });
  test("a member that the contract does not name is caught", () =>
    assert.rejects(server.operator.post("/saldo/v1/clock", { advance: "P1D" }), violation("undeclared")));
  test("a member of the request that the contract does not name is caught", () =>
    assert.rejects(server.operator.post("/saldo/v1/clock", { advance: "P1D", advanse: 1 }), violation("advanse")));
  test("a status that the contract does not name is caught", () =>
    assert.rejects(server.operator.get("/.well-known/jwks.json"), violation("documents no 418")));
  test("a wrong Content-Type is caught", () => assert.rejects(server.operator.search("x"), violation("Content-Type text/plain")));
  test("a missing required header is caught", () =>
    assert.rejects(server.operator.get("/saldo/v1/clock", { token: null }), violation("WWW-Authenticate is missing")));
  test("a number with zeros at its end is caught", () => assert.rejects(server.operator.trialBalance(), violation("the number 5.0")));
  test("405 must name the methods that the path has", async () => {
    await server.operator.call("PUT", "/saldo/v1/clock", { expect: 405 });
    await assert.rejects(server.operator.call("DELETE", "/saldo/v1/clock"), violation("Allow"));
  });
  test("an unexpected status is an error", () => assert.rejects(server.operator.get("/nowhere", { expect: 200 }), /expected 200, got 404/));
  test("bytes go out as they are and responses are told apart", async () => {
    const one = "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
    const { responses, closed } = await exchange(server.port, one + one, { count: 2 });
    assert.deepEqual(responses.map((response) => response.status), [404, 404]);
    assert.equal(closed, false);
  });
});

test("a server that is told to end ends, and one that is killed is gone", async () => {
  const calm = await Server.start({ program });
  assert.deepEqual(await calm.stop(), { code: 0, signal: null });
  const killed = await Server.start({ program });
  assert.deepEqual(await killed.kill(), { code: null, signal: "SIGKILL" });
});

test("a binary that ends before it is ready is an error with what it said", () =>
  assert.rejects(Server.start({ program: "/bin/false" }), /ended before it was ready/));

test("the command line is run to its end", async () => {
  assert.deepEqual(await runJson(["routes"], { program }), { arguments: ["routes"] });
  assert.equal((await run(["fail"], { program })).code, 3);
  await assert.rejects(runJson(["fail"], { program }), /ended with 3/);
});

test("incomplete responses are not responses yet", () => {
  const whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  assert.equal(parseResponses(Buffer.from(whole)).length, 1);
  assert.equal(parseResponses(Buffer.from(whole.slice(0, -1))).length, 0);
  assert.equal(parseResponses(Buffer.from(`HTTP/1.1 100 Continue\r\n\r\n${whole}`)).length, 1);
});

test("numbers are in their shortest form", () => {
  assert.deepEqual(faultsOfNumbers('{"a":[0,1,-1,33.8,0.05,-0.5,100,1234567.89],"b":"1.0 2.50 \\" 3.0"}'), []);
  for (const number of ["1.0", "33.80", "-0", "0.0", "01", "1e3", "1E-2", "100.00"])
    assert.equal(faultsOfNumbers(`{"a":${number}}`).length, 1, number);
});

test("every operation of the contract can be judged", () => {
  const contract = new Contract();
  assert.ok(contract.operations.length > 35);
  for (const operation of contract.operations) {
    if (operation.admin) continue;
    const path = operation.path.replace(/\{[^}]+\}/g, "x");
    for (const [status, response] of Object.entries(operation.responses)) {
      const type = Object.keys(response.content ?? {})[0];
      const text = type && /json/.test(type) ? '"never"' : "";
      const check = () => contract.check({ method: operation.method, path, request: { headers: {} }, status: Number(status), headers: { "content-type": type }, text }, { invalid: true });
      if (type && /json/.test(type)) assert.throws(check, ContractViolation, `${operation.id} ${status}`);
    }
  }
});

test("every example of the contract fits it, closed as it is here", () => {
  const contract = new Contract();
  let seen = 0;
  for (const { method, path, id, responses } of contract.operations)
    for (const [status, response] of Object.entries(responses))
      for (const [type, { examples }] of Object.entries(response.content ?? {}))
        for (const unresolved of Object.values(examples ?? {})) {
          const example = contract.resolved(unresolved).value;
          if (!/json/.test(type)) continue;
          seen += 1;
          const exchange = { method, path, request: { headers: {} }, status: Number(status), headers: { "content-type": type }, text: JSON.stringify(example) };
          const faults = [];
          try {
            contract.check(exchange, { invalid: true });
          } catch (error) {
            faults.push(...error.faults.filter((fault) => fault.startsWith("body")));
          }
          assert.deepEqual(faults, [], `${id} ${status}`);
        }
  assert.ok(seen > 20);
});

test("instants are written as Berlin's clocks show them", () => {
  assert.equal(daysAfter("2020-03-10T18:06:52.438+01:00", 120), "2020-07-08T19:06:52.438+02:00");
  assert.equal(daysAfter("2020-03-10T18:06:52.438001+01:00", 1), "2020-03-11T18:06:52.438001+01:00");
  assert.equal(daysAfter("2020-10-24T18:06:52+02:00", 1), "2020-10-25T17:06:52+01:00");
});
