// The contract (api/openapi.yaml) as a judge: whether an exchange over HTTP is one that it describes.
//
// The file leaves objects open, since a client must tolerate new members. Here every object is closed, so that a
// member which nobody wrote down fails the test that meets it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

export const contractFile = fileURLToPath(new URL("../../../api/openapi.yaml", import.meta.url));

/// What HTTP itself may answer to any request; the contract describes it once, in its introduction.
const statusesOfHttp = new Set([408, 412, 414, 417, 431, 501, 505]);
/// The documents whose members also keep the order in which the contract names them.
const orderedDocuments = new Set(["getTransactionStatus", "getOrderStatus"]);
const methods = ["get", "put", "post", "delete", "patch"];

export class ContractViolation extends Error {
  constructor(exchange, faults) {
    const body = exchange.text === undefined ? "" : `\n  body: ${exchange.text.slice(0, 2000)}`;
    super(`${exchange.method} ${exchange.path} -> ${exchange.status} breaks the contract:\n  - ${faults.join("\n  - ")}${body}`);
    this.name = "ContractViolation";
    this.faults = faults;
  }
}

export class Contract {
  #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  #document;
  #operations = [];
  #validators = new Map();

  constructor(text = readFileSync(contractFile, "utf8")) {
    addFormats.default ? addFormats.default(this.#ajv) : addFormats(this.#ajv);
    this.#document = parse(text);
    const components = this.#document.components;
    this.#ajv.addSchema({
      $id: "contract",
      $defs: Object.fromEntries(Object.entries(components.schemas).map(([name, schema]) => [name, this.#closedInside(schema)])),
    });
    for (const [path, item] of Object.entries(this.#document.paths)) {
      const names = new RegExp(`^${path.split(/\{[^}]+\}/).map(escaped).join("([^/]+)")}$`);
      for (const method of methods) {
        if (!item[method]) continue;
        const operation = item[method];
        this.#operations.push({
          method: method.toUpperCase(),
          path,
          pattern: names,
          id: operation.operationId,
          admin: item["x-listener"] === "admin",
          sandboxOnly: operation["x-sandbox-only"] === true,
          open: (operation.security ?? this.#document.security).some((one) => Object.keys(one).length === 0),
          scope: /Needs\s+scope\s+`(\w+)`/.exec(operation.description)?.[1],
          parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => this.resolved(one)),
          requestBody: this.resolved(operation.requestBody),
          responses: Object.fromEntries(
            Object.entries(operation.responses).map(([status, response]) => [status, this.resolved(response)]),
          ),
        });
      }
    }
  }

  get operations() {
    return this.#operations;
  }

  /// The operations of a path of the public listener, given without its query.
  of(path) {
    return this.#operations.filter((one) => !one.admin && one.pattern.test(path));
  }

  /// Throws a ContractViolation unless the answer is a problem of the contract's shape: for requests that are no
  /// operation at all.
  checkProblem(exchange) {
    const faults = [];
    this.#checkProblem(exchange, faults);
    if (faults.length > 0) throw new ContractViolation(exchange, faults);
  }

  /// Throws a ContractViolation unless the contract describes this answer to this request. `exchange`:
  /// {method, path, request: {headers, body}, status, headers, text}. `invalid`: the request is wrong on purpose.
  check(exchange, { invalid = false } = {}) {
    const faults = [];
    const [path, query = ""] = exchange.path.split("?");
    const known = this.of(path);
    const method = exchange.method === "HEAD" ? "GET" : exchange.method;
    const operation = known.find((one) => one.method === method);
    if (statusesOfHttp.has(exchange.status)) this.#checkProblem(exchange, faults);
    else if (known.length === 0) {
      if (exchange.status !== 404) faults.push("the contract has no such path: the answer must be 404");
      this.#checkProblem(exchange, faults);
    } else if (!operation) {
      if (exchange.status !== 405) faults.push("the contract has no such method here: the answer must be 405");
      else this.#checkResponse(exchange, known[0].responses[405], faults);
    } else {
      const response = operation.responses[exchange.status];
      if (!response) faults.push(`${operation.id} documents no ${exchange.status}`);
      else this.#checkResponse(exchange, response, faults);
      if (exchange.status === 200 && exchange.method === "GET" && orderedDocuments.has(operation.id) && faults.length === 0)
        faults.push(...this.#faultsOfOrder(Object.values(response.content)[0].schema, JSON.parse(exchange.text), "body"));
      if (!invalid) this.#checkRequest(exchange, operation, query, faults);
      if (exchange.status === 405) faults.push("405 although the contract has this method");
    }
    if (exchange.status === 405) this.#checkAllow(exchange, known, faults);
    if (faults.length > 0) throw new ContractViolation(exchange, faults);
  }

  #checkAllow(exchange, known, faults) {
    const allowed = new Set((exchange.headers.allow ?? "").split(",").map((one) => one.trim()));
    for (const one of known) if (!allowed.has(one.method)) faults.push(`Allow does not name ${one.method}`);
    if (known.some((one) => one.method === "GET") && !allowed.has("HEAD")) faults.push("Allow names GET but not HEAD");
    for (const one of allowed)
      if (!["HEAD", "OPTIONS"].includes(one) && !known.some((operation) => operation.method === one))
        faults.push(`Allow names ${one || "nothing"}, which the contract has not`);
  }

  #checkProblem(exchange, faults) {
    const schema = { $ref: "#/components/schemas/Problem" };
    this.#checkResponse(exchange, { content: { "application/problem+json": { schema } } }, faults);
  }

