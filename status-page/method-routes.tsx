// The route /method: how it is measured, by the configuration in force. Mounted by app.tsx. Needs no database while the configuration is
// good; where that is refused, it says what the front row tells, and what is not known. Touches nothing itself.

import { createHash } from "node:crypto";

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { CACHED, SECURITY, htmlHeaders, securityOf } from "./headers.ts";
import { plainLabel } from "./labels.ts";
import { factsFromFront, factsOf } from "./method-facts.ts";
import type { MethodFacts } from "./method-facts.ts";
import { stamp } from "./instants.ts";
import { MethodPage } from "./pages/method.tsx";
import type { SectionView } from "./pages/method.tsx";
import { renderPlain, toBytes } from "./render.tsx";
import { answer } from "./sla-answers.tsx";
import { METHOD_SECTIONS } from "./words/method-words.ts";
import type { MethodAddresses, MethodWords } from "./words/method-words.ts";
import { methodWordsOf } from "./words/languages.ts";
import type { Words } from "./words/words.ts";

/** Raw figures as files, as far as they have routes. */
const FILES = ["/api/v1/snapshot.json", "/api/v1/openapi.json", "/metrics"];

export function methodPages(door: PageDoor): Hono<PageEnv> {
  const facts = door.config === null ? null : factsOf(door.config);
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["/method", ...door.languages.map((language) => `/${language}/method`)]) {
    app.get(base, (c) => (facts === null ? unconfigured(c, door) : method(c, door, facts, [], false)));
  }
  return app;
}

/** The newest figures know what they were measured by. */
async function unconfigured(c: PageContext, door: PageDoor): Promise<Response> {
  const shown = await door.front(c);
  if (shown.kind === "unreadable") return door.plain(c, 503, "unreadable");
  const { words, zone } = door.frameOf(c, null);
  const facts = factsFromFront(shown.front?.snapshots ?? []);
  if (facts === null || shown.front === null) {
    const headers = htmlHeaders(SECURITY, words.tag);
    headers.set("cache-control", CACHED);
    const refused = methodWordsOf(words.language).refused;
    return new Response(renderPlain(door.frameOf(c, null), "nothingYet", refused), { headers });
  }
  const stale = shown.kind === "stale";
  const notices = [
    methodWordsOf(words.language).refused,
    ...(stale ? [words.databaseAway(stamp(shown.front.row.composedAt, zone))] : []),
  ];
  return method(c, door, facts, notices, stale);
}

function method(
  c: PageContext,
  door: PageDoor,
  facts: MethodFacts,
  notices: readonly string[],
  stale: boolean,
): Response {
  const frame = door.frameOf(c, "/method");
  const { words } = frame;
  const said = methodWordsOf(words.language);
  const sections = sectionsOf(facts, said, addressesOf(door, words), words);
  const bytes = toBytes(<MethodPage {...frame} said={said} sections={sections} notices={notices} />);
  // Nothing on the page ages: what it prints is what it is.
  const etag = `W/"method-${createHash("sha256").update(bytes).digest("hex").slice(0, 20)}"`;
  const headers = htmlHeaders(securityOf("desk"), words.tag);
  if (stale) headers.set("x-sonde-stale", "1");
  return answer(c, { bytes, etag }, headers, false);
}

function addressesOf({ has }: PageDoor, { language }: Words): MethodAddresses {
  const page = (path: string): string | null => (has(path) ? `/${language}${path}` : null);
  return {
    api: page("/api"),
    fleet: page("/fleet"),
    history: page("/history"),
    reports: page("/sla"),
    incidents: page("/incidents"),
    files: FILES.filter(has),
  };
}

function sectionsOf(
  facts: MethodFacts,
  said: MethodWords,
  addresses: MethodAddresses,
  words: Words,
): readonly SectionView[] {
  const told = {
    ...facts,
    addresses,
    name: ({ id, label }: MethodFacts["targets"][number]) => plainLabel(label[words.language], id).replaceAll("`", "'"),
  };
  const hasMesh = facts.targets.some((target) => target.journeys.some(({ journey }) => journey === "mesh"));
  return METHOD_SECTIONS.filter((id) => id !== "mesh" || hasMesh).map((id) => ({
    id,
    title: said.sections[id].title,
    blocks: said.sections[id].blocks(told),
  }));
}
