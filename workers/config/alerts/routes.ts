// Reads `routes` of the alerts: who is told of what, in which order, and when not to wake anybody. Refuses routes by which nobody would
// be told. Called by `alerts.ts`; `alerts/routing.ts` and `alerts/quiet.ts` act on what is read here.

import * as z from "zod";
import { ALERT_SEVERITIES } from "../../../schema/words.ts";
import { oneOf } from "../contracts/term-fields.ts";
import { field, id, inner, isRecord, judged, readFields, reportRepeated } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { refusalOfZone } from "../zones.ts";
import { AUDIENCES, type Level, type QuietHours, type Route } from "./alerting.ts";
import { HOURS_FIELDS, hoursOf, isAlways, waitSchema } from "./moments.ts";
import { type Known, readReference, readReferences, readSome } from "./references.ts";

const ROUTES_MAX = 30;
const LEVELS_MAX = 5;
const TO_MAX = 10;
const IDS_MAX = 100;
export const ROUTES_EXAMPLE = 'routes: [{ id: "all", to: ["ops"] }]';
const TO = 'to: ["ops"]';
const LEVELS = 'levels: [{ after: "0s", to: ["ops"] }, { after: "15m", to: ["primary"] }]';
const QUIET = 'quiet: { from: "22:00", to: "07:00", except: ["critical"] }';
const SEVERITIES = 'severities: ["critical", "error"]';
const SEVERITY = oneOf(ALERT_SEVERITIES);

const ROUTE_FIELDS = {
  id: id('id: "all"'),
  audience: field(oneOf(AUDIENCES).default("service"), 'audience: "service"'),
  targets: inner('targets: ["chat"]', "optional"),
  regions: inner('regions: ["weur"]', "optional"),
  severities: field(z.array(SEVERITY).min(1).optional(), SEVERITIES),
  tiers: inner('tiers: ["standard"]', "optional"),
  to: inner(TO, "optional"),
  levels: inner(LEVELS, "optional"),
  quiet: inner(QUIET, "optional"),
  fallback: inner('fallback: "mail"', "optional"),
  next: field(z.boolean().default(false), "next: true, or leave it out"),
};
const LEVEL_FIELDS = {
  after: field(waitSchema(["0s", "24h"], 'after: "15m"'), 'after: "15m"'),
  to: inner(TO, "required"),
};
const QUIET_FIELDS = {
  zone: field(judged(z.string(), refusalOfZone).optional(), 'zone: "Europe/Berlin"'),
  ...HOURS_FIELDS,
  except: field(z.array(SEVERITY).default(["critical"]), 'except: ["critical"]'),
};

/** What routes are checked against. */
export interface AroundRoutes {
  readonly targets: Known;
  readonly regions: Known;
  readonly tiers: Known;
  readonly channels: Known;
  /** Channels, contacts and schedules. */
  readonly receivers: Known;
  /** The channels behind such an id, whenever it is asked. */
  readonly channelsBehind: (id: string) => readonly string[];
  /** Of quiet hours that name none. */
  readonly zone: string;
}

export function readRoutes(list: Plain, path: Path, around: AroundRoutes, report: Report): readonly Route[] {
  const shape = { max: ROUTES_MAX, write: ROUTES_EXAMPLE };
  const before = report.list().length;
  const routes = readSome(list, path, shape, report, (one, at) => readRoute(one, at, around, report));
  const isWhole = Array.isArray(list) && report.list().length === before;
  if (isWhole && !routes.some(({ audience }) => audience === "service")) {
    const mend = `write a route of audience "service", as in ${ROUTES_EXAMPLE}`;
    report.add(path, list, { problem: "have none of audience service: nobody would be told of an outage", mend });
  }
  return routes;
}

