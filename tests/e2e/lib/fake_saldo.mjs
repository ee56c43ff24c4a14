#!/usr/bin/env node
// Stands in for the binary in the harness's own test: it answers a few requests well and a few badly, on purpose.
import http from "node:http";

if (!process.argv.includes("dev")) {
  console.log(JSON.stringify({ arguments: process.argv.slice(2) }));
  process.exit(process.argv.includes("fail") ? 3 : 0);
}

const problem = (status, code) => ({
  status,
  type: "application/problem+json",
  body: JSON.stringify({ type: "about:blank", title: "No", status, detail: "No.", code, request_id: "1" }),
});
const clock = (more = "") => ({
  status: 200,
  type: "application/json",
  body: `{"now":"2020-03-10T18:06:52.438+01:00","time_zone":"Europe/Berlin","frozen":true${more}}`,
});
let asked = 0;
const answers = {
  "POST /oauth/token": () => ({
    status: 200,
    type: "application/json",
    headers: { "Cache-Control": "no-store" },
    body: JSON.stringify({ access_token: `a.b.${++asked}`, expires_in: 1800, token_type: "Bearer" }),
  }),
  "GET /saldo/v1/clock": (headers) => (headers.authorization ? clock() : { status: 401, type: "application/json", body: '{"code":"INVALID_TOKEN"}' }),
  "POST /saldo/v1/clock": () => clock(',"undeclared":1'),
  "GET /saldo/v1/trial-balance": () => ({ status: 200, type: "application/json", body: '{"as_of_position":"1","currencies":[{"currency":"EUR","debits":5.0,"credits":5,"accounts":[]}]}' }),
  "GET /.well-known/jwks.json": () => ({ status: 418, type: "application/json", body: "{}" }),
  "GET /saldo/v1/transactions": () => ({ status: 200, type: "text/plain", body: '{"results":[]}' }),
  "PUT /saldo/v1/clock": () => ({ ...problem(405, "METHOD_NOT_ALLOWED"), headers: { Allow: "GET, HEAD, POST" } }),
  "DELETE /saldo/v1/clock": () => problem(405, "METHOD_NOT_ALLOWED"),
};

const server = http.createServer((request, response) => {
  const path = request.url.split("?")[0];
  const answer = answers[`${request.method} ${path}`]?.(request.headers) ?? problem(404, "NOT_FOUND");
  response.writeHead(answer.status, { "Content-Type": answer.type, "Content-Length": Buffer.byteLength(answer.body), ...answer.headers });
  response.end(answer.body);
});
process.on("SIGTERM", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const now = process.argv[process.argv.indexOf("--now") + 1];
  const ready = { url, client_id: "c", client_secret: "s", operator_client_id: "o", operator_client_secret: "t" };
  console.log(JSON.stringify({ ...ready, partner_id: now, partner_shop_id: "shop", data: "/nowhere" }));
});
