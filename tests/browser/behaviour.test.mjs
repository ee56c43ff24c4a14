// What happens between the screens: keys, going back, pressing twice, two windows, time, and the way back to the shop.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { House, at, choose, fill_details, open, order, prepare, press, violations } from "./lib/house.mjs";

const minute = 60_000;
let house;
before(async () => {
  house = await House.open();
});
after(() => house?.close());

/// A window with the page of a new session in it, closed when the test is over.
async function page_of(t, session = {}, window = {}) {
  const made = await house.session(session);
  const context = await house.window(window);
  t.after(() => context.close());
  return { ...made, context, page: await open(context, made.url) };
}

/// With a clock that the test moves.
async function timed_page_of(t, window = {}) {
  const made = await house.session();
  const context = await house.window(window);
  t.after(() => context.close());
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(made.url);
  return { ...made, context, page };
}

test("the landing token is traded for a cookie, and the address is clean", async (t) => {
  const { id, url, page, context } = await page_of(t);
  assert.equal(page.url(), `${house.server.url}/pay/${id}`);
  const [cookie] = await context.cookies(page.url());
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Lax", `/pay/${id}`]);
  assert.ok(!page.url().includes(new URL(url).pathname.split("/").pop()));
  assert.equal(await house.record_status(id), "CREATED", "opening is no action");
});

test("a session's id opens nothing", async (t) => {
  const { id } = await house.session();
  const context = await house.window();
  t.after(() => context.close());
  const page = await context.newPage();
  for (const place of ["", "/method", "/details", "/return"])
    assert.equal((await page.goto(`${house.server.url}/pay/${id}${place}`)).status(), 404);
});

test("the keyboard alone takes the buyer through a purchase", async (t) => {
  const { page, id } = await page_of(t, {}, { width: 1200 });
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const tab_to = async (wanted) => {
    for (let i = 0; i < 30 && (await focused()) !== wanted; ++i) await page.keyboard.press("Tab");
    assert.equal(await focused(), wanted);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement.parentElement).outlineStyle), "nonenone", "focus can be seen");
  };
  await tab_to("method-invoice");
  await page.keyboard.press("Space");
  await tab_to("Continue");
  await page.keyboard.press("Enter");
  await page.waitForSelector(at.details);
  for (const [field, text] of [["birth_day", "27"], ["birth_month", "3"], ["birth_year", "1985"], ["phone", "0171 1234567"]]) {
    await tab_to(field);
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.waitForSelector(at.confirm);
  await tab_to("order");
  await page.keyboard.press("Enter");
  await page.waitForSelector(at.result);
  assert.equal(await house.record_status(id), "COMPLETED");
});

test("after a slip the focus is on the summary, and its links lead to the fields", async (t) => {
  const { page } = await page_of(t);
  await choose(page);
  await press(page, "main form button.main", "#faults");
  assert.equal(await page.evaluate(() => document.activeElement.id), "faults");
  await page.click("#faults a");
  assert.equal(await page.evaluate(() => document.activeElement.id), "birth_day");
});

test("the back button sends nothing again", async (t) => {
  const { page, id } = await page_of(t);
  await prepare(page);
  await order(page);
  const { transaction_id } = await house.record(id);
  await page.goBack();
  await page.waitForSelector(at.result);
  await page.reload();
  await page.waitForSelector(at.result);
  assert.equal((await house.record(id)).transaction_id, transaction_id);
});

test("a button pressed twice orders once", async (t) => {
  const { page, id } = await page_of(t);
  await prepare(page);
  let orders = 0;
  page.on("request", (request) => (orders += request.url().endsWith("/order") ? 1 : 0));
  await page.dblclick(at.confirm);
  await page.waitForSelector(at.result);
  assert.equal(orders, 1);
  assert.equal(await house.record_status(id), "COMPLETED");
});

test("without scripts a button pressed twice orders once too", async (t) => {
  const { page, id } = await page_of(t, {}, { scripts: false });
  await prepare(page);
  await page.dblclick(at.confirm);
  await page.waitForSelector(at.result);
  assert.equal(await house.record_status(id), "COMPLETED");
});

