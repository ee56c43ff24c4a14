// The system clock of a server under test, to be put ahead or back while it runs.
import { execFileSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export class ShiftedClock {
  #file;

  /// `directory` takes the compiled library; start the server with `env`.
  constructor(directory) {
    const library = path.join(directory, "shifted_clock.so");
    execFileSync("gcc", ["-O1", "-shared", "-fPIC", "-o", library, fileURLToPath(new URL("shifted_clock.c", import.meta.url))]);
    const name = path.join(directory, "shift");
    this.#file = openSync(name, "w+");
    this.shift(0);
    this.env = {
      LD_PRELOAD: library,
      SHIFTED_CLOCK_FILE: name,
      // AddressSanitizer wants to be the first library, for reasons that do not concern one function that calls the kernel.
      ASAN_OPTIONS: [process.env.ASAN_OPTIONS, "verify_asan_link_order=0"].filter(Boolean).join(":"),
    };
  }

  /// From now on the server's clock is so many seconds ahead of ours.
  shift(seconds) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    writeSync(this.#file, bytes, 0, 8, 0);
  }

  close() {
    closeSync(this.#file);
  }
}
