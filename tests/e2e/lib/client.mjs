// A client of the server under test. Every exchange it has is held against the contract.
import http from "node:http";
import { Contract } from "./contract.mjs";

export const contract = new Contract();

/// The audiences of the APIs. Only their path counts.
export const audience = {
  payment: "https://api.example/transaction/management",
  transactionStatus: "https://api.example/transaction/status/v2/transactions",
  orderStatus: "https://api.example/order/status/v2/transactions",
  payLater: "https://api.example/paylater",
  hostedPage: "https://api.example",
  saldo: "https://api.example/saldo/v1",
};

/// The audience whose token a path takes; undefined if it takes none.
export function audienceOf(path) {
  if (path.startsWith("/transaction/management/")) return audience.payment;
  if (path.startsWith("/transaction/status/")) return audience.transactionStatus;
  if (path.startsWith("/order/status/")) return audience.orderStatus;
  if (path.startsWith("/order/paylater/")) return audience.payLater;
  if (path.startsWith("/pps/")) return audience.hostedPage;
  if (path.startsWith("/saldo/")) return audience.saldo;
  return undefined;
}

export class Client {
  #url;
  #agent = new http.Agent({ keepAlive: true });
  #tokens = new Map();

  constructor(url, id, secret) {
    this.#url = new URL(url);
    this.id = id;
    this.secret = secret;
  }

  /// A token for one API, asked for once.
  async token(forAudience) {
    if (!this.#tokens.has(forAudience)) {
      const answer = await this.call("POST", "/oauth/token", {
        body: { grant_type: "client_credentials", client_id: this.id, client_secret: this.secret, audience: forAudience },
        token: null,
        expect: 200,
      });
      this.#tokens.set(forAudience, answer.body.access_token);
    }
    return this.#tokens.get(forAudience);
  }

  /// Sends a request and returns {status, headers, body, text}. Options:
  /// `body` a value to send as JSON, or a string or Buffer to send as it is; `type` its Content-Type; `headers`;
  /// `token` another token, or null for none; `expect` the status that must come (a number, or several);
  /// `invalid` if the request is wrong on purpose and not to be held against the contract.
  async call(method, path, { body, type, headers = {}, token, expect, invalid = false } = {}) {
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const bearer = token === undefined && sent.authorization === undefined && audienceOf(path) ? await this.token(audienceOf(path)) : token;
    if (bearer) sent.authorization ??= `Bearer ${bearer}`;
    const raw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
    const payload = body === undefined ? undefined : Buffer.from(raw ? body : JSON.stringify(body));
    if (payload !== undefined && type !== null) sent["content-type"] ??= type ?? "application/json";
    // The published reads of a purchase ask for it although they have no body.
    else if (type !== null && /^\/(transaction|order)\/(status|paylater)\//.test(path)) sent["content-type"] ??= type ?? "application/json";
    if (payload !== undefined) sent["content-length"] ??= String(payload.length);

    const answer = await this.#exchange(method, path, sent, payload);
    contract.check({ method, path, request: { headers: sent, body: raw ? undefined : body }, ...answer }, { invalid: invalid || (raw && body !== undefined) });
    const expected = expect === undefined ? [] : [expect].flat();
    if (expected.length > 0 && !expected.includes(answer.status))
      throw new Error(`${method} ${path}: expected ${expected.join(" or ")}, got ${answer.status}: ${answer.text.slice(0, 2000)}`);
    return answer;
  }

  #exchange(method, path, headers, payload) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        { host: this.#url.hostname, port: this.#url.port, method, path, headers, agent: this.#agent },
        (response) => {
          const chunks = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const answer = { status: response.statusCode, headers: response.headers, text };
            if (/json/.test(response.headers["content-type"] ?? "") && text) {
              try {
                answer.body = JSON.parse(text);
              } catch {
                // The contract's check says so.
              }
            }
            resolve(answer);
          });
        },
      );
      request.on("error", reject);
      request.end(payload);
    });
  }

  get(path, options) {
    return this.call("GET", path, options);
  }
  post(path, body, options) {
    return this.call("POST", path, { body, ...options });
  }

  close() {
    this.#agent.destroy();
  }
}

/// The shop's own client: Payment API 2.0 and the two status reads.
export class Shop extends Client {
  #management = "/transaction/management/v2/transactions";

