// Takes the pictures of docs/guides/hosted-payment-page.md: node shots.mjs FOLDER
import { mkdirSync } from "node:fs";
import path from "node:path";
import { House, at, choose, fill_details, open, order, prepare, press } from "./lib/house.mjs";

const folder = process.argv[2] ?? "../../docs/images";
mkdirSync(folder, { recursive: true });
const house = await House.open();
const sizes = { phone: { width: 390, height: 760 }, desktop: { width: 920, height: 720 } };

/// The screen as the devices show it, without the sandbox's bar.
async function take(page, name, devices = Object.keys(sizes)) {
  for (const device of devices) {
    await page.setViewportSize(sizes[device]);
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.querySelector(".sandbox")?.remove());
    await page.screenshot({ path: path.join(folder, `payment-page-${name}-${device}.png`), fullPage: true });
  }
}

{
  const context = await house.window();
  const page = await open(context, (await house.session()).url);
  await take(page, "choose");
  await page.reload();
  await choose(page);
  await take(page, "details");
  await page.reload();
  await fill_details(page);
  await take(page, "confirm");
  await page.reload();
  await order(page);
  await take(page, "result");

  await page.goto((await house.session({ known: { email: "otp_required@ratepay.com" } })).url);
  await prepare(page);
  await order(page, at.code);
  await take(page, "code");

  await page.goto((await house.session({ known: { email: "buyer_identity@ratepay.com" } })).url);
  await prepare(page);
  await order(page, ".ways");
  await take(page, "declined");

  await page.goto((await house.session()).url);
  await press(page, '.sandbox [value="expire"]', "main a.main");
  await take(page, "expired");

  await page.goto((await house.session()).url);
  await press(page, "footer button", "main a.main");
  await take(page, "cancelled");

  await page.goto((await house.session()).url);
  await choose(page, "instalments-6");
  await fill_details(page);
  await page.click(".schedule summary");
  await take(page, "instalments-confirm");
  await context.close();
}
const dark = await house.window({ scheme: "dark" });
const page = await open(dark, (await house.session()).url);
await prepare(page);
await order(page);
await take(page, "result-dark", ["phone"]);
await house.close();
