// Every screen in every language, with and without scripts: nothing overflows, axe finds nothing, nobody else is asked.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House, at, choose, fill_details, open, order, overflow, prepare, press, violations } from "./lib/house.mjs";

const order_button = {
  de: "Zahlungspflichtig bestellen",
  en: "Order with obligation to pay",
  fr: "Commande avec obligation de paiement",
  nl: "Bestelling met betalingsverplichting",
};

let house;
before(async () => {
  house = await House.open();
});
after(() => house?.close());

/// A look at the screen as it stands: narrow and wide, light and dark.
async function inspect(page, language, { scripts = true } = {}) {
  assert.equal(await page.getAttribute("html", "lang"), language);
  assert.equal(await page.locator("h1").count(), 1);
  for (const width of [320, 1200]) {
    await page.setViewportSize({ width, height: 800 });
    assert.ok((await overflow(page)) <= 0, `wider than ${width} px: ${page.url()}`);
  }
  if (!scripts) return;
  // Colours know no language.
  const colours = language === "en";
  for (const colorScheme of colours ? ["dark", "light"] : ["light"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violations(page, { colours }), [], `${page.url()} ${colorScheme}`);
  }
}

// Each language in a window of its own, two at a time.
describe("every screen", { concurrency: 2 }, () => {
  for (const language of Object.keys(order_button))
    for (const scripts of [true, false])
      describe(`in ${language}, scripts ${scripts ? "on" : "off"}`, { concurrency: 1 }, () => {
        let context;
        before(async () => {
          context = await house.window({ scripts, width: 320 });
        });
        after(() => context?.close());

        test("a purchase goes from the choice to the payment details", async () => {
          const session = await house.session({ language });
          const page = await open(context, session.url);
          await inspect(page, language, { scripts });
          await choose(page);
          await inspect(page, language, { scripts });
          await press(page, "main form button.main", "#faults");
          await inspect(page, language, { scripts });
          await fill_details(page);
          await inspect(page, language, { scripts });
          assert.equal(await page.getByRole("button", { name: order_button[language], exact: true }).count(), 1);
          await order(page);
          await inspect(page, language, { scripts });
          assert.equal(await page.locator("svg.qr").count(), 1);
          assert.equal(await house.record_status(session.id), "COMPLETED");
          await page.close();
        });

        test("a debit is collected under a mandate that is given", async () => {
          const session = await house.session({ language, known: { date_of_birth: "1985-03-27", phone: "+491711234567" } });
          const page = await open(context, session.url);
          await choose(page, "debit");
          await inspect(page, language, { scripts });
          assert.equal(await page.isChecked("#mandate"), false, "nothing is ticked beforehand");
          await page.fill("#iban", "DE44 1005 0000 1654 6984 97");
          await page.fill("#account_owner", "Erika Mustermann");
          await press(page, "main form button.main", "#faults");
          assert.equal(await page.inputValue("#iban"), "DE44 1005 0000 1654 6984 97", "what was typed is kept");
          await page.check("#mandate");
          await press(page, "main form button.main", at.confirm);
          await inspect(page, language, { scripts });
          await order(page);
          await inspect(page, language, { scripts });
          assert.equal(await page.locator("svg.qr").count(), 0);
          await page.close();
        });

        test("instalments and prepayment are shown with what they cost and when they are due", async () => {
          const known = { date_of_birth: "1985-03-27", phone: "+491711234567" };
          const page = await open(context, (await house.session({ language, known })).url);
          await choose(page, "instalments-6", at.confirm);
          await page.click(".schedule summary");
          assert.equal(await page.locator(".schedule tbody tr").count(), 6);
          await inspect(page, language, { scripts });
          await order(page);
          await inspect(page, language, { scripts });
          await page.goto((await house.session({ language, known })).url);
          await choose(page, "prepayment", at.confirm);
          await inspect(page, language, { scripts });
          await order(page);
          await inspect(page, language, { scripts });
          assert.equal(await page.locator("svg.qr").count(), 1);
          await page.close();
        });

        test("a code is asked for, and a wrong one is told", async () => {
          const session = await house.session({ language, known: { email: "otp_required@ratepay.com" } });
          const page = await open(context, session.url);
          await prepare(page);
          await order(page, at.code);
          await inspect(page, language, { scripts });
          await page.fill("#code", "12345");
          await press(page, "main form button.main", "#faults");
          await inspect(page, language, { scripts });
          await page.click("a.second");
          await page.waitForSelector("#phone");
          await inspect(page, language, { scripts });
          await page.close();
        });

        test("a decline says what the buyer can do, and never that there was an error", async () => {
          const session = await house.session({ language, known: { email: "buyer_identity@ratepay.com" } });
          const page = await open(context, session.url);
          await prepare(page);
          await order(page, ".ways");
          await inspect(page, language, { scripts });
          assert.doesNotMatch(await page.innerText("main"), /error|fehler|erreur|fout/i);
          await press(page, ".ways .main", at.details);
          assert.equal(await page.inputValue("#billing_street"), "Nikolaistr.", "what is known is kept");
          await inspect(page, language, { scripts });
          await page.close();
        });

        test("the ends lead back to the shop", async () => {
          const declined = await house.session({ language, known: { email: "risk_decision@ratepay.com" } });
          const page = await open(context, declined.url);
          await prepare(page);
          await order(page, "main a.main");
          await inspect(page, language, { scripts });
          assert.equal(await house.record_status(declined.id), "ERROR");
          const cancelled = await house.session({ language });
          await page.goto(cancelled.url);
          await press(page, "footer button", "main a.main");
          await inspect(page, language, { scripts });
          assert.equal(await house.record_status(cancelled.id), "CANCELED");
          const expired = await house.session({ language });
          await page.goto(expired.url);
          await press(page, '.sandbox [value="expire"]', "main a.main");
          await inspect(page, language, { scripts });
          assert.equal(await house.record_status(expired.id), "EXPIRED");
          await page.close();
        });
      });
});

for (const language of Object.keys(order_button))
  test(`a link that leads nowhere says so in ${language}`, async () => {
    const context = await house.window({ language });
    const page = await open(context, `${house.server.url}/pay/open/nonsense`);
    await inspect(page, language);
    await context.close();
  });

test("nobody else was asked for anything, and the browser had nothing to complain of", () => {
  assert.deepEqual(house.strangers, []);
  assert.deepEqual(house.complaints, []);
});
