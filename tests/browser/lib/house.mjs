// The real binary, a shop beside it, and a browser that can reach nobody else.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { runJson, Server } from "../../e2e/lib/server.mjs";

const axe_source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

function browser_program() {
  const named = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(named)) throw new Error(`there is no browser at ${named}: apt-get install chromium, or name one by CHROMIUM`);
  return named;
}

/// A shop's web server: whatever is asked for is there, and what was asked for is kept. `/frame?URL` shows a page in a frame.
class ShopSite {
  visits = [];
  #server = http.createServer((request, response) => {
    if (request.url !== "/favicon.ico") this.visits.push({ url: request.url, referer: request.headers.referer });
    const framed = request.url.startsWith("/frame?") && decodeURIComponent(request.url.slice(7));
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>The shop</title><h1>The shop</h1>${framed ? `<iframe src="${framed}" width="400" height="900"></iframe>` : ""}`);
  });
  async open() {
    await new Promise((done) => this.#server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }
  close() {
    this.#server.closeAllConnections?.();
    this.#server.close();
  }
}

export class House {
  /// What the pages of all tests asked for beside the server and the shop: must stay empty.
  strangers = [];
  complaints = [];

  static async open() {
    const house = new House();
    house.site = new ShopSite();
    [house.server, house.browser] = await Promise.all([
      Server.start(),
      chromium.launch({
        executablePath: browser_program(),
        args: [
          ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
          // No name leads anywhere: a request to somebody else's server would fail, and be seen.
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
      }),
      house.site.open(),
    ]);
    return house;
  }

  async close() {
    await this.browser?.close();
    await this.server?.stop();
    this.site?.close();
  }

  /// A new session; what of the buyer is known can be changed, `undefined` leaves it out.
  async session({ language = "en", known = {}, buyer = {}, amount = 173.49, ...rest } = {}) {
    const { date_of_birth, phone, email = "erika@example.com", zip_code = "80802" } = known;
    const urls = Object.fromEntries(["success", "cancel", "failure"].map((how) => [`${how}_url`, `${this.site.url}/${how}?a=1`]));
    const answer = await this.server.shop.post(
      "/pps/api/v1/session",
      {
        order_data: {
          partner_transaction_id: "order-1",
          currency: "EUR",
          buyer: {
            language,
            person: { first_name: "Erika", last_name: "Mustermann", ...(date_of_birth && { date_of_birth }) },
            contact: { email, ...(phone && { phone }) },
            billing_address: { street: "Nikolaistr.", street_number: "9", zip_code, city: "München", country_code: "DE" },
            ...buyer,
          },
          shop_baskets: [{ gross_amount: amount }],
        },
        url_data: urls,
        ...rest,
      },
      { expect: 201, token: await this.server.shop.token("https://api.example") },
    );
    return { id: answer.body.session_id, url: answer.body.landing_page_url };
  }

  /// Agrees another contract with the sandbox's partner until the test is over: `change(contract)` gives it.
  async agree(t, change) {
    const { partner_id } = this.server.ready;
    const place = ["--json", "--data", this.server.data];
    const folder = mkdtempSync(path.join(tmpdir(), "saldo-contract-"));
    const set = async (contract) => {
      const file = path.join(folder, "contract.json");
      writeFileSync(file, JSON.stringify({ ...contract, version: 0 }));
      await runJson(["partner", "contract", partner_id, "--set", file, ...place]);
    };
    const plain = await runJson(["partner", "contract", partner_id, ...place]);
    t.after(async () => {
      await set(plain);
      rmSync(folder, { recursive: true });
    });
    await set(change(plain));
  }

  async record(id) {
    const token = await this.server.shop.token("https://api.example");
    return (await this.server.shop.get(`/pps/api/v1/session-record/${id}`, { expect: 200, token })).body;
  }

  async record_status(id) {
    return (await this.record(id)).session_status;
  }

  /// A browser window of its own, without cookies. Everything it asks for is watched.
  async window({ scripts = true, width = 390, height = 844, language = "en-GB", scheme = "light" } = {}) {
    const context = await this.browser.newContext({
      javaScriptEnabled: scripts,
      viewport: { width, height },
      locale: language,
      colorScheme: scheme,
    });
    context.setDefaultTimeout(8000);
    context.on("request", (request) => {
      const { origin } = new URL(request.url());
      if (origin !== this.server.url && origin !== this.site.url) this.strangers.push(request.url());
    });
    context.on("console", (message) => {
      // A form's 4xx answer is what the test wants; everything else is a fault of the page.
      if (["error", "warning"].includes(message.type()) && !/status of 4\d\d/.test(message.text())) this.complaints.push(message.text());
    });
    context.on("weberror", (error) => this.complaints.push(String(error.error())));
    return context;
  }
}

/// What WCAG 2.2 AA (and axe's own best practice) has to say against the page: nothing. `colours: false` leaves contrast out.
export async function violations(page, { colours = true } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(`${axe_source}; undefined`);
  const found = await page.evaluate(
    (enabled) =>
      window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"],
        rules: { "color-contrast": { enabled } },
      }),
    colours,
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/// How far the page is wider than its window.
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export const at = {
  method: "#method-invoice",
  details: 'form[action$="/details"]',
  confirm: "#order",
  code: "#code",
  result: ".done",
};

/// Presses a button of the page and waits for the screen that it leads to.
export async function press(page, button, next) {
  await page.click(button);
  await page.waitForSelector(next);
}

export async function open(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export async function choose(page, method = "invoice", next = at.details) {
  await page.check(`#method-${method}`);
  await press(page, "main form button.main", next);
}

export async function fill_details(page, next = at.confirm) {
  await page.fill("#birth_day", "27");
  await page.fill("#birth_month", "3");
  await page.fill("#birth_year", "1985");
  await page.fill("#phone", "0171 1234567");
  await press(page, "main form button.main", next);
}

/// Up to the order button.
export async function prepare(page) {
  await page.waitForSelector(at.method);
  await choose(page);
  await fill_details(page);
}

export async function order(page, next = at.result) {
  await press(page, at.confirm, next);
}