  authorize(body, options = {}) {
    return this.post(this.#management, body, { expect: 201, ...options });
  }
  transaction(id, options = {}) {
    return this.get(`${this.#management}/${id}`, { expect: 200, ...options });
  }
  expireAt(id, instant, options = {}) {
    const body = { authorization_expires: instant };
    return this.call("PATCH", `${this.#management}/${id}`, { body, type: "application/merge-patch+json", expect: 200, ...options });
  }
  operate(kind, id, body, options = {}) {
    return this.post(`${this.#management}/${id}/${kind}`, body, { expect: 201, ...options });
  }
  extend(id, body, options) {
    return this.operate("authorizations", id, body, options);
  }
  cancel(id, body, options) {
    return this.operate("cancellations", id, body, options);
  }
  capture(id, body, options) {
    return this.operate("captures", id, body, options);
  }
  refund(id, body, options) {
    return this.operate("refunds", id, body, options);
  }
  ship(id, capture, body, options) {
    return this.operate(`captures/${capture}/shipping-information`, id, body, options);
  }
  path(id, ...rest) {
    return [this.#management, id, ...rest].join("/");
  }

  /// The Transaction Status document.
  async status(id, query = {}) {
    return (await this.get(`/transaction/status/v2/transactions/${id}${queryText(query)}`, { expect: 200 })).body;
  }
  /// The Order Status document, whole unless `include` says otherwise.
  async order(id, query = {}) {
    return (await this.get(`/order/status/v2/transactions/${id}${queryText({ include: "all", ...query })}`, { expect: 200 })).body;
  }
}

/// The operator's client: our own operations. Money gets a fresh idempotency key unless one is given.
export class Operator extends Client {
  #number = 0;

  #own(id, rest) {
    return `/saldo/v1/transactions/${id}/${rest}`;
  }
  #key(options) {
    return { expect: 201, ...options, headers: { "Idempotency-Key": `operator-${++this.#number}`, ...options.headers } };
  }
  pay(id, body, options = {}) {
    return this.post(this.#own(id, "payments"), body, this.#key(options));
  }
  fee(id, body, options = {}) {
    return this.post(this.#own(id, "fees"), body, this.#key(options));
  }
  dun(id, body, options = {}) {
    return this.post(this.#own(id, "dunning-level"), body, { expect: 201, ...options });
  }
  block(id, body, options = {}) {
    return this.call("PUT", this.#own(id, "dunning-block"), { body, expect: 200, ...options });
  }
  unblock(id, options = {}) {
    return this.call("DELETE", this.#own(id, "dunning-block"), { expect: 204, ...options });
  }
  async events(id) {
    return (await this.get(this.#own(id, "events"), { expect: 200 })).body;
  }
  async explain(id, query = {}) {
    return (await this.get(this.#own(id, `explain${queryText(query)}`), { expect: 200 })).body;
  }
  async search(q, query = {}) {
    return (await this.get(`/saldo/v1/transactions${queryText({ q, ...query })}`, { expect: 200 })).body;
  }
  async trialBalance() {
    return (await this.get("/saldo/v1/trial-balance", { expect: 200 })).body;
  }
  async now() {
    return (await this.get("/saldo/v1/clock", { expect: 200 })).body;
  }
  /// Moves the sandbox clock to a day (at ten in the morning in Berlin) or to an instant.
  async goTo(when) {
    const now = when.length === 10 ? `${when}T10:00:00${berlinOffset(when)}` : when;
    return (await this.post("/saldo/v1/clock", { now }, { expect: 200 })).body;
  }
}

function queryText(query) {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined)).toString();
  return text ? `?${text}` : "";
}

/// `+01:00` or `+02:00`: what Berlin's clocks are ahead at noon UTC of that day.
export function berlinOffset(day) {
  const name = new Intl.DateTimeFormat("en", { timeZone: "Europe/Berlin", timeZoneName: "longOffset" })
    .formatToParts(new Date(`${day}T12:00:00Z`))
    .find((part) => part.type === "timeZoneName").value;
  return name.slice(3);
}

/// The instant `days` of 24 hours after another one, as the server prints it for Berlin: the digits of the second stay,
/// the offset is the one in force then.
export function daysAfter(instant, days) {
  const [, fraction] = /:\d{2}(\.\d+)?[+-]/.exec(instant);
  const later = Date.parse(instant.replace(fraction ?? "", "")) + days * 24 * 3600 * 1000;
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: "Europe/Berlin",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "longOffset",
    })
      .formatToParts(new Date(later))
      .map((part) => [part.type, part.value]),
  );
  const { year, month, day, hour, minute, second, timeZoneName } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction ?? ""}${timeZoneName.slice(3)}`;
}
