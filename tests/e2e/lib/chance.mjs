// Chance that can be had again: the same seed draws the same.

/// The seed of this run: SALDO_SEED, else a new one.
export function seedOfRun() {
  const named = process.env.SALDO_SEED;
  if (named === undefined || named === "") return Math.floor(Math.random() * 2 ** 32);
  const seed = Number(named);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`SALDO_SEED must be a whole number, not '${named}'`);
  return seed;
}

export class Chance {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /// At least 0 and less than 1 (mulberry32).
  draw() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /// Whether something with this probability happens.
  happens(probability) {
    return this.draw() < probability;
  }
  /// A whole number, both ends included.
  between(low, high) {
    return low + Math.floor(this.draw() * (high - low + 1));
  }
  pick(list) {
    return list[this.between(0, list.length - 1)];
  }
}