function readRoute(one: Plain, path: Path, around: AroundRoutes, report: Report): Route | null {
  const read = readFields(ROUTE_FIELDS, one, path, report);
  if (!isRecord(one)) return null;
  const filter = (key: "targets" | "regions" | "tiers", known: Known): readonly string[] | null =>
    read[key] === undefined
      ? null
      : readReferences(read[key], [...path, key], known, { max: IDS_MAX, write: ROUTE_FIELDS[key].write }, report);
  const targets = filter("targets", around.targets);
  const regions = filter("regions", around.regions);
  const tiers = filter("tiers", around.tiers);
  reportRepeated(one["severities"], [...path, "severities"], report);
  const levels = readLevels(one, path, around.receivers, report);
  const quiet = readQuiet(read.quiet, [...path, "quiet"], around.zone, report);
  const fallback = readFallback(read.fallback, levels, path, around, report);
  if (read.id === undefined || read.audience === undefined || read.next === undefined) return null;
  const filters = { targets, regions, severities: read.severities ?? null, tiers };
  return { id: read.id, audience: read.audience, ...filters, levels, quiet, fallback, next: read.next };
}

/** From `levels`, or from `to`, which is one level at once. */
function readLevels(
  one: { readonly [key: string]: Plain },
  path: Path,
  receivers: Known,
  report: Report,
): readonly Level[] {
  const { to, levels } = one;
  if (levels !== undefined && to !== undefined) {
    report.add([...path, "to"], to, { problem: "stands beside levels", mend: "write one of the two" });
    return [];
  }
  if (levels === undefined) {
    if (to === undefined) report.add([...path, "to"], to, { problem: "is missing", mend: `write ${TO}, or ${LEVELS}` });
    return [{ afterMs: 0, to: readTo(to, [...path, "to"], receivers, report) }];
  }
  const at = [...path, "levels"];
  const shape = { max: LEVELS_MAX, write: LEVELS };
  let before = -1;
  return readSome(levels, at, shape, report, (each, below): Level | null => {
    const read = readFields(LEVEL_FIELDS, each, below, report);
    const ids = readTo(read.to, [...below, "to"], receivers, report);
    const { after } = read;
    if (after === undefined) return null;
    const isFirst = below.at(-1) === 0;
    if (isFirst ? after !== 0 : after <= before) {
      const refusal = isFirst
        ? { problem: "is not 0s: nobody would be told at first", mend: 'write after: "0s" in the first level' }
        : { problem: "is not later than the level before it", mend: "write levels in ascending order" };
      report.add([...below, "after"], isRecord(each) ? each["after"] : undefined, refusal);
    }
    before = after;
    return { afterMs: after, to: ids };
  });
}

function readTo(list: Plain, path: Path, receivers: Known, report: Report): readonly string[] {
  return readReferences(list, path, receivers, { max: TO_MAX, write: TO }, report);
}

function readQuiet(value: Plain, path: Path, zone: string, report: Report): QuietHours | null {
  if (value === undefined || value === REFUSED) return null;
  const read = readFields(QUIET_FIELDS, value, path, report);
  if (isRecord(value)) reportRepeated(value["except"], [...path, "except"], report);
  const hours = hoursOf(read, path, report);
  if (hours === null || read.except === undefined) return null;
  if (isAlways(hours)) {
    const mend = "write hours that end, or fewer days; what nobody should hear of needs no route";
    report.add(path, value, { problem: "are around the clock on all days: nothing would ever be told", mend });
  }
  return { zone: read.zone ?? zone, ...hours, except: read.except };
}

function readFallback(
  value: Plain,
  levels: readonly Level[],
  path: Path,
  around: AroundRoutes,
  report: Report,
): string | null {
  if (value === undefined) return null;
  const fallback = readReference(value, [...path, "fallback"], around.channels, report);
  if (fallback === null) return null;
  const channels = new Set(levels.flatMap(({ to }) => to).flatMap(around.channelsBehind));
  if (channels.size === 1 && channels.has(fallback)) {
    const mend = "write another channel, one that still works when this one does not";
    report.add([...path, "fallback"], fallback, { problem: "is the only channel of this route itself", mend });
  }
  return fallback;
}