test("a button waits visibly, and says so when it did not get through", async (t) => {
  const { page, id } = await page_of(t);
  await prepare(page);
  let held;
  const asked = new Promise((resolve) => {
    page.route("**/order", (route) => {
      held = route;
      resolve();
    });
  });
  await page.click(at.confirm);
  await asked;
  assert.equal(await page.getAttribute(at.confirm, "aria-busy"), "true");
  assert.equal(await page.innerText(".waits"), "One moment …");
  assert.equal(await page.getByRole("button", { name: "Order with obligation to pay", exact: true }).count(), 1, "the name stays");
  assert.deepEqual(await violations(page), []);
  await held.abort();
  await page.waitForSelector(".went-wrong");
  assert.match(await page.innerText(".went-wrong"), /did not go through/);
  assert.equal(await page.getAttribute(at.confirm, "aria-busy"), null);
  assert.deepEqual(await violations(page), []);
  house.complaints = house.complaints.filter((text) => !/ERR_FAILED/.test(text));
  await page.unroute("**/order");
  await order(page);
  assert.equal(await house.record_status(id), "COMPLETED");
});

test("two windows: what is ordered is what that window showed", async (t) => {
  const { page, context, id } = await page_of(t, { known: { date_of_birth: "1985-03-27", phone: "+491711234567" } });
  await choose(page, "invoice", at.confirm);
  const other = await context.newPage();
  await other.goto(`${house.server.url}/pay/${id}/method`);
  await other.check("#method-debit");
  await press(other, "main form button.main", "#iban");
  await other.fill("#iban", "DE44100500001654698497");
  await other.fill("#account_owner", "Erika Mustermann");
  await other.check("#mandate");
  await press(other, "main form button.main", at.confirm);
  await page.click(at.confirm);
  await page.waitForSelector(".notice");
  assert.equal(await house.record_status(id), "IN_PROGRESS", "nothing was ordered");
  assert.match(await page.innerText("main"), /Direct debit/);
  await order(page);
  await other.reload();
  await other.waitForSelector(at.result);
});

test("a line at five minutes, a question at two, and more time on a press", async (t) => {
  const { page, id } = await timed_page_of(t);
  assert.equal(await page.locator("#time-banner").isVisible(), false);
  await page.clock.fastForward(25 * minute + 6000);
  await page.waitForSelector("#time-banner:not(:empty)");
  await page.clock.fastForward(3 * minute);
  await page.waitForSelector("#time-dialog[open]");
  assert.equal(await page.getByRole("dialog", { name: "Do you need more time?" }).count(), 1);
  await page.click("#time-dialog button");
  await page.waitForSelector("#time-dialog:not([open])", { state: "attached" });
  assert.equal(await house.record_status(id), "IN_PROGRESS", "asking for time is an action");
  assert.equal(await page.innerText("#time-banner"), "");
});

test("a tab that slept beyond the end wakes up on the closed page", async (t) => {
  const { page, id } = await timed_page_of(t);
  await page.clock.pauseAt(Date.now() + minute);
  await house.server.operator.post("/saldo/v1/clock", { advance: "PT31M" }, { expect: 200 });
  await page.clock.setSystemTime(Date.now() + 40 * minute);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.waitForSelector("main a.main");
  assert.match(await page.innerText("h1"), /closed/);
  assert.equal(await house.record_status(id), "EXPIRED");
  await page.click("main a.main");
  await page.waitForURL(`${house.site.url}/failure?a=1&session_id=${id}`);
});

test("every end leads to its own address of the shop, which learns the session and no more", async (t) => {
  const { page, id } = await page_of(t);
  await prepare(page);
  await order(page);
  await page.click("main a.main");
  await page.waitForURL(`${house.site.url}/success?a=1&session_id=${id}`);
  const cancelled = await house.session();
  await page.goto(cancelled.url);
  await press(page, "footer button", "main a.main");
  await page.click("main a.main");
  await page.waitForURL(`${house.site.url}/cancel?a=1&session_id=${cancelled.id}`);
  const failed = await house.session({ known: { email: "risk_decision@ratepay.com" } });
  await page.goto(failed.url);
  await prepare(page);
  await order(page, "main a.main");
  await page.click("main a.main");
  await page.waitForURL(`${house.site.url}/failure?a=1&session_id=${failed.id}`);
  assert.ok(house.site.visits.every(({ referer }) => referer === undefined), "no page says where it was");
});

test("after ten seconds the way back is taken, unless the buyer stays", async (t) => {
  const { page, id } = await timed_page_of(t);
  await prepare(page);
  await order(page);
  await page.click("#return a");
  await page.clock.fastForward(20_000);
  assert.equal(page.url(), `${house.server.url}/pay/${id}`);
  await page.reload();
  await page.waitForSelector(at.result);
  await page.clock.fastForward(11_000);
  await page.waitForURL(`${house.site.url}/success?a=1&session_id=${id}`);
});

