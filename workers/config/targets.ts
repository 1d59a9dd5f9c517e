// Reads `targets`: fields one by one, then what must hold between them, the regions and the objectives. Reports all of it.
// Called by `parse.ts`.

import * as z from "zod";
import { DRIVERS } from "../../schema/words.ts";
import { refusalOfAddress } from "./addresses.ts";
import type { Target } from "./config.ts";
import { SCENES } from "./contracts/preset-names.ts";
import { oneOf } from "./contracts/term-fields.ts";
import { endOfDay, refusalOfDate } from "./dates.ts";
import { readDriver } from "./driver-options.ts";
import { DRIVER_RULES } from "./driver-rules.ts";
import { duration, durationText } from "./durations.ts";
import { field, id, inner, isRecord, judged, type Read, readFields, reportRepeated, wholeNumber } from "./fields.ts";
import { ROOM_PER_OBJECT } from "./journeys.ts";
import type { ObjectivesRead } from "./objectives.ts";
import { fillPlaceholders } from "./placeholders.ts";
import { LIST_MAX, type Plain, REFUSED } from "./plain.ts";
import { nearest, type Path, type Report } from "./problems.ts";
import { readLabel, sameForAll } from "./regions.ts";
import { readJourneysOf } from "./scenes.ts";
import { EVERY_MS_MAX, EVERY_MS_MIN, refusalOfEvery, refusalOfRound } from "./timing.ts";

/** What a target is checked against. */
export interface Surroundings {
  /** Ids of all regions that were written, good or bad, and the good ones. */
  readonly regionIds: readonly string[];
  readonly goodRegionIds: readonly string[];
  readonly objectives: ObjectivesRead;
}

/** Three rounds of 4 MiB, each sent, received and buffered on the way (x 4), are 48 MiB of an object's 128 MB. */
const ROUND_BYTES_MAX = 4 * 1024 * 1024;
/** Below 10 ms the 1 ms clock and the event loop say more than the network. */
const GAP_MS_MIN = 10;

const TARGET_FIELDS = {
  id: id('id: "broker"'),
  label: inner('label: "Broker"', "optional"),
  driver: field(z.enum(DRIVERS), 'driver: "mqtt"'),
  address: inner('address: "wss://broker.example.com/mqtt"', "required"),
  credentials: inner('credentials: { user: "MQTT_USER", password: "MQTT_PASSWORD" }', "optional"),
  options: inner("options: { qos: 1 }", "optional"),
  credentialsExpire: field(judged(z.string(), refusalOfDate).optional(), 'credentialsExpire: "2027-01-31"'),
  every: duration(EVERY_MS_MIN, EVERY_MS_MAX, "60s", "every"),
  messages: wholeNumber(1, 1000, 20, "messages: 20"),
  gap: duration(0, EVERY_MS_MAX, "50ms", "gap"),
  deadline: duration(1, EVERY_MS_MAX, "5s", "deadline"),
  connectDeadline: duration(1, EVERY_MS_MAX, "3s", "connectDeadline"),
  payloadBytes: wholeNumber(64, 32_768, 100, "payloadBytes: 100"),
  journeys: inner('journeys: ["loop"]', "optional"),
  scene: field(oneOf(SCENES).optional(), 'scene: "voice-room"'),
  regions: inner('regions: ["weur"]', "optional"),
};

type TargetRead = Read<typeof TARGET_FIELDS>;

/** Reads the list; whole only when nothing was reported. */
export function readTargets(list: Plain, path: Path, around: Surroundings, report: Report): readonly Target[] {
  if (!Array.isArray(list)) {
    if (list !== undefined && list !== REFUSED) {
      report.add(path, list, { problem: "is not a list", mend: "write targets: [{ id, driver, address }]" });
    }
    return [];
  }
  if (list.length === 0) report.add(path, list, { problem: "has 0 entries", mend: `write 1 to ${LIST_MAX} targets` });
  const ids = list.map((one: Plain) => (isRecord(one) ? one["id"] : undefined));
  return list.flatMap((one: Plain, index) => {
    const own = ids[index];
    if (typeof own === "string" && ids.indexOf(own) !== index) {
      const mend = "give each target its own id: its series are kept under it";
      report.add([...path, index, "id"], own, { problem: "stands here twice", mend });
    }
    return one === REFUSED ? [] : (readTarget(one, [...path, index], around, report) ?? []);
  });
}

