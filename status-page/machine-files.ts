// Small files for machines that read the page: robots.txt, sitemap.xml and llms.txt, made from the configuration alone, so that they are
// there while the database is away. Pure; called by machine-routes.ts. Names that users gave are text: without unseen characters, and
// without what Markdown or XML would take for its own.

import type { Language } from "../schema/words.ts";
import type { Config } from "../workers/config/config.ts";
import { plainLabel } from "./labels.ts";

/** What these files need of the configuration. */
export type Site = Pick<Config, "name" | "url" | "languages"> & {
  readonly targets: readonly Pick<Config["targets"][number], "id" | "label">[];
  readonly contracts: readonly Pick<Config["contracts"][number], "id" | "label" | "page">[];
};

/** Of a route, as it is written, whether the page has it. */
export type Has = (route: string) => boolean;

/** Pages in each language, by their route without it. `about` says to a reader of llms.txt what is there. */
const PAGES: readonly (readonly [route: string, name: string, about: string])[] = [
  ["/", "Status", "the state of everything watched, in one sentence and in figures"],
  ["/incidents", "Incidents", "what went wrong, as measured and as published"],
  ["/history", "History", "past months and years"],
  ["/method", "Method", "definitions, formulas and limits of every figure"],
  ["/fleet", "Fleet", "which place measured, and when"],
  ["/api", "API", "how to read the figures as data"],
  ["/subscribe", "Subscribe", "news by e-mail, webhook or Slack"],
];

const DATA: readonly (readonly [route: string, name: string, about: string])[] = [
  ["/api/v1/openapi.json", "OpenAPI document", "all of our own API: series, matrix, verdicts, raw minutes"],
  ["/api/v1/snapshot.json", "Snapshot", "the figures of the front page as JSON"],
  ["/api/v2/summary.json", "Statuspage summary", "the same state in the words of Statuspage's API"],
  ["/incidents.json", "Incidents", "as JSON"],
  ["/history.atom", "Atom feed", "incidents and maintenance"],
  ["/history.rss", "RSS feed", "the same"],
  ["/feed.json", "JSON feed", "the same"],
  ["/maintenance.ics", "Maintenance", "as a calendar"],
  ["/metrics", "Metrics", "OpenMetrics, or Prometheus text, by the Accept header"],
  ["/healthz", "Health", "whether the page answers; with ?deep=1 whether its figures are new"],
];

/** Whose addresses are for one person, or for nobody: the console, links that act, and the page about the visitor. */
const CLOSED = ["/ops", "/ack/", "/subscribe/", "/here"];

/** The way to a page of a language; null: the page that chooses by the visitor's. */
function pathIn(language: Language | null, path: string): string {
  if (language === null) return path;
  return path === "/" ? `/${language}` : `/${language}${path}`;
}

/** Robots may read what everybody may. */
export function robotsTxt(languages: readonly Language[], url: string | null): string {
  const ways = CLOSED.flatMap((path) => [path, ...languages.map((language) => pathIn(language, path))]);
  const lines = ["User-agent: *", ...ways.map((path) => `Disallow: ${path}`)];
  if (url !== null) lines.push("", `Sitemap: ${url}/sitemap.xml`);
  return `${lines.join("\n")}\n`;
}

/** Every public page in each language, with the others as its alternates (sitemaps.org 0.9, Google's xhtml:link). */
export function sitemapXml(site: Site, url: string, has: Has): string {
  const contracts = contractsOf(site, has).map(({ id }) => `/sla/${id}`);
  const targets = site.targets.flatMap(({ id }) =>
    ["/targets/:target", "/targets/:target/history"].filter(has).map((route) => route.replace(":target", id)),
  );
  const pages = [...PAGES.map(([route]) => route), ...(contracts.length === 0 ? [] : ["/sla"])].filter(has);
  const urls = [...pages, ...contracts, ...targets].flatMap((path) => {
    const all = [null, ...site.languages].map((language) => {
      return { lang: language ?? "x-default", href: xml(`${url}${pathIn(language, path)}`) };
    });
    const links = all
      .map(({ lang, href }) => `<xhtml:link rel="alternate" hreflang="${lang}" href="${href}"/>`)
      .join("");
    return all.map(({ href }) => `<url><loc>${href}</loc>${links}</url>`);
  });
  const spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset ${spaces}>\n${urls.join("\n")}\n</urlset>\n`;
}

/** Those whose page is for everybody in all their versions, each once. */
function contractsOf({ contracts }: Site, has: Has): Site["contracts"] {
  const closed = new Set(contracts.filter(({ page }) => page !== "public").map(({ id }) => id));
  const open = contracts.filter(({ id }) => !closed.has(id) && has("/sla/:contract"));
  return [...new Map(open.map((contract) => [contract.id, contract])).values()];
}

/** What a language model should know before it reads the page (llmstxt.org). */
export function llmsTxt(site: Site, has: Has): string {
  const english = site.languages.includes("en") ? "en" : null;
  const link = (path: string, name: string, about: string): string =>
    `- [${markdown(plainLabel(name, path))}](${site.url ?? ""}${path}): ${about}`;
  const page = (path: string, name: string, about: string): string => link(pathIn(english, path), name, about);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["Services", site.targets.map(({ id, label }) => page(`/targets/${id}`, label.en || id, ABOUT_TARGET))],
    ["Pages", PAGES.filter(([route]) => has(route)).map((one) => page(...one))],
    ["SLA reports", contractsOf(site, has).map(({ id, label }) => page(`/sla/${id}`, label.en || id, ABOUT_REPORT))],
    ["Data", DATA.filter(([route]) => has(route)).map((one) => link(...one))],
  ];
  const told = sections.filter(([, lines]) => lines.length > 0);
  const text = told.map(([title, lines]) => `## ${title}\n\n${lines.join("\n")}\n`).join("\n");
  return `# ${markdown(plainLabel(site.name, "Sonde"))}\n\n> ${SUMMARY}\n\n${HOW_TO_READ}\n\n${text}`;
}

const ABOUT_TARGET = "state, delivery and times, region by region";
const ABOUT_REPORT = "promised and measured, with evidence";
const SUMMARY =
  "Status of messaging services, measured from outside by probes that send and receive real messages around the clock.";
const HOW_TO_READ = `How to read it:

- Unmeasured is a state of its own: neither up nor down. It is never counted as either.
- Every figure has a sample and an age. Percentiles are ranked over delivered, lost and refused messages together and are never averaged.
- "> 5 s" means that the rank falls among messages that did not arrive within that time. Shares are cut off, never rounded up.
- Times in the data are milliseconds since the epoch, UTC.`;

/** Without what Markdown would read as its own. */
function markdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#<>|~!]/g, "\\$&");
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
