// Values made from the schemas of the contract: such as fit, and such as nearly do.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/// Texts to choose from where a schema has a pattern or a format; those are taken that fit. A new pattern that none of
/// them fits fails the fuzzer with its name: then a text is to be added here.
const candidates = [
  "EUR", "DE", "AT", "SHIPPING", "DISCOUNT", "fruit knife", "kitchen-utils-1", "5", "x", "P1D", "PT1H", "PT0S", "2020-03-11", "2020-03-10",
  "2020-03-20T10:00:00+01:00", "2020-04-01T00:00:00Z", "6Z54V9SXRCRSKDXDGKZW", "12-3456789123456789", "8e03978e-40d5-43e8-bc93-6894a57f9324",
  "https://shop.example/a?b=c", "erika@example.com", "KK7709094U2", "001-1", "123456", "0".repeat(64), "+49 177 4445555", "DE44100500001654698497",
];
/// What people are called, in letters that programs forget.
const words = ["Erika", "Zoë", "Nikolaistr. 9", "München", "Łódź", "李小龍", "O'Neil-Ångström", "e\u0301", "👩‍🌾 Obst", "مرحبا", "a\u200bb", "\u{10ffff}"];

/// A text that goes out as it stands, outside of quotes: numbers that JavaScript has not.
export class Literal {
  constructor(text) {
    this.text = text;
  }
}

/// JSON, with every Literal as it stands.
export function jsonText(value) {
  if (value instanceof Literal) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (value !== null && typeof value === "object")
    return `{${Object.entries(value).filter(([, one]) => one !== undefined).map(([name, one]) => `${JSON.stringify(name)}:${jsonText(one)}`).join(",")}}`;
  return JSON.stringify(value);
}

export class Specimens {
  #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  #validators = new Map();
  #resolved;
  #chance;