function readTarget(one: Plain, path: Path, around: Surroundings, report: Report): Target | null {
  const read = readFields(TARGET_FIELDS, one, path, report);
  const label = readLabel(read.label, sameForAll(read.id ?? ""), [...path, "label"], report);
  const regions = readTargetRegions(read.regions, [...path, "regions"], around, report);
  const address = readAddress(read, regions, [...path, "address"], around, report);
  const canReceive = read.driver === undefined || DRIVER_RULES[read.driver].canReceive;
  const journeys = readJourneysOf(read, path, { driver: read.driver, canReceive, regions }, report);
  const written = { ...read, journeys: journeys.map(({ journey }) => journey) };
  const own = read.driver === undefined ? null : readDriver({ ...written, driver: read.driver }, path, report);
  reportTiming(read, path, report);
  reportRoomBytes(read, journeys, path, report);
  reportAgainstObjectives({ ...read, journeys }, path, around.objectives, report);
  const { id: targetId, driver, every, messages, gap, deadline, connectDeadline, payloadBytes } = read;
  if (targetId === undefined || driver === undefined || label === null) return null;
  if (every === undefined || messages === undefined || gap === undefined || deadline === undefined) return null;
  if (connectDeadline === undefined || payloadBytes === undefined || own === null) return null;
  const timing = { everyMs: every, messages, gapMs: gap, deadlineMs: deadline, connectDeadlineMs: connectDeadline };
  const secretsExpireAt = read.credentialsExpire === undefined ? null : endOfDay(read.credentialsExpire);
  return { id: targetId, label, driver, address, ...own, secretsExpireAt, journeys, regions, ...timing, payloadBytes };
}

/** In the order of the configuration's regions, however they were written: the same choice gives the same hash. */
function readTargetRegions(list: Plain, path: Path, around: Surroundings, report: Report): readonly string[] {
  const known = around.regionIds;
  // Without any region the fleet has one problem, not one for each place that names a region.
  if (known.length === 0) return [];
  if (list === undefined) return [...new Set(known)];
  if (!Array.isArray(list) || list.length === 0) {
    if (list !== REFUSED) {
      const mend = 'write regions: ["weur"], or leave it out for all regions';
      report.add(path, list, { problem: "is not a list of at least one region", mend });
    }
    return [];
  }
  reportRepeated(list, path, report);
  list.forEach((one: Plain, index) => {
    if (one === REFUSED || (typeof one === "string" && known.includes(one))) return;
    report.add([...path, index], one, {
      problem: "is not among the regions of this fleet",
      mend: regionMend(one, around),
    });
  });
  return [...new Set(known)].filter((region) => list.includes(region));
}

/** One address for each region that measures; bad ones are reported and left out. */
function readAddress(
  read: TargetRead,
  regions: readonly string[],
  path: Path,
  around: Surroundings,
  report: Report,
): Record<string, string> {
  const { address } = read;
  if (address === undefined) return {};
  const driver = read.driver ?? "mqtt";
  if (typeof address === "string") {
    const refusal = refusalOfAddress(address, driver);
    if (refusal !== null) report.add(path, address, refusal);
    return Object.fromEntries(regions.map((region) => [region, fillPlaceholders(address, { region })]));
  }
  if (!isRecord(address)) {
    const mend = `write ${TARGET_FIELDS.address.write}, or { weur: "wss://..." } with one for each region`;
    report.add(path, address, { problem: "is neither text nor an object", mend });
    return {};
  }
  const out: Record<string, string> = {};
  for (const [region, one] of Object.entries(address)) {
    const entry = [...path, region];
    if (around.regionIds.length === 0) continue;
    if (!around.regionIds.includes(region)) {
      report.addHidden(entry, { problem: "is not a region of this fleet", mend: regionMend(region, around) });
    } else if (typeof one === "string") {
      const refusal = refusalOfAddress(one, driver);
      if (refusal !== null) report.add(entry, one, refusal);
      if (regions.includes(region)) out[region] = fillPlaceholders(one, { region });
    } else if (one !== REFUSED) {
      report.add(entry, one, { problem: "is not text", mend: `write ${region}: "wss://broker.example.com/mqtt"` });
    }
  }
  for (const region of regions) {
    // A bad region has its problem already; what it would need is known when it is mended.
    if (Object.hasOwn(address, region) || !around.goodRegionIds.includes(region)) continue;
    const mend = `write ${region}: "wss://...", or leave ${region} out of this target's regions`;
    report.add([...path, region], undefined, { problem: "is missing: this region measures the target", mend });
  }
  return out;
}

