// What the public page of the fleet says: where each region's prober was observed and how much it measured, which silences there were, and
// which controls are asked. Pure: the present is an argument. Never says anything about a service, nor a prober's secret or address.
// Called by fleet-routes.tsx.

import type { Config } from "../workers/config/config.ts";
import { PLACE_LABELS } from "../workers/config/places.ts";
import type { PeriodFigures, RegionSnapshot, Snapshot } from "../workers/results/snapshot-shape.ts";
import { floorShare } from "./figures.ts";
import { cityOf } from "./fleet-cities.ts";
import { SILENCES_MS } from "./fleet.ts";
import type { SilenceList, SilenceSeen } from "./fleet.ts";
import type { Remembered } from "./incidents-memory.ts";
import { clock, stamp, zoneName } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import { stateNow } from "./region-view.ts";
import type { FleetWords } from "./words/fleet-words.ts";
import type { Words } from "./words/words.ts";

export interface PlaceRow {
  readonly region: string;
  readonly code: string;
  readonly measuring: boolean;
  readonly stateWord: string;
  /** Why it is not measured; null while it is. */
  readonly because: string | null;
  readonly place: string;
  readonly hint: string;
  readonly last: string;
  readonly today: string;
  readonly month: string;
}

export interface TargetPlaces {
  readonly id: string;
  readonly name: string;
  /** Which day and which month the last two columns are about; null: nothing was composed yet. */
  readonly periods: readonly [today: string, month: string] | null;
  readonly rows: readonly PlaceRow[];
}

interface SilenceRow {
  readonly region: string;
  readonly prober: string;
  readonly reason: string;
  readonly lastSign: string;
  readonly found: string;
  readonly until: string;
  readonly lasts: boolean;
}

export interface SilencesView {
  /** The list is old, cut, or not known at all. */
  readonly notes: readonly string[];
  /** Null: not known. */
  readonly rows: readonly SilenceRow[] | null;
}

export interface FleetTelling {
  readonly words: Words;
  readonly said: FleetWords;
  readonly now: number;
  /** The visitor's zone. */
  readonly zone: string;
}

/** Who should measure a target: by the configuration where there is one, else by what was measured. */
interface Wanted {
  readonly target: string;
  readonly label: Readonly<Record<string, string>>;
  readonly snapshot: Snapshot | null;
  readonly regions: readonly string[];
}

function wantedOf(config: Config | null, snapshots: readonly Snapshot[]): readonly Wanted[] {
  if (config === null) {
    return snapshots.map((snapshot) => ({
      target: snapshot.target,
      label: snapshot.label,
      snapshot,
      regions: snapshot.regions.map((one) => one.region),
    }));
  }
  return config.targets.map(({ id, label, regions }) => ({
    target: id,
    label,
    snapshot: snapshots.find((one) => one.target === id) ?? null,
    regions,
  }));
}

/** Every target with every region that should measure it. A region that was taken out is not there; one that never measured is. */
export function placesView(
  config: Config | null,
  snapshots: readonly Snapshot[],
  telling: FleetTelling,
): readonly TargetPlaces[] {
  const { words } = telling;
  return wantedOf(config, snapshots).map(({ target, label, snapshot, regions }) => {
    const [first] = snapshot?.regions ?? [];
    return {
      id: target,
      name: plainLabel(label[words.language], target),
      periods:
        snapshot === null || first === undefined
          ? null
          : [words.soFar(snapshot.today), words.soFar(words.month(first.month.from, snapshot.time_zone))],
      rows: regions.map((id) => {
        const measured = snapshot?.regions.find((one) => one.region === id) ?? null;
        return placeRow(id, measured, config, telling);
      }),
    };
  });
}

