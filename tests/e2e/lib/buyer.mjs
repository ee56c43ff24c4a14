// A buyer without a browser: opens the hosted payment page and sends its forms, as HTML alone does.
import http from "node:http";

export class Buyer {
  #origin;
  #cookies = new Map();
  #csrf;
  /// The page that was seen last: {status, path, text}.
  page;

  /// Follows a landing URL to the page behind it.
  static async open(landingUrl) {
    const buyer = new Buyer();
    const url = new URL(landingUrl);
    buyer.#origin = url.origin;
    await buyer.#go("GET", url.pathname + url.search);
    return buyer;
  }

  /// Sends the form below the session's own path: `submit("cancel")`, `submit("sandbox", {do: "approve"})`.
  submit(form, fields = {}) {
    const base = /^\/pay\/[0-9a-f-]{36}/.exec(this.page.path)?.[0];
    if (!base) throw new Error(`no session's page: ${this.page.path}`);
    return this.#go("POST", `${base}/${form}`, new URLSearchParams({ csrf: this.#csrf, ...fields }).toString());
  }

  async #go(method, path, body) {
    for (let hop = 0; hop < 10; hop += 1) {
      const answer = await this.#exchange(method, path, body);
      if (answer.status < 300 || answer.status > 399) {
        this.page = { status: answer.status, path, text: answer.text };
        this.#csrf = /name="csrf" value="([^"]*)"/.exec(answer.text)?.[1] ?? this.#csrf;
        return this.page;
      }
      const next = new URL(answer.headers.location, this.#origin + path);
      // Back at the shop: there is nobody there in these tests.
      if (next.origin !== this.#origin) return (this.page = { status: answer.status, path: next.href, text: "" });
      [method, path, body] = ["GET", next.pathname + next.search, undefined];
    }
    throw new Error(`too many redirects at ${path}`);
  }

  #exchange(method, path, body) {
    const headers = { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "), Origin: this.#origin };
    if (body !== undefined) headers["Content-Type"] = "application/x-www-form-urlencoded";
    return new Promise((resolve, reject) => {
      const request = http.request(this.#origin + path, { method, headers, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => (text += part));
        response.on("end", () => {
          for (const cookie of response.headers["set-cookie"] ?? []) {
            const [name, value] = cookie.split(";")[0].split("=");
            this.#cookies.set(name, value);
          }
          resolve({ status: response.statusCode, headers: response.headers, text });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }
}
