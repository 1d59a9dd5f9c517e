// The table of the page's routes: what is asked, and what each of the five worlds of http-table-worlds.ts answers. Data only; asked by
// http-table.test.ts, which fails where the app has a route that no row here reaches.

/** What comes in, and what errors of it come in. */
export type Kind =
  | "page"
  | "json"
  | "json8"
  | "v1"
  | "csv"
  | "ndjson"
  | "svg"
  | "atom"
  | "rss"
  | "feed"
  | "ics"
  | "text"
  | "metrics"
  | "xml";

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json";
/** Content types where it is there, and of what is wrong. */
export const TYPES: Readonly<Record<Kind, readonly [right: string, wrong: string]>> = {
  page: [HTML, HTML],
  json: [JSON_TYPE, JSON_TYPE],
  json8: ["application/json; charset=utf-8", JSON_TYPE],
  v1: [JSON_TYPE, "application/problem+json"],
  csv: ["text/csv; charset=utf-8; header=present", HTML],
  ndjson: ["application/x-ndjson", "application/problem+json"],
  svg: ["image/svg+xml; charset=utf-8", HTML],
  atom: ["application/atom+xml; charset=utf-8", JSON_TYPE],
  rss: ["application/rss+xml; charset=utf-8", JSON_TYPE],
  feed: ["application/feed+json; charset=utf-8", JSON_TYPE],
  ics: ["text/calendar; charset=utf-8", JSON_TYPE],
  text: ["text/plain; charset=utf-8", "text/plain; charset=utf-8"],
  metrics: ["text/plain", "text/plain"],
  xml: ["application/xml; charset=utf-8", HTML],
};

/** Who may keep an answer with status 200: `c` as pages, `s` as Statuspage, `f` five seconds, `p` nobody, `n` nothing. */
export type Keeps = "c" | "s" | "f" | "p" | "n";

export interface Row {
  readonly path: string;
  readonly kind: Kind;
  readonly keeps: Keeps;
  /** rich, empty, refused, stale, away; "200s": marked as old; a letter of `Keeps`: kept otherwise; "404h": as a page. */
  readonly answers: readonly string[];
  /** What the rich world says, in its first language. */
  readonly says: RegExp;
  /** Where errors come in another type than the kind's. */
  readonly wrong?: string;
}

const row = (path: string, kind: Kind, keeps: Keeps, answers: string, says: RegExp, wrong?: string): Row => {
  const shared = { path, kind, keeps, says, answers: answers.split(" ") };
  return wrong === undefined ? shared : { ...shared, wrong };
};

const FRONT = "200 200 200 200s 503";
const ALWAYS = "200 200 200 200 200";
const NOWHERE = "404 404 404 404 404";
const WRONG = "400 400 400 400 400";
const NO_PAGE = /There is no such page|没有此页面/;