function placeRow(
  id: string,
  measured: RegionSnapshot | null,
  config: Config | null,
  { words, said, now, zone }: FleetTelling,
): PlaceRow {
  const configured = config?.regions.find((one) => one.id === id);
  const label = configured?.label ?? measured?.label;
  const { state, why } = measured === null ? ({ state: "unmeasured", why: "never" } as const) : stateNow(measured, now);
  const at = measured?.last_slot_at ?? null;
  const hint = configured?.hint;
  return {
    region: plainLabel(label?.[words.language], id),
    code: plainLabel(id, "?"),
    measuring: state !== "unmeasured",
    stateWord: state === "unmeasured" ? words.states.unmeasured : said.measured,
    because: why === null ? null : words.unknown(why, at === null ? null : clock(at, zone, now)),
    place: placeText(measured?.place ?? "", { words, said }),
    hint: hint === undefined ? said.hintUnknown : said.placed(PLACE_LABELS[hint][words.language], hint),
    last:
      at === null
        ? words.noRound
        : words.missing([`${clock(at, zone, now)} ${zoneName(zone)}`, words.ago(Math.max(0, now - at))]),
    today: coveredText(measured?.today ?? null, { words, said }),
    month: coveredText(measured?.month ?? null, { words, said }),
  };
}

type Saying = Pick<FleetTelling, "words" | "said">;

function placeText(place: string, { words, said }: Saying): string {
  if (place === "") return words.placeUnknown;
  const code = plainLabel(place, "?");
  const city = cityOf(code, words.language);
  return city === null ? code : said.placed(city, code);
}

/** Minutes in which anything is known, of those that had a slot; the share is cut off. */
function coveredText(period: PeriodFigures | null, { words, said }: Saying): string {
  if (period === null) return words.noData;
  const measured = period.minutes_up + period.minutes_degraded + period.minutes_down;
  const share = floorShare(measured, period.minutes_expected);
  if (share === null) return said.nothingDue;
  return said.covered(words.number(measured), words.number(period.minutes_expected), words.percent(share));
}

/**
 * Silences that lasted into the last 30 days. `regions`: those that measure today, with their names. Of a region that was taken out what
 * is over stays, since it happened; what seems to last does not, since nobody waits for it. `read` null: nothing is known.
 */
export function silencesView(
  read: Remembered<SilenceList> | null,
  regions: ReadonlyMap<string, string>,
  telling: FleetTelling,
): SilencesView {
  const { words, said, now, zone } = telling;
  if (read === null) return { notes: [said.silencesUnreadable], rows: null };
  const since = now - SILENCES_MS;
  const recent = (one: SilenceSeen): boolean => one.untilAt === null || one.untilAt >= since;
  const shown = read.value.silences.filter((one) => recent(one) && (one.untilAt !== null || regions.has(one.region)));
  // What was not read is older than the oldest of these; where that is too old already, nothing is missing.
  const mayMiss = read.value.cut && read.value.silences.every(recent);
  return {
    notes: [
      ...(read.stale ? [said.silencesAsOf(stamp(read.readAt, zone))] : []),
      ...(mayMiss ? [said.silencesCut(read.value.silences.length)] : []),
      said.silencesSpan(SILENCES_MS / 86_400_000),
      ...(shown.length === 0 ? [said.noSilences] : []),
    ],
    rows: shown.map((one) => ({
      region: regions.get(one.region) ?? `${plainLabel(one.region, "?")} (${said.removed})`,
      prober: plainLabel(one.prober, "?"),
      reason: said.reasons[one.reason],
      lastSign: one.newestWakeAt === null ? said.noSign : stamp(one.newestWakeAt, zone),
      found: stamp(one.seenAt, zone),
      until:
        one.untilAt === null
          ? words.missing([said.lasts, words.roughly(Math.max(0, now - one.seenAt))])
          : said.lasted(stamp(one.untilAt, zone), words.roughly(Math.max(0, one.untilAt - one.seenAt))),
      lasts: one.untilAt === null,
    })),
  };
}

/** Regions that measure today, by their names. Without a configuration: those of which there are figures. */
export function regionNames(
  config: Config | null,
  snapshots: readonly Snapshot[],
  words: Words,
): ReadonlyMap<string, string> {
  const wanted = new Set(wantedOf(config, snapshots).flatMap((one) => one.regions));
  const known = [
    ...snapshots.flatMap((one) => one.regions.map(({ region, label }) => ({ id: region, label }))),
    ...(config?.regions ?? []),
  ];
  return new Map(
    known.filter(({ id }) => wanted.has(id)).map(({ id, label }) => [id, plainLabel(label[words.language], id)]),
  );
}