  /// `contract` gives the schemas, `chance` the choices. `known` may have values for members by their names.
  constructor(contract, chance, known = {}) {
    addFormats.default ? addFormats.default(this.#ajv) : addFormats(this.#ajv);
    this.#ajv.addSchema({ $id: "open", $defs: inside(contract.resolved({ $ref: "#/components/schemas" })) });
    this.#resolved = (schema) => contract.resolved(schema);
    this.#chance = chance;
    this.known = known;
  }

  /// Whether the contract, with its objects open as published, takes the value. null says the same as nothing there.
  fits(schema, value) {
    let validate = this.#validators.get(schema);
    if (!validate) this.#validators.set(schema, (validate = this.#ajv.compile(inside(schema))));
    return validate(asReceived(value));
  }

  /// A value that fits.
  good(schema, name = "") {
    const whole = this.#whole(schema);
    const chance = this.#chance;
    if (whole.const !== undefined) return whole.const;
    if (whole.enum) return chance.pick(whole.enum);
    if (name in this.known && (name.startsWith("client_") || chance.happens(0.8))) return this.known[name]();
    const type = [whole.type].flat()[0] ?? (whole.properties || whole.oneOf || whole.anyOf ? "object" : "string");
    switch (type) {
      case "object":
        return this.#goodObject(whole);
      case "array": {
        const least = whole.minItems ?? 0;
        const size = chance.between(least, Math.min(whole.maxItems ?? 3, least + 2));
        return Array.from({ length: size }, () => this.good(whole.items ?? {}));
      }
      case "integer":
        return chance.between(whole.minimum ?? 0, Math.min(whole.maximum ?? 1000, (whole.minimum ?? 0) + 5));
      case "number":
        return this.#goodNumber(whole);
      case "boolean":
        return chance.happens(0.5);
      case "null":
        return null;
      default:
        return this.#goodText(whole, name);
    }
  }

  /// The schema with what it refers to and is composed of; of alternatives, which are told apart by what they require,
  /// one that holds.
  #whole(schema) {
    const own = this.#resolved(schema);
    if (!own.allOf) return own;
    const parts = own.allOf.map((one) => this.#whole(one));
    return parts.reduce(
      (all, one) => ({
        ...all,
        ...one,
        required: [...(all.required ?? []), ...(one.required ?? [])],
        ...(all.properties || one.properties ? { properties: { ...all.properties, ...one.properties } } : {}),
      }),
      { ...own, allOf: undefined },
    );
  }

  #goodObject(whole) {
    const branches = (whole.oneOf ?? whole.anyOf ?? []).map((one) => one.required ?? []);
    const branch = branches.length > 0 ? this.#chance.pick(branches) : [];
    const forbidden = new Set(branches.flat().filter((name) => !branch.includes(name)));
    const required = new Set([...(whole.required ?? []), ...branch]);
    const draw = () =>
      Object.fromEntries(
        Object.entries(whole.properties ?? {})
          .filter(([name]) => required.has(name) || (!forbidden.has(name) && this.#chance.happens(0.3)))
          .map(([name, one]) => [name, this.good(one, name)]),
      );
    for (let tries = 0; tries < 20; ++tries) {
      const made = draw();
      if (this.fits(whole, made)) return made;
    }
    // Conditions between members (if, then) want what is optional else.
    return Object.fromEntries(Object.entries(whole.properties ?? {}).filter(([name]) => !forbidden.has(name)).map(([name, one]) => [name, this.good(one, name)]));
  }

  #goodNumber(whole) {
    const low = whole.minimum ?? (whole.exclusiveMinimum !== undefined ? whole.exclusiveMinimum + 0.01 : -20);
    const high = whole.maximum ?? 100;
    const cents = this.#chance.between(Math.ceil(low * 100), Math.floor(Math.min(high, low + 100) * 100));
    return this.#chance.happens(0.5) ? cents / 100 : Math.min(high, Math.max(Math.ceil(low), Math.round(cents / 100)));
  }

  #goodText(whole, name) {
    const fitting = candidates.filter((one) => this.fits(whole, one));
    if (whole.pattern || whole.format) {
      if (fitting.length === 0) throw new Error(`no candidate fits ${name}: ${JSON.stringify(whole)}; add one to lib/specimens.mjs`);
      return this.#chance.pick(fitting);
    }
    const some = [...fitting, ...words.filter((one) => this.fits(whole, one))];
    if (whole.maxLength && this.#chance.happens(0.2)) return "ä".repeat(whole.maxLength);
    if (whole.minLength && this.#chance.happens(0.1)) return "b".repeat(whole.minLength);
    return this.#chance.pick(some);
  }

  /// The places of a value that can be spoilt: [{path, steps, schema, value, required}], the root first.
  places(schema, value, path = "$", steps = [], required = true) {
    const whole = this.#whole(schema);
    const here = [{ path, steps, schema, whole, value, required }];
    if (Array.isArray(value)) value.forEach((one, index) => here.push(...this.places(whole.items ?? {}, one, `${path}[${index}]`, [...steps, index])));
    else if (value !== null && typeof value === "object")
      for (const [name, one] of Object.entries(value))
        if (whole.properties?.[name]) here.push(...this.places(whole.properties[name], one, `${path}.${name}`, [...steps, name], (whole.required ?? []).includes(name)));
    return here;
  }

  /// Something near the value at a place: {what, value}; `value` undefined takes the member away.
  spoilt({ whole, value, steps }) {
    const chance = this.#chance;
    const ways = [
      ["another type", () => chance.pick([5, true, "text", [], {}, [value], { a: value }, new Literal("-0"), new Literal("1e400")])],
      ["null", () => null],
    ];
    if (steps.length > 0) ways.push(["missing", () => undefined]);
    const type = [whole.type].flat()[0] ?? (typeof value === "object" ? "object" : typeof value);
    if (type === "string" || whole.enum || whole.const) {
      const text = String(value);
      ways.push(
        ["empty", () => ""],
        ["another case", () => (text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase())],
        ["blanks around it", () => ` ${text} `],
        ["a line feed behind it", () => `${text}\n`],
        ["a NUL inside", () => `${text.slice(0, 1)}\0${text.slice(1)}`],
        ["a control character", () => `${text}${chance.pick(["\x01", "\x7f", "\x1b[2J", "\u0085"])}`],
        ["a lone surrogate", () => new Literal('"\\ud800"')],
        ["foreign letters", () => chance.pick(words)],
        ["its first letter only", () => text.slice(0, 1)],
        ["a digit too many", () => `${text}0`],
        ["very long", () => "x".repeat(chance.pick([256, 5000, 100_000]))],
      );
      if (whole.maxLength) ways.push(["one too long", () => "x".repeat(whole.maxLength + 1)], ["as long as may be", () => "x".repeat(whole.maxLength)]);
      if (whole.minLength > 1) ways.push(["one too short", () => "x".repeat(whole.minLength - 1)]);
      if (whole.format === "date") ways.push(["no such day", () => chance.pick(["2020-02-30", "2021-02-29", "2020-13-01", "2020-00-10", "0000-01-01", "20200310", "2020-3-1", "10.03.2020", "2020-03-10T00:00:00Z", "-2020-03-10", "99999-01-01", "２０２０-03-10"])]);
      if (whole.format === "date-time") ways.push(["no such instant", () => chance.pick(["2020-03-10", "2020-03-10T10:00:00", "2020-03-10T24:00:00Z", "2020-03-10T10:60:00Z", "2020-03-10T10:00:00+25:00", "2020-03-10T10:00:00.1234567Z", "2020-02-30T10:00:00Z", "2020-03-10 10:00:00Z", "now", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])]);
    }
    if (type === "number" || type === "integer") {
      ways.push(["as a text", () => String(value)], ["an odd number", () => chance.pick(["1e400", "-1e400", "1e-400", "1E+2", "0.001", "0.00001", "1e-3", "9007199254740993", "99999999999999999999", "-0", "0.1000000000000000055", "1e99999999999", "123456789012.34", "10000000000", "10000000000.01"].map((text) => new Literal(text)))]);
      for (const bound of ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        if (whole[bound] !== undefined) ways.push([`around its ${bound}`, () => whole[bound] + chance.pick([-1, -0.01, 0, 0.01, 1])]);
      if (type === "integer") ways.push(["a fraction", () => new Literal(`${value}.5`)], ["a whole number with a point", () => new Literal(`${value}.0`)]);
      ways.push(["nothing", () => 0], ["negative", () => -Math.abs(value || 1)]);
    }
    if (type === "array") {
      ways.push(["no element", () => []], ["an object", () => ({})], ["twice as much", () => (Array.isArray(value) ? [...value, ...value] : [])]);
      if (whole.maxItems && whole.maxItems <= 1000 && Array.isArray(value) && value.length > 0) ways.push(["one element too many", () => Array.from({ length: whole.maxItems + 1 }, () => value[0])]);
      ways.push(["null inside", () => [null]]);
    }
    if (type === "object") ways.push(["a member nobody knows", () => ({ ...value, [chance.pick(["invented", "__proto__ ", "", "$ref", "constructor", "a.b[0]", "ä", "x".repeat(1000)])]: chance.pick([1, null, "x", { deep: [{}] }]) })], ["no member", () => ({})], ["a list", () => []]);
    const [what, make] = chance.pick(ways);
    return { what, value: make() };
  }
}

/// A copy with another value at these steps; the root itself if there are none.
export function replaced(value, steps, by) {
  if (steps.length === 0) return by;
  const [step, ...rest] = steps;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const next = replaced(copy[step], rest, by);
  if (next === undefined && !Array.isArray(copy)) delete copy[step];
  else copy[step] = next === undefined ? null : next;
  return copy;
}

/// What the receiver reads: literals as numbers or texts, and members that say null as not there.
function asReceived(value) {
  const read = (one) => {
    if (Array.isArray(one)) return one.map(read);
    if (one === null || typeof one !== "object") return one;
    return Object.fromEntries(Object.entries(one).filter(([, member]) => member !== null).map(([name, member]) => [name, read(member)]));
  };
  return read(JSON.parse(jsonText(value) ?? "null"));
}

/// A schema whose references point into the open one.
function inside(schema) {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"open#/$defs/'));
}