test("without scripts the buyer can stay too", async (t) => {
  const { page } = await page_of(t, {}, { scripts: false });
  await prepare(page);
  await order(page);
  assert.match(await page.content(), /http-equiv="refresh" content="10; url=\/pay\//);
  await press(page, "#return a", at.result);
  assert.doesNotMatch(await page.content(), /http-equiv="refresh"/);
});

test("payment details are copied, and the button says so", async (t) => {
  const { page, context } = await page_of(t);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: house.server.url });
  await prepare(page);
  await order(page);
  await page.getByRole("button", { name: "Copy: IBAN" }).click();
  await page.waitForSelector(".copy.copied");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "DE44100500001654698497");
  assert.deepEqual(await violations(page), []);
});

test("a banking app reads the payment code", async (t) => {
  if (spawnSync("zbarimg", ["--version"]).error) return t.skip("zbarimg is not installed (zbar-tools)");
  const { page } = await page_of(t, {}, { width: 1200 });
  await prepare(page);
  await order(page);
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-qr-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const picture = path.join(folder, "qr.png");
  await page.locator("svg.qr").screenshot({ path: picture, scale: "device" });
  const read = spawnSync("zbarimg", ["--raw", "--quiet", picture], { encoding: "utf8" }).stdout.trimEnd();
  const reference = await page.locator("[data-label=Reference]").getAttribute("data-value");
  assert.equal(read, `BCD\n001\n1\nSCT\nBELADEBEXXX\nSaldo Demo GmbH\nDE44100500001654698497\nEUR173.49\n\n\n${reference}`);
});

test("the right code completes the purchase; the sandbox's phone shows it", async (t) => {
  const { page, context, id } = await page_of(t, { known: { email: "otp_required@ratepay.com" } });
  await prepare(page);
  await order(page, at.code);
  assert.equal(await house.record_status(id), "OTP_PENDING");
  const phone = await open(context, `${house.server.url}/pay/sandbox/phone`);
  assert.deepEqual(await violations(phone), []);
  const [code] = (await phone.innerText(".messages li:first-child")).match(/\b\d{6}\b/);
  await page.fill("#code", code === "000000" ? "000001" : "000000");
  await press(page, "main form button.main", "#faults");
  await page.fill("#code", `${code.slice(0, 3)} ${code.slice(3)}`);
  await press(page, "main form button.main", at.result);
  assert.equal(await house.record_status(id), "COMPLETED");
});

test("another way to pay is offered where it helps", async (t) => {
  const { page } = await page_of(t);
  await prepare(page);
  await page.selectOption(".sandbox select", "PAYMENT_ATTRIBUTE");
  await press(page, '.sandbox [value="decline"]', ".ways");
  await press(page, ".ways a", "#method-debit");
  assert.equal(await page.locator("#method-invoice").count(), 0);
});

test("the sandbox's bar asks for a code and enters a wrong one", async (t) => {
  const { page, id } = await page_of(t);
  await prepare(page);
  await press(page, '.sandbox [value="ask-for-code"]', at.code);
  await press(page, '.sandbox [value="wrong-code"]', "#faults");
  assert.equal(await house.record_status(id), "OTP_PENDING");
});

test("the sandbox's bar approves and flags, and the buyer reads nothing of it", async (t) => {
  const { page, id } = await page_of(t);
  await prepare(page);
  await press(page, '.sandbox [value="approve"]', at.result);
  await page.click('.sandbox [value="flag-fraud"]');
  await page.waitForFunction(() => !document.querySelector(".done"));
  await page.waitForSelector("main a.main");
  assert.doesNotMatch(await page.innerText("main"), /fraud/i);
  assert.equal(await house.record_status(id), "FRAUD_CANCELLATION_REQUESTED");
});

test("a form from elsewhere does nothing", async (t) => {
  const { page, id } = await page_of(t);
  await page.$eval('footer input[name="csrf"]', (field) => (field.value = "guess"));
  await page.click("footer button");
  await page.waitForLoadState();
  assert.equal(await house.record_status(id), "CREATED");
});

const lends = {
  credit_regime: "consumer_credit",
  creditor: { name: "Fruit Bank", address: "Weg 1, 10115 Berlin" },
  late_payment: { interest_rate: 6.27, currency: "EUR", reminder_fee: 0.76 },
};

