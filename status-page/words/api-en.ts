// The page about our API in English, and the words of the OpenAPI document. Pure; fills the interface of api-words.ts and decides nothing.

import type { ApiWords } from "./api-words.ts";

const ROWS_COST = "1 row of the series, 1 for each day of the range that is kept, and each row that is sent";

export const API_EN: ApiWords = {
  title: "API",
  lead: "Every figure of these pages, and the rows that they are made of. Read-only, without a key, from any origin.",
  document: "OpenAPI 3.1 document",
  rules: "What holds everywhere",
  laws: [
    "Instants are whole milliseconds since the epoch; `from`, `to` and `before` take ISO 8601 as well. A range begins with `from` and ends before `to`.",
    'Shares are 0 to 1, times are ms. A percentile comes from merged histograms. `{"over_ms": 5000}` says that its rank falls among lost messages, null that there are too few samples.',
    "Unknown is a state of its own: `unmeasured` is neither up nor down. A row that is not there was not measured; it is never zero.",
    "New keys may come at any time; what a key means never changes within `/api/v1`.",
    "Follow `next` (or the `Link` header) until it is null. Send the `ETag` as `If-None-Match`: what has not changed is answered with 304, and the rows of history are then not read.",
    "Each error is `application/problem+json` (RFC 9457) and says what would be right. When our database is away, the newest figures are the last good ones with `stale: true`, and history answers 503: a failed read is never an empty list.",
    "A stream of NDJSON or CSV that cannot be read to its end breaks off as a connection does: a file that ends well is whole.",
  ],
  rates: (limit, streams, periodS) =>
    `An address is answered ${limit} times in ${periodS} s, and ${streams} times for a whole range as NDJSON or CSV; above that 429 with Retry-After. Addresses are counted by the platform and kept nowhere.`,
  addresses: "Addresses",
  elsewhere: "Beside it",
  others: [
    ["/api/v2/summary.json", "The Statuspage format, for tools that read it already"],
    ["/metrics", "OpenMetrics and Prometheus text"],
    ["/incidents.json", "Incidents as on their page"],
  ],
  heads: {
    parameter: "Parameter",
    meaning: "Meaning",
    examples: "Try it",
    formats: "Formats",
    cost: "Rows read of D1",
  },
  routes: {
    targets: {
      summary: "All targets",
      about: "What is measured and how, against which objectives, and how many of its regions are in which state now.",
    },
    regions: {
      summary: "Regions with state and figures",
      about:
        "State now, the last rounds, today and this month of each region, and of its other journeys. Twenty targets an answer.",
    },
    matrix: {
      summary: "From each region to each other one",
      about:
        "What the questions of one region to another came to in the last minutes: where in the way they were lost.",
    },
    snapshot: {
      summary: "All figures of the front page",
      about: "One document for each target, with the last 90 days.",
    },
    series: {
      summary: "What is measured, and since when",
      about: "A series is one journey of a target from one region. Its number is the address of its history.",
    },
    minutes: {
      summary: "Minutes of a series",
      about:
        "Rows as they were written, kept for 90 days. Of a range that begins before that, `older` (or the `Link` header) says where the rest is: in the hours, with `minutes=true`. Without a range: the last hour.",
    },
    hours: {
      summary: "Hours of a series",
      about:
        "Kept for 400 days, and in each what its minutes counted: `minutes=true`. Without a range: the last two days.",
    },
    days: {
      summary: "Days of a series",
      about:
        "Kept for ever. A day begins and ends in its zone and has 23, 24 or 25 hours. Without a range: the last 31.",
    },
    months: { summary: "Months of a series", about: "Kept for ever. Without a range: the last twelve." },
    verdicts: {
      summary: "Verdicts of public contracts",
      about:
        "The newest of each contract; with `contract` every period and revision, open and closed, each with the hash of its report.",
    },
    incidents: { summary: "Incidents", about: "The newest first, twenty an answer, with what was measured of them." },
    incident: {
      summary: "One incident",
      about: "With its timeline, what was published, and its post-mortem.",
    },
    openapi: { summary: "This document", about: "Made from the same list as the routes." },
  },
  parameters: {
    target: "Id of a target",
    region: "Id of a region",
    contract: "Id of a contract",
    journey: "`loop`, `mesh`, `room`, `dialogue` or `connect`",
    series: "Number of a series",
    incident: "Id of an incident",
    from: "Begin of the range: ms since the epoch, or ISO 8601",
    to: "End of the range, not part of it; without it: now",
    before: "What began before this instant: ms since the epoch, or ISO 8601",
    limit: "Rows an answer, up to 1,000",
    after: "What follows on this, as `next` says",
    latency: "With percentiles of latency and connecting",
    minutes: "With what each minute of the hour counted",
    format: "`json` in pages; `ndjson` and `csv` the whole range as a stream. Else by `Accept`",
  },
  costs: {
    targets: "1",
    regions: "1",
    matrix: "1",
    snapshot: "1",
    series: "each series up to the last one that is shown",
    minutes: ROWS_COST,
    hours: ROWS_COST,
    days: "1 row of the series, 1 for each month of the range, and each row that is sent, and two",
    months: "1 row of the series, 1 for each month of the range, and each row that is sent, and two",
    verdicts: "each revision of each period of the contract, or of all contracts",
    incidents: "each incident once and its twenty again",
    incident: "1, and its events, up to 1,001",
    openapi: "none",
  },
};
