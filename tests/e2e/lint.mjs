// Holds api/openapi.yaml against the OpenAPI 3.1 rules and against our own: one owner of every operationId, a
// description everywhere, examples that fit their schemas.
import { fileURLToPath } from "node:url";
import { createConfig, formatProblems, getTotals, lint } from "@redocly/openapi-core";

const contract = fileURLToPath(new URL("../../api/openapi.yaml", import.meta.url));
const config = await createConfig({
  extends: ["recommended"],
  rules: {
    "info-license": "off",
    "no-server-example.com": "off",
    "operation-4xx-response": "off",
    "operation-description": "error",
    "operation-operationId": "error",
    "operation-operationId-unique": "error",
    "operation-tag-defined": "error",
    "operation-singular-tag": "error",
    "no-invalid-media-type-examples": "error",
    "no-invalid-schema-examples": "error",
    "no-unused-components": "error",
    "no-http-verbs-in-paths": "error",
    "path-not-include-query": "error",
    "tag-description": "error",
  },
});
const problems = await lint({ ref: contract, config });
const totals = getTotals(problems);
formatProblems(problems, { format: "stylish", totals, version: "" });
process.exitCode = totals.errors + totals.warnings > 0 ? 1 : 0;
