// Partners, shops and clients beside those of the sandbox, made by the command line while the server runs.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Operator, Shop } from "./client.mjs";
import { runJson } from "./server.mjs";

/// A contract like the sandbox's own, for `saldo partner add --contract FILE`.
export function contract(rest = {}) {
  return {
    zone: "Europe/Berlin",
    currencies: [{ currency: "EUR", min: 0.01, max: 10000 }],
    products: [
      { payment_option: "OPEN_INVOICE", transfer_type: "BANK_TRANSFER", due_days: 14 },
      { payment_option: "PAY_NOW", transfer_type: "SEPA_DIRECT_DEBIT", due_days: 3 },
    ],
    buyer_types: ["B2B", "B2C"],
    billing_countries: ["DE"],
    delivery_countries: ["DE"],
    delivery_types: ["REGULAR_ADDRESS", "PICK_UP_BOX", "PICK_UP_SHOP", "IN_STORE_COLLECT"],
    ...rest,
  };
}

/// Runs an administration command on a server's data directory, beside the running server.
export function administer(server, words, options = {}) {
  const args = Object.entries(options).flatMap(([name, value]) => [value].flat().flatMap((one) => (one === true ? [`--${name}`] : [`--${name}`, String(one)])));
  return runJson([...words, ...args, "--data", server.data, "--json"]);
}

/// A partner of its own with shops and both kinds of client, to be used like a server:
/// {url, shop, operator, partnerId}.
export async function addPartner(server, { shops = ["shop"], contract: terms = contract(), name = "Another partner" } = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), "saldo-e2e-contract-"));
  try {
    const file = path.join(directory, "contract.json");
    writeFileSync(file, JSON.stringify(terms));
    const { partner_id: partnerId } = await administer(server, ["partner", "add"], { name, contract: file });
    for (const id of shops) await administer(server, ["shop", "add"], { partner: partnerId, shop: id, name: `Shop ${id}` });
    return {
      url: server.url,
      partnerId,
      shop: await addClient(server, Shop, { partner: partnerId }),
      operator: await addClient(server, Operator, { partner: partnerId, operator: true, scope: ["read", "book", "dun"] }),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/// A client of `Kind` made by `saldo client add` with these options.
export async function addClient(server, Kind, options) {
  const { client_id: id, client_secret: secret } = await administer(server, ["client", "add"], options);
  return server.as(Kind, id, secret);
}

/// A partner whose purchases may have several shops.
export function addMarketplace(server, shops, terms = {}) {
  return addPartner(server, { shops, contract: contract({ shop_baskets_max: 10, ...terms }), name: "A marketplace" });
}
