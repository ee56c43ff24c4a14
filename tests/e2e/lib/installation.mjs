// An installation of `saldo serve`: settings, master key, one partner, and the server on it.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { Operator, Shop } from "./client.mjs";
import { binary, runJson, temporaryDirectory } from "./server.mjs";
import { contract } from "./tenants.mjs";

export const publicUrl = "https://pay.example.com";

/// An installation as an operator would make it: settings, master key, one partner with a shop and both kinds of client.
export class Installation {
  static async make(t, changes = {}) {
    const made = new Installation();
    made.folder = temporaryDirectory(t);
    made.config = path.join(made.folder, "saldo.toml");
    made.key = path.join(made.folder, "master.key");
    made.data = path.join(made.folder, "data");
    await made.administer(["key", "new", made.key]);
    made.settings({ key: "master.key", ...changes });
    const terms = path.join(made.folder, "contract.json");
    writeFileSync(terms, JSON.stringify(contract()));
    const { partner_id } = await made.administer(["partner", "add", "--name", "Fruit House", "--contract", terms]);
    made.partnerId = partner_id;
    await made.administer(["shop", "add", "--partner", partner_id, "--shop", "berlin", "--name", "fruits and more"]);
    made.api = await made.administer(["client", "add", "--partner", partner_id]);
    made.operator = await made.administer(["client", "add", "--operator", "--scope", "read", "--scope", "book"]);
    return made;
  }

  settings({ key, data = "data", more = "" }) {
    const master = key ? `file = "${key}"` : `environment = "SALDO_TEST_KEY"`;
    writeFileSync(
      this.config,
      `public_url = "${publicUrl}"\ndata = "${data}"\nlisten = "127.0.0.1:0"\nadmin.listen = "127.0.0.1:0"\n${more}\n[master_key]\n${master}\n`,
    );
  }

  /// Agrees another contract with the partner.
  async agree(terms) {
    const file = path.join(this.folder, "agreed.json");
    writeFileSync(file, JSON.stringify({ ...terms, version: 0 }));
    return this.administer(["partner", "contract", this.partnerId, "--set", file]);
  }

  administer(words) {
    const place = words[0] === "key" && words[1] === "new" ? [] : ["--config", this.config];
    return runJson([...words, ...place, "--json"]);
  }

  /// Starts the server and waits for the line of its log that says it is ready.
  async serve(t, env = {}) {
    const child = spawn(binary(), ["serve", "--config", this.config], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
    t.after(() => child.kill("SIGKILL"));
    const lines = [];
    const ready = await new Promise((resolve, reject) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        lines.push(line);
        const entry = JSON.parse(line);
        if (entry.message === "ready") resolve(entry);
      });
      ended.then(({ code }) => reject(new Error(`ended with ${code}: ${lines.join("\n")}`)));
    });
    const clients = [];
    const as = (Kind, { client_id, client_secret }) => clients[clients.push(new Kind(ready.listening, client_id, client_secret)) - 1];
    return {
      ready,
      lines,
      shop: as(Shop, this.api),
      operator: as(Operator, this.operator),
      admin: ready.admin,
      async stop() {
        child.kill("SIGTERM");
        const how = await ended;
        for (const client of clients) client.close();
        return how;
      },
    };
  }
}