function reportTiming(read: TargetRead, path: Path, report: Report): void {
  const { every, messages, gap, payloadBytes } = read;
  const refusal = every === undefined ? null : refusalOfEvery(every);
  if (every !== undefined && refusal !== null) report.add([...path, "every"], durationText(every), refusal);
  if (gap !== undefined && gap < GAP_MS_MIN && messages !== 1) {
    const mend = `write gap: "${GAP_MS_MIN}ms" or more, or messages: 1`;
    report.add([...path, "gap"], durationText(gap), { problem: "is too short for a clock of 1 ms steps", mend });
  }
  if (messages !== undefined && payloadBytes !== undefined && messages * payloadBytes > ROUND_BYTES_MAX) {
    report.add([...path, "payloadBytes"], payloadBytes, {
      problem: `makes a round of ${messages} x ${payloadBytes} = ${messages * payloadBytes} bytes, above ${ROUND_BYTES_MAX}`,
      mend: `write payloadBytes: ${Math.floor(ROUND_BYTES_MAX / messages)} or less, or fewer messages`,
    });
  }
}

/** Every subscriber of an object receives every message: what they hold together is bounded as a round of `loop` is. */
function reportRoomBytes(read: TargetRead, journeys: Target["journeys"], path: Path, report: Report): void {
  const { payloadBytes } = read;
  const room = journeys.find((plan) => plan.journey === "room");
  if (room === undefined || payloadBytes === undefined) return;
  const copies = room.messages * Math.min(ROOM_PER_OBJECT, room.subscribers);
  if (copies * payloadBytes <= ROUND_BYTES_MAX) return;
  report.add([...path, "payloadBytes"], payloadBytes, {
    problem: `makes a room of ${copies} copies x ${payloadBytes} = ${copies * payloadBytes} bytes in one object, above ${ROUND_BYTES_MAX}`,
    mend: `write payloadBytes: ${Math.floor(ROUND_BYTES_MAX / copies)} or less, or fewer messages for the room`,
  });
}

function reportAgainstObjectives(
  read: Omit<TargetRead, "journeys"> & Pick<Target, "journeys">,
  path: Path,
  objectives: ObjectivesRead,
  report: Report,
): void {
  const { every, messages, gap, deadline, connectDeadline, journeys } = read;
  const { latencyMsP99, connectMsP99, limitsMs } = objectives;
  const limitMsMost = Math.max(0, ...(limitsMs ?? []));
  const deadlineMsLeast = Math.max(2 * (latencyMsP99 ?? 0), limitMsMost + 1);
  const orMore = `write deadline: "${durationText(deadlineMsLeast)}" or more`;
  const entry = [...path, "deadline"];
  if (deadline !== undefined && latencyMsP99 !== undefined && deadline < 2 * latencyMsP99) {
    const problem = `is less than twice latencyP99 (${durationText(latencyMsP99)}): what is late would count as lost`;
    report.add(entry, durationText(deadline), { problem, mend: orMore });
  }
  if (deadline !== undefined && limitMsMost > 0 && limitMsMost >= deadline) {
    const limit = durationText(limitMsMost);
    const problem = `is not above the limit ${limit} of objectives.limits: nothing could be over that limit and not lost`;
    report.add(entry, durationText(deadline), { problem, mend: `${orMore}, or take ${limit} out of the limits` });
  }
  if (connectDeadline !== undefined && connectMsP99 !== undefined && connectDeadline <= connectMsP99) {
    const limit = durationText(connectMsP99);
    report.add([...path, "connectDeadline"], durationText(connectDeadline), {
      problem: `is not above connectP99 (${limit}): whoever is slower would be refused, not slow`,
      mend: `write connectDeadline: above "${limit}"`,
    });
  }
  if (every === undefined || messages === undefined || gap === undefined) return;
  if (deadline === undefined || connectDeadline === undefined) return;
  // A list that was refused is judged once it is mended.
  if (journeys.length === 0) return;
  const pace = { everyMs: every, messages, gapMs: gap, deadlineMs: deadline, connectDeadlineMs: connectDeadline };
  const timing = { ...pace, journeys };
  const refusal = refusalOfRound(timing, deadlineMsLeast);
  if (refusal !== null) report.add([...path, "every"], durationText(every), refusal);
}

function regionMend(written: Plain, around: Surroundings): string {
  const near = typeof written === "string" ? nearest(written, around.goodRegionIds) : null;
  if (near !== null) return `did you mean "${near}"?`;
  return "write the id of an entry of regions, or add it there";
}