test("the shop's colour and logo dress the page where they can be read, and the law's facts stand before the order", async (t) => {
  const logo = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
  await house.agree(t, (plain) => ({
    ...plain,
    payment_page: { accent_colour: "#b00020", logo, terms_url: "https://shop.example/terms" },
    ...lends,
  }));
  const { page } = await page_of(t);
  await prepare(page);
  assert.equal(await page.$eval("header img", (image) => image.complete && image.naturalWidth), 1);
  const painted = () => page.$eval("#order", (button) => getComputedStyle(button).backgroundColor);
  assert.equal(await painted(), "rgb(176, 0, 32)");
  assert.deepEqual(await violations(page), []);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await painted(), "rgb(143, 214, 189)", "too dark a red for the dark theme: ours");
  assert.deepEqual(await violations(page), []);
  assert.match(await page.innerText("main"), /borrowing money costs money/);
  assert.match(await page.innerText("main"), /Fruit Bank, Weg 1, 10115 Berlin/);
  assert.match(await page.innerText("main"), /6\.27\s?% interest a year on what is overdue; €0\.76 for each reminder after the first/);
  assert.equal(await page.getAttribute(".links a", "href"), "https://shop.example/terms");
});

test("a buyer withdraws from paying later in two steps, and is told at once what was withdrawn and when", async (t) => {
  await house.agree(t, (plain) => ({ ...plain, ...lends }));
  const { page } = await page_of(t);
  await prepare(page);
  await order(page);
  await press(page, 'a[href$="/withdrawal"]', 'form[action$="/withdrawal"]');
  assert.deepEqual(await violations(page), []);
  await press(page, 'form[action$="/withdrawal"] button', "dl.slip");
  assert.match(await page.innerText("main"), /You have withdrawn[^]*On \d+\s\w+\s\d{4} at \d\d:\d\d you withdrew/);
  assert.deepEqual(await violations(page), []);
  await page.goto(`${page.url()}/withdrawal`);
  assert.match(await page.innerText("h1"), /You have withdrawn/, "there is nothing to withdraw from twice");
});

test("the page stands in a frame of the partner's own origin, and in nobody else's", async (t) => {
  const made = await house.session();
  const context = await house.window({ width: 600 });
  t.after(() => context.close());
  const framed = (url) => `${house.site.url}/frame?${encodeURIComponent(url)}`;
  const page = await open(context, framed(made.url));
  await page.waitForFunction(() => frames.length === 1);
  assert.equal(await page.frameLocator("iframe").locator("#method-invoice").count(), 0, "nobody was named");
  assert.ok(house.complaints.some((text) => /frame-ancestors 'none'/.test(text)));
  house.complaints = house.complaints.filter((text) => !/frame-ancestors/.test(text));

  await house.agree(t, (plain) => ({ ...plain, payment_page: { frame_ancestors: [house.site.url] } }));
  await page.goto(framed((await house.session()).url));
  const frame = page.frameLocator("iframe");
  await frame.locator("#method-invoice").check();
  await frame.locator("main form button.main").click();
  await frame.locator(at.details).waitFor();
});

test("the page weighs no more than it may", async (t) => {
  const context = await house.window();
  t.after(() => context.close());
  const page = await context.newPage();
  const weights = {};
  const weigh = (name, bytes) => (weights[name] = { plain: bytes.length, packed: gzipSync(bytes).length });
  await page.goto((await house.session()).url);
  await prepare(page);
  await order(page);
  for (const link of await page.$$eval("link, script", (all) => all.map((one) => one.href || one.src)))
    weigh(new URL(link).pathname.split("/").pop(), await (await context.request.get(link)).body());
  weigh("page", await (await context.request.get(page.url())).body());
  assert.ok(weights["page.js"].plain <= 12 * 1024, `script: ${weights["page.js"].plain}`);
  assert.ok(weights["page.css"].packed <= 8 * 1024, `style: ${weights["page.css"].packed}`);
  const whole = Object.values(weights).reduce((sum, { plain }) => sum + plain, 0);
  assert.ok(whole <= 60 * 1024, `all: ${whole}`);
  t.diagnostic(JSON.stringify(weights));
  assert.equal(Object.keys(weights).length, 4, "page, style, script, icon");
});

test("nobody else was asked for anything, and the browser had nothing to complain of", () => {
  assert.deepEqual(house.strangers, []);
  assert.deepEqual(house.complaints, []);
});