const PAGES: readonly Row[] = [
  row("/", "page", "c", FRONT, /Western Europe/),
  row("/?zone=Asia/Tokyo", "page", "c", FRONT, /zone=Asia%2FTokyo/),
  row("/?zone=utc", "page", "c", FRONT, /Western Europe/),
  row("/?zone=Mars/Olympus%22%3E%3Cscript%3E", "page", "c", FRONT, /Western Europe/),
  row("/?zone=%00&zone=%ff", "page", "c", FRONT, /Western Europe/),
  row("/targets/rtm", "page", "c", FRONT, /Real-time messaging/),
  row("/targets/rtm/", "page", "c", FRONT, /Real-time messaging/),
  row("/targets/nope", "page", "c", "404 404 404 404 503", NO_PAGE),
  row("/targets/%00", "page", "c", "404 404 404 404 503", NO_PAGE),
  row("/targets/%ff", "page", "c", "404 404 404 404 503", NO_PAGE),
  row("/targets/%2e%2e%2fetc%2fpasswd", "page", "c", "404 404 404 404 503", NO_PAGE),
  row(`/targets/${"a".repeat(10_000)}`, "page", "c", "404 404 404 404 503", NO_PAGE),
  row("/targets", "page", "c", NOWHERE, NO_PAGE),
  row("/fr", "page", "c", NOWHERE, NO_PAGE),
  row("/EN", "page", "c", NOWHERE, NO_PAGE),
  row("//x", "page", "c", NOWHERE, NO_PAGE),
  row(`/${"a".repeat(10_000)}`, "page", "c", NOWHERE, NO_PAGE),
  row("/here", "page", "p", FRONT, /Is it just me/),
  row("/here?region=weur", "page", "p", FRONT, /Western Europe/),
  row("/here?region=%3Cb%3E", "page", "p", FRONT, /Is it just me/),
  row("/widget", "page", "c", FRONT, /Sonde/),
  row("/widget?target=rtm", "page", "c", "200 404 200 200s 503", /Real-time messaging|Western Europe/),
  row("/widget?target=nope", "page", "c", "404 404 404 404 503", NO_PAGE),
  row("/method", "page", "c", ALWAYS, /P99/),
  row("/fleet", "page", "c", FRONT, /Western Europe/),
  row("/api", "page", "c", ALWAYS, /openapi\.json/),
  row("/subscribe", "page", "c", "200 200 404 200 200", /<form/),
  row("/subscribe/confirm/tok.en", "page", "p", "200 200 404 200 200", /<form/),
  row("/subscribe/confirm/nope", "page", "p", NOWHERE, /<h1/),
  row("/subscription/tok.en", "page", "p", "200 200 404 200 200", /<form/),
  row("/subscription/%00%22%3E", "page", "p", NOWHERE, /<h1/),
];

const NO_PAST = /There is no such page of the past/;
const TARGET = "/targets/rtm";
const REGION = `${TARGET}/regions/weur`;
const past = (path: string, answers: string, says = NO_PAST): Row => row(path, "page", "c", answers, says);
const PAST: readonly Row[] = [
  past("/history", ALWAYS, /Real-time messaging/),
  past(`${TARGET}/history`, FRONT.replace("200 200", "200 200f"), /Real-time messaging/),
  past(`${TARGET}/history/2026`, "200 200f 200 200s 503", /in 2026/),
  past(`${TARGET}/history/2026-11`, "200 200f 200 200s 503", /November/),
  past(`${TARGET}/history?region=weur`, "200 200f 200 200s 503", /Western Europe/),
  past(`${TARGET}/history?region=nope`, "404 404 404 503 503"),
  past(`${TARGET}/history?region=%00`, NOWHERE),
  past(`${TARGET}/history?journey=nonsense`, NOWHERE, /written like \?journey=loop\. On this page there are: loop\./),
  past(`${TARGET}/history/2026?journey=room`, NOWHERE, /there are: loop\./),
  past("/targets/nope/history", "404 404 404 503 503", /There is a history of: Real-time messaging/),
  ...[
    "2026-00",
    "2026-13",
    "0000",
    "99999",
    "-1",
    "2026-02-31",
    "2030-01",
    "1969",
    "1e3",
    "%00",
    "%ff",
    "..%2f",
    "9".repeat(400),
  ].map((period) =>
    past(`${TARGET}/history/${period}`, "404 404 404 404 503", /Periods are written like 2026 or 2026-03/),
  ),
  past(REGION, "200 200f 404f 200s 503".replace("404f", "200"), /Western Europe/),
  past(`${REGION}?journey=room`, "200 404 200 200s 503", /Western Europe/),
  ...["nonsense", "mesh", "LOOP", "", "%00", "loop%20"].map((journey) =>
    past(`${REGION}?journey=${journey}`, NOWHERE, /On this page there are: loop\./),
  ),
  past(`${TARGET}/regions/nope`, "404 404 404 503 503", /It is measured from: .*Western Europe/),
  past(`${TARGET}/regions/%3Cscript%3E`, "404 404 404 404 404", /It is measured from/),
  past("/targets/nope/regions/weur", "404 404 404 503 503", /There is a history of/),
  past("/targets/mail/regions/weur", "200f 200f 404 503 503", /Nothing was measured here/),
  past(`${REGION}/days/2026-11-20`, "200 200f 200 200s 503", /Western Europe/),
  past(`${REGION}/days/2026-11-20?zone=Pacific/Kiritimati`, "200 200f 200 200s 503", /Western Europe/),
  past(`${REGION}/days/2026-11-20?journey=nonsense`, NOWHERE, /there are: loop\./),
  ...[
    "2026-02-31",
    "2026-13-01",
    "2026-00-10",
    "0000-01-01",
    "99999-01-01",
    "tomorrow",
    "2026-11-23",
    "-1",
    "%00",
    "%ff",
    "2026-11-20T00:00Z",
  ].map((day) => past(`${REGION}/days/${day}`, NOWHERE, /Single days exist from/)),
  past(`${TARGET}/regions/nope/days/2026-11-20`, "404 404 404 503 503", /It is measured from/),
];

