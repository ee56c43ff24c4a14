// The law of a country, as the operator's settings have it, holds for every contract that names it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Installation } from "./lib/installation.mjs";
import { amountOnly, byInstalments } from "./lib/purchases.mjs";
import { run } from "./lib/server.mjs";
import { contract } from "./lib/tenants.mjs";

const capped = (cap) => `[country.DE]\neffective_rate_max = ${cap}`;
const lends = (country) => ({
  country,
  products: [{ payment_option: "INSTALMENT", transfer_type: "BANK_TRANSFER", due_days: 14 }],
  instalments: { currency: "EUR", interest_rate: 13.7, service_charge: 3.95 },
});
const order = () => amountOnly(230, byInstalments({ number_of_instalments: 6 }));

test("a rate above the country's cap is refused: the contract's when it is agreed, a plan's when it is asked for", async (t) => {
  const installation = await Installation.make(t, { more: capped(13.5) });
  await assert.rejects(installation.agree(contract(lends("DE"))), /AGAINST_THE_LAW.*13\.7 % is above 13\.5 %, the highest effective rate in DE/s);
  await assert.rejects(installation.agree(contract(lends("FR"))), /AGAINST_THE_LAW.*\[country\.FR\]/s);

  installation.settings({ key: "master.key", more: capped(14.5) });
  await installation.agree(contract(lends("DE")));
  const refusing = await installation.serve(t);
  const { body } = await refusing.shop.authorize(order(), { expect: 422 });
  assert.deepEqual(body.reasons, ["EFFECTIVE_RATE_TOO_HIGH"]);
  const offers = await refusing.operator.call("POST", "/saldo/v1/instalment-offers", { body: { partner_id: installation.partnerId, amount: 230, currency: "EUR" }, expect: 422 });
  assert.equal(offers.body.code, "EFFECTIVE_RATE_TOO_HIGH");
  await refusing.stop();

  installation.settings({ key: "master.key", more: capped(25) });
  const selling = await installation.serve(t);
  await selling.shop.authorize(order(), { expect: 201 });
  await selling.stop();
});

test("a law that the settings forgot stops the start: without it no cap would hold", async (t) => {
  const installation = await Installation.make(t, { more: "[country.FR]\neffective_rate_max = 20" });
  await installation.agree(contract(lends("FR")));
  installation.settings({ key: "master.key" });
  const refused = await run(["serve", "--config", installation.config]);
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /^saldo: The contract of Fruit House \(\w+\) names the law of FR, which is not known: add \[country\.FR\] to .*saldo\.toml, or take `country` out of the contract\.\n$/);
});