  #checkResponse(exchange, response, faults) {
    for (const [name, unresolved] of Object.entries(response.headers ?? {})) {
      const header = this.resolved(unresolved);
      const value = exchange.headers[name.toLowerCase()];
      if (value === undefined) {
        if (header.required) faults.push(`the header ${name} is missing`);
      } else {
        const typed = header.schema.type === "integer" && /^\d+$/.test(value) ? Number(value) : value;
        faults.push(...this.#faultsOf(header.schema, typed).map((fault) => `header ${name}${fault}`));
      }
    }
    if (exchange.headers["content-type"] === undefined && exchange.text) faults.push("a body without Content-Type");
    const contents = Object.entries(response.content ?? {});
    if (exchange.method === "HEAD" || contents.length === 0) {
      if (exchange.text) faults.push("a body where there must be none");
      return;
    }
    const content = contents.find(([type]) => isOfType(exchange.headers["content-type"], type))?.[1];
    if (!content) {
      faults.push(`Content-Type ${exchange.headers["content-type"]}, not ${contents.map(([type]) => type).join(" or ")}`);
      return;
    }
    if (!/json/.test(exchange.headers["content-type"])) return;
    let body;
    try {
      body = JSON.parse(exchange.text);
    } catch (error) {
      faults.push(`the body is no JSON: ${error.message}`);
      return;
    }
    faults.push(...faultsOfNumbers(exchange.text));
    faults.push(...this.#faultsOf(content.schema, body).map((fault) => `body${fault}`));
    if (body.status !== undefined && body.request_id !== undefined && body.status !== exchange.status)
      faults.push(`the problem says ${body.status}`);
  }

  #checkRequest(exchange, operation, query, faults) {
    const { headers, body } = exchange.request;
    const given = new URLSearchParams(query);
    for (const parameter of operation.parameters) {
      if (parameter.in === "path") continue;
      const value = parameter.in === "header" ? headers[parameter.name.toLowerCase()] : given.get(parameter.name);
      if (value === undefined || value === null) {
        if (parameter.required) faults.push(`request: ${parameter.name} is missing`);
      } else faults.push(...this.#faultsOf(parameter.schema, typed(value, parameter.schema)).map((fault) => `request: ${parameter.name}${fault}`));
    }
    for (const name of given.keys())
      if (!operation.parameters.some((one) => one.in === "query" && one.name === name)) faults.push(`request: unknown parameter ${name}`);
    if (body === undefined) {
      if (operation.requestBody?.required) faults.push("request: the body is missing");
      return;
    }
    const contents = Object.entries(operation.requestBody?.content ?? {});
    const content = contents.find(([type]) => isOfType(headers["content-type"], type))?.[1];
    if (!content) faults.push(`request: Content-Type ${headers["content-type"]}`);
    else if (/json/.test(headers["content-type"]))
      faults.push(...this.#faultsOf(content.schema, body).map((fault) => `request: body${fault}`));
  }

  #faultsOf(schema, value) {
    let validate = this.#validators.get(schema);
    if (!validate) {
      validate = this.#ajv.compile(this.#closed(schema));
      this.#validators.set(schema, validate);
    }
    if (validate(value)) return [];
    return validate.errors.map((error) => {
      const what = error.params.unevaluatedProperty ?? error.params.allowedValues ?? error.params.allowedValue ?? "";
      return `${error.instancePath} ${error.message}${what === "" ? "" : ` (${what})`}`;
    });
  }

  #faultsOfOrder(schema, value, place) {
    if (Array.isArray(value)) return value.flatMap((one, index) => this.#faultsOfOrder(this.#itemsOf(schema), one, `${place}/${index}`));
    if (value === null || typeof value !== "object") return [];
    const members = this.#membersOf(schema);
    const names = Object.keys(value);
    const wanted = Object.keys(members).filter((name) => name in value);
    const faults = names.join() === wanted.join() ? [] : [`${place}: the members come as ${names}, not as ${wanted}`];
    return faults.concat(names.flatMap((name) => this.#faultsOfOrder(members[name], value[name], `${place}/${name}`)));
  }

  #itemsOf(schema) {
    return this.resolved(schema).items;
  }

  /// The members that a schema names, in order, through references and compositions.
  #membersOf(schema) {
    const whole = this.resolved(schema);
    const parts = [...(whole.allOf ?? []), ...(whole.oneOf ?? [])].map((one) => this.#membersOf(one));
    return Object.assign({}, ...parts, whole.properties);
  }

  /// What a reference points to.
  resolved(thing) {
    if (!thing?.$ref) return thing;
    return thing.$ref
      .slice(2)
      .split("/")
      .reduce((place, name) => place[name], this.#document);
  }

  /// The schema where a value stands: closed if it describes an object with named members.
  #closed(schema) {
    const inside = this.#closedInside(schema);
    return this.#namesMembers(schema) ? { ...inside, unevaluatedProperties: false } : inside;
  }

  /// The same without closing the outermost object: for components and the parts of an allOf, which are closed
  /// where they are used.
  #closedInside(schema) {
    const result = { ...schema };
    if (schema.$ref) result.$ref = schema.$ref.replace("#/components/schemas/", "contract#/$defs/");
    if (schema.properties)
      result.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, this.#closed(one)]));
    if (schema.items) result.items = this.#closed(schema.items);
    for (const key of ["anyOf", "oneOf"])
      if (schema[key]) result[key] = schema[key].map((one) => (one.$ref || one.properties ? this.#closed(one) : one));
    if (schema.allOf) result.allOf = schema.allOf.map((one) => this.#closedInside(one));
    return result;
  }

  #namesMembers(schema) {
    const whole = schema.$ref ? this.resolved(schema) : schema;
    return Boolean(whole.properties || whole.allOf?.some((one) => this.#namesMembers(one)));
  }
}

/// Whether a Content-Type is of the type that the contract names, with the charset if it names one.
function isOfType(given, wanted) {
  if (!given) return false;
  const parts = (text) => text.toLowerCase().split(";").map((one) => one.trim());
  const [type, ...parameters] = parts(given);
  const [wantedType, ...wantedParameters] = parts(wanted);
  return type === wantedType && wantedParameters.every((one) => parameters.includes(one));
}

/// A parameter's text as the value that its schema speaks of.
function typed(text, schema) {
  if (schema.type === "integer" && /^-?\d+$/.test(text)) return Number(text);
  if (schema.type === "array") return text.split(",");
  return text;
}

/// Numbers are written with the fewest digits that say them: no exponent, no zeros at the end, no minus zero.
export function faultsOfNumbers(text) {
  const faults = [];
  const outsideStrings = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [number] of outsideStrings.matchAll(/-?\d[\d.eE+-]*/g))
    if (!/^(0|-?0\.\d*[1-9]|-?[1-9]\d*(\.\d*[1-9])?)$/.test(number)) faults.push(`the number ${number} is not in its shortest form`);
  return faults;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