const NO_INCIDENT = /There is no such incident/;
const OWN = "200 404 200 200s 503";
const NO_STORY = "404 404 404 503 503";
const INCIDENTS: readonly Row[] = [
  row("/incidents", "page", "c", FRONT, /outages? open now/),
  row("/incidents?before=1000", "page", "c", FRONT, /There are no older incidents/),
  row("/incidents?before=999999999999999", "page", "c", FRONT, /rtm-9/),
  ...["x", "-1", "1e9", "", "%00", "1.5", "99999999999999999999", "2026-11-22"].flatMap((before) => [
    row(`/incidents?before=${before}`, "page", "c", NOWHERE, NO_INCIDENT),
    row(`/incidents.json?before=${before}`, "json", "c", NOWHERE, /^\{"error":"not_found"\}$/),
  ]),
  row("/incidents.json", "json", "c", FRONT, /^\{"version":1/),
  row("/incidents/rtm-9", "page", "c", OWN, /Outage of/),
  row("/incidents/rtm-9.json", "json", "c", OWN, /"id":"rtm-9"/),
  row("/incidents/rtm-9.json/", "json", "c", OWN, /"id":"rtm-9"/),
  row("/incidents/rtm-999", "page", "c", NO_STORY, NO_INCIDENT),
  row("/incidents/rtm-999.json", "json", "c", NO_STORY, /not_found/),
  ...["RTM-9", "rtm-09", "rtm-9.xml", "%00", "%ff", "..%2f..", "'%20or%201=1", `rtm-${"9".repeat(40)}`].map((id) =>
    row(`/incidents/${id}`, "page", "c", NOWHERE, NO_INCIDENT),
  ),
];

/** Reports have no memory: while the database is away, they are away. */
const REPORT = "200 404 404 503 503";
const REPORT_FILE = "200 404 404h 503 503";
const NO_REPORT = /There is no such report/;
const NOT_IN = "401 401 404 401 401";
const sla = (path: string, answers = "404 404 404 404 404", says = NO_REPORT): Row =>
  row(`/sla${path}`, "page", "c", answers, says);
const REPORTS: readonly Row[] = [
  sla("", "200 200 404 503 503", /Gold|gold|Messaging/),
  sla("/kept", "200 200f 404 503 503", /contract says: met/),
  sla("/kept?revision=1", NOWHERE),
  sla("/kept?revision=x", NOWHERE),
  sla("/new", "200f 200f 404 503 503", /<h1/),
  sla("/nope"),
  sla("/%00"),
  sla("/secret", NOT_IN, /<h1/),
  sla("/secret/2026-10", NOT_IN, /<h1/),
  sla("/secret/0000", NOT_IN, /<h1/),
  sla("/kept/2026-10", REPORT, /contract says: met/),
  sla("/kept/2026-10?revision=99", "404 404 404 503 503"),
  ...["x", "-1", "", "1e1", "9999999"].map((revision) => sla(`/kept/2026-10?revision=${revision}`)),
  ...["2026-13", "2026-00", "0000", "2026-02-31"].map((period) => sla(`/kept/${period}`, "404 404 404 503 503")),
  ...["99999", "-1", "2026-Q5", "2026-10.xml", "%ff", ".."].map((period) =>
    period === ".." ? sla("/kept/..%2f..") : sla(`/kept/${period}`),
  ),
  row("/sla/kept/2026-10.json", "json", "c", REPORT_FILE, /"contract"/),
  row("/sla/kept/9999999.json", "json", "c", "404 404 404h 404 404", /not_found/),
  row("/sla/secret/2026-10.json", "json", "c", "401 401 404h 401 401", /unauthorized/),
  row("/sla/kept/2026-10.csv", "csv", "c", REPORT, /^contract,period/),
  row("/sla/breached/claims.ics", "ics", "c", REPORT, /BEGIN:VEVENT/, HTML),
  row("/sla/kept/claims.ics", "ics", "c", REPORT, /BEGIN:VCALENDAR/, HTML),
  row("/sla/nope/claims.ics", "ics", "c", NOWHERE, NO_REPORT, HTML),
];

const FILES: readonly Row[] = [
  row("/card.svg", "svg", "c", FRONT, /Western Europe/),
  row("/badge.svg", "svg", "c", "200 200 200 200s 200f", /<svg/),
  row("/badge.json", "json8", "c", "200 200 200 200s 200f", /"isError":false/),
  row("/targets/rtm/badge.svg", "svg", "c", "200 200 200 200s 200f", /<svg/),
  row("/targets/rtm/badge.json?show=p99", "json8", "c", "200 200 200 200s 200f", /"isError":false/),
  row("/targets/nope/badge.json", "json8", "f", "200 200 200c 200s 200", /"isError":true/),
  row("/badge.json?show=nope", "json8", "f", "200 200 200 200s 200", /"isError":true/),
  row("/badge.json?region=nope", "json8", "f", "200 200 200 200s 200", /"isError":true/),
  row("/badge.svg?label=%EF%BF%BE%00%3Cscript%3E%E2%80%AE", "svg", "c", "200 200 200 200s 200f", /&lt;script&gt;/),
  row("/history.atom", "atom", "c", FRONT, /<feed /),
  row("/history.rss", "rss", "c", FRONT, /<rss /),
  row("/feed.json", "feed", "c", FRONT, /"items":\[\{/),
  row("/history.atom?target=rtm", "atom", "c", FRONT, /rtm-9/),
  row("/history.atom?target=nope", "atom", "c", "404 404 200 404 404", /not_found/),
  row("/feed.json?target=%00", "feed", "c", NOWHERE, /not_found/),
  row("/maintenance.ics", "ics", "c", FRONT, /Broker upgrade/),
  row("/maintenance.ics?target=nope", "ics", "c", "404 404 200 404 404", /not_found/),
  row("/metrics", "metrics", "c", FRONT, /# TYPE /),
  row("/metrics?service=rtm", "metrics", "c", FRONT, /rtm/),
  row("/metrics?service=%22%0A", "metrics", "c", FRONT, /# TYPE /),
  row("/healthz", "text", "n", ALWAYS, /^ok$/),
  row("/healthz?deep=1", "json", "n", "200 503 200 503 503", /"status":"ok"/),
  row("/healthz?deep=yes", "json", "n", "200 503 200 503 503", /"status":"ok"/),
  row("/robots.txt", "text", "c", ALWAYS, /Sitemap: https:\/\/status\.example/),
  row("/llms.txt", "text", "c", ALWAYS, /^# Sonde/),
  row("/sitemap.xml", "xml", "c", "200 200 404 200 200", /<urlset/),
];

const V2 = ["summary", "status", "components", "incidents", "incidents/unresolved", "scheduled-maintenances"];
const v1 = (path: string, answers: string, says: RegExp): Row => row(`/api/v1${path}`, "v1", "c", answers, says);
const ROWS_OF = "200 404 200 503 503";
const API: readonly Row[] = [
  ...[...V2, "scheduled-maintenances/upcoming", "scheduled-maintenances/active"].map((name) =>
    row(`/api/v2/${name}.json`, "json8", "s", FRONT, /^\{"page":/),
  ),
  row("/api/v2/nope.json", "json8", "s", NOWHERE, /^\{"error":"not_found"\}$/),
  row("/api/v2/incidents/%00.json", "json8", "s", NOWHERE, /not_found/),
  v1("/targets", FRONT, /"id":"rtm"/),
  v1("/regions", FRONT, /"region":"weur"/),
  v1("/regions?target=rtm&after=mail", FRONT, /"regions":/),
  v1("/matrix", FRONT, /"cells":/),
  v1("/snapshot.json", FRONT, /^\[\{"version":1/),
  v1("/series", "200 200 200 503 503", /"series":\[\{/),
  v1("/verdicts", "200 200 404 503 503", /"verdicts":\[\{/),
  v1("/incidents", FRONT, /"incidents":\[\{/),
  v1("/incidents/rtm-9", OWN, /"id":"rtm-9"/),
  v1("/incidents/rtm-999", NO_STORY, /no incident rtm-999/),
  v1("/incidents/%00", NOWHERE, /write an incident's id/),
  v1("/openapi.json", ALWAYS, /"openapi":"3\.1/),
  ...["minutes", "hours", "days", "months"].map((kind) => v1(`/series/1/${kind}`, ROWS_OF, /"rows":\[\{/)),
  row("/api/v1/series/1/minutes?format=csv", "csv", "c", ROWS_OF, /^from,to/, "application/problem+json"),
  row("/api/v1/series/1/minutes?format=ndjson", "ndjson", "c", ROWS_OF, /^\{"from":/),
  ...[
    "from=2026-11-23&to=2026-11-22",
    "from=2026-02-31",
    "from=0000-01-01",
    "to=99999-01-01",
    "from=2026-13-01",
    "from=2026-00-01",
  ].map((query) => v1(`/series/1/minutes?${query}`, WRONG, /"parameter":"(from|to)"/)),
  ...[
    "from=-1",
    "from=tomorrow",
    "from=1e99",
    "to=99999999999999999999",
    "from=%00",
    "from=%ff",
    "from=",
    "from=1&from=2",
  ].map((query) => v1(`/series/1/minutes?${query}`, WRONG, /"parameter":"(from|to)"/)),
  ...["limit=0", "limit=-1", "limit=1001", "latency=maybe", "format=xml", "zone=UTC", "%00=1"].map((query) =>
    v1(`/series/1/minutes?${query}`, WRONG, /"errors":\[/),
  ),
  v1("/regions?target=%3Cscript%3E", WRONG, /write an id/),
  v1("/regions?target=nope", "404 404 404 404 503", /no target nope/),
  v1("/series/9/minutes", "404 404 404 503 503", /no series 9/),
  v1("/series/0/minutes", NOWHERE, /write a whole number/),
  v1("/series/1/years", NOWHERE, /openapi\.json/),
  v1("", NOWHERE, /openapi\.json/),
  v1("/", NOWHERE, /openapi\.json/),
  v1(`/${"a".repeat(10_000)}`, NOWHERE, /openapi\.json/),
  v1("/..%2f..%2fetc", NOWHERE, /openapi\.json/),
  v1("/%ff", NOWHERE, /openapi\.json/),
];

export const TABLE: readonly Row[] = [...PAGES, ...PAST, ...INCIDENTS, ...REPORTS, ...FILES, ...API];
