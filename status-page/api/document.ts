// The OpenAPI 3.1 document of our API, made from the same list of routes and the same schemas as the routes and the code's types. Pure;
// adds nothing that is not in them but words. Called by api-routes.tsx; checked by a validator and against real answers in tests.

import { z } from "zod";

import { isRecord } from "../front.ts";
import { API_EN } from "../words/api-en.ts";
import { PARAMETERS, TYPES } from "./asked.ts";
import type { Parameter } from "./asked.ts";
import { LIMITS, policyOf } from "./limits.ts";
import { ANSWERS, addressOf, inPath } from "./routes.ts";
import type { ApiRoute } from "./routes.ts";
import { NAMED } from "./fields.ts";
import { PROBLEM } from "./shapes.ts";
import { DAY, HOUR, MINUTE, MONTH } from "./shapes-rows.ts";

type Json = Readonly<Record<string, unknown>>;

const refTo = (id: string): Json => ({ $ref: `#/components/schemas/${id}` });
const idOf = (schema: z.ZodType): string => NAMED.get(schema)?.id ?? "problem";

/** One line of a stream, where that is a whole row. */
const LINES: Readonly<Partial<Record<ApiRoute["id"], z.ZodType>>> = {
  minutes: MINUTE,
  hours: HOUR,
  days: DAY,
  months: MONTH,
};

/** The bounds of what JSON can hold say nothing, and would be half of the document. */
function unbounded({ jsonSchema }: { readonly jsonSchema: { minimum?: unknown; maximum?: unknown } }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** Every named schema. New keys may come: who reads must not mind them. */
function schemas(): Json {
  const made = z.toJSONSchema(NAMED, { override: unbounded, io: "input", uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
}

/** An example as its schema has it. */
function typed(example: string, type: unknown): unknown {
  if (type === "integer") return Number(example);
  return type === "boolean" ? example === "true" : example;
}

/** What the parameter says itself, else what comes of it. */
function shownOf(schema: z.ZodType): Json {
  const shown = schema.meta()?.["shown"];
  if (isRecord(shown)) return shown;
  const { $schema: _schema, ...made } = z.toJSONSchema(schema, { io: "output" });
  return made;
}

function parameterOf(name: Parameter, route: ApiRoute): Json {
  const schema: z.ZodType = PARAMETERS[name];
  const made = shownOf(schema);
  const example = route.examples.flatMap((each) => each[name] ?? []).at(0);
  const isPath = inPath(route).includes(name);
  return {
    name,
    in: isPath ? "path" : "query",
    required: isPath,
    description: API_EN.parameters[name],
    schema: made,
    ...(example === undefined ? {} : { example: typed(example, made["type"]) }),
  };
}

const header = (description: string, schema: Json = { type: "string" }): Json => ({ description, schema });

const GIVEN: Json = {
  ETag: header("Send it as If-None-Match: where nothing has changed the answer is 304"),
  "Cache-Control": header("How long it may be kept"),
  Link: header('What follows, as rel="next"'),
  "RateLimit-Policy": header(`${Object.values(policyOf("API_RATE")).join("")} for all, counted by address and place`),
  "X-Sonde-Stale": header("1: our database does not answer, this is what it said last"),
};

const problem = (description: string, headers?: Json): Json => ({
  description,
  ...(headers === undefined ? {} : { headers }),
  content: { "application/problem+json": { schema: refTo(idOf(PROBLEM)) } },
});

const RETRY = header("Seconds", { type: "integer" });

function answersOf(route: ApiRoute): Json {
  const line = LINES[route.id];
  const content = {
    [TYPES.json]: { schema: refTo(idOf(ANSWERS[route.id])) },
    ...(line === undefined
      ? {}
      : {
          [TYPES.ndjson]: {
            schema: { type: "string", description: `A line each, of ${refTo(idOf(line))["$ref"] as string}` },
          },
          [TYPES.csv]: {
            schema: { type: "string", description: "RFC 4180; a header, then a line each; lists as JSON" },
          },
        }),
  };
  return {
    "200": { description: API_EN.routes[route.id].summary, headers: GIVEN, content },
    "304": { description: "It has not changed" },
    "400": problem("A parameter is not right"),
    ...(route.path.includes("{") || route.query.includes("target") || route.query.includes("contract")
      ? { "404": problem("There is no such thing") }
      : {}),
    ...(route.streams ? { "406": problem("Not in this format") } : {}),
    "429": problem("Too many requests", { "Retry-After": RETRY, RateLimit: header("Nothing is left, and until when") }),
    "503": problem("Our own database cannot be read", { "Retry-After": RETRY }),
  };
}

function operation(route: ApiRoute, names: Names): Json {
  const { summary, about } = API_EN.routes[route.id];
  const parameters = [...inPath(route), ...route.query].map((name) => parameterOf(name, route));
  return {
    operationId: route.id,
    summary,
    description: `${about} Reads of D1: ${API_EN.costs[route.id]}.`,
    parameters,
    responses: answersOf(route),
    "x-examples": route.examples.map((example) => addressOf(route, example, names)),
  };
}

/** What stands in examples for the names of another fleet. */
export type Names = Readonly<Partial<Record<Parameter, string>>>;

/** The document. `name`: the fleet's. */
export function openApi(routes: readonly ApiRoute[], name: string, names: Names): Json {
  const { limit, periodS } = LIMITS.API_RATE;
  const streams = LIMITS.API_STREAM_RATE;
  return {
    openapi: "3.1.1",
    info: {
      title: `${name} API`,
      version: "1",
      description: [...API_EN.laws, API_EN.rates(limit, streams.limit, periodS)].join("\n\n"),
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{}],
    paths: Object.fromEntries(routes.map((route) => [route.path, { get: operation(route, names) }])),
    components: { schemas: schemas() },
  };
}
