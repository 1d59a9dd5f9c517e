// What people ask of a Duty and do through it, on its own disk: incidents with what was sent about them, acts, links that
// acknowledge, maintenance, and what would be sent. Called by the Duty's doors; never looks at rounds.

import type { Config } from "../config/config.ts";
import { actOf } from "../incidents/acts.ts";
import type { Act } from "../incidents/acts.ts";
import { SONDE } from "../incidents/incident.ts";
import type { Incident, IncidentChange, IncidentEvent, NewIncidentEvent } from "../incidents/incident.ts";
import { incidentOf } from "../incidents/life.ts";
import type { Memory } from "../incidents/look.ts";
import type { Maintenance } from "../incidents/maintenance.ts";
import { storySentence } from "../incidents/look-words.ts";
import type { AckToken } from "./ack-link.ts";
import { mutedOf } from "./decision.store.ts";
import type { DutyStores } from "./decision.store.ts";
import type {
  ActAnswer,
  DeliveryReport,
  DutyHealth,
  IncidentReport,
  LinkAnswer,
  Order,
  Preview,
} from "./duty-answers.ts";
import { alertOf, voiceOf } from "./message.ts";
import type { Entry } from "./outbox.store.ts";
import { plan } from "./plan.ts";
import type { Told } from "./told.ts";

/** Longer ahead nobody asks. */
const PREVIEW_MS = 4 * 3_600_000;
const PREVIEW_STEPS = 50;

export function reportOf({ store, outbox }: DutyStores, target: string, id: string): IncidentReport | null {
  const story = store.story(id);
  if (story === null) return null;
  const entries = outbox.of(id);
  const { events, notifiedAt } = story;
  return {
    incident: incidentOf(target, events),
    events,
    notifiedAt,
    deliveries: deliveriesOf({ store, outbox }, entries),
  };
}

export function deliveriesOf({ outbox }: DutyStores, entries: readonly Entry[]): DeliveryReport[] {
  const receipts = Map.groupBy(outbox.receiptsOf(entries.map(({ key }) => key)), ({ key }) => key);
  return entries.map(({ key, incident, channel, kind, state, plannedAt, tryAt, sentAt, tries, alert }) => {
    const own = (receipts.get(key) ?? []).map(({ key: _key, ...receipt }) => receipt);
    return {
      key,
      incident,
      channel,
      kind,
      state,
      plannedAt,
      tryAt,
      sentAt,
      tries,
      title: alert?.title ?? null,
      receipts: own,
    };
  });
}

/** The events of an order, or why there are none. Writes nothing: the Duty does, in one decision with what follows. */
export function eventsOfOrder(
  { store }: DutyStores,
  target: string,
  order: Order,
  now: number,
): readonly NewIncidentEvent[] | Extract<ActAnswer, { readonly ok: false }> {
  const unknown = { ok: false, refused: "unknown_incident", before: null } as const;
  const story = store.story(order.incident);
  if (story === null) return unknown;
  let act: Act;
  if (order.act.kind === "merge") {
    const into = store.story(order.act.into);
    if (into === null) return unknown;
    act = { kind: "merge", into: incidentOf(target, into.events) };
  } else act = order.act;
  const { who, key } = order;
  const actor = { who, at: order.at ?? now, now, key, isKept: story.events.some((event) => event.key === key) };
  const events = actOf(incidentOf(target, story.events), act, actor);
  return "refused" in events ? { ok: false, ...events } : events;
}

/** What a link would do; nothing is done by asking. */
export function linkAnswer({ store }: DutyStores, target: string, token: AckToken): LinkAnswer {
  const refuse = (
    refused: Extract<LinkAnswer, { ok: false }>["refused"],
    before: Incident["acked"] = null,
  ): LinkAnswer => {
    return { ok: false, refused, before };
  };
  const story = store.story(token.incident);
  if (story === null) return refuse("unknown_incident");
  const incident = incidentOf(target, story.events);
  if (incident.acked !== null) return refuse("already_acknowledged", incident.acked);
  if (store.isSpent(token.nonce)) return refuse("spent");
  if (incident.state === "resolved" || incident.state === "merged") return refuse("over");
  return { ok: true, incident, to: token.to, expiresAt: token.expiresAt };
}

/** How it is with this Duty. */
export function healthOf({ store, outbox }: DutyStores, lookedAt: number | null): DutyHealth {
  const memory = store.head()?.memory ?? "";
  const loops = memory === "" ? [] : Object.values((JSON.parse(memory) as Memory).watch.loops);
  const slots = loops.flatMap((rounds) => rounds.at(-1)?.slotAt ?? []);
  return {
    lookedAt,
    newestRoundAt: slots.length === 0 ? null : Math.max(...slots),
    waiting: outbox.waiting(),
    nextTryAt: outbox.nextAt(),
    owed: store.owedRows() + outbox.owedRows(),
  };
}

/** Each message of an outage of these regions that nobody acknowledges, for some hours ahead. */
export function previewOf(
  config: Config,
  target: string,
  {
    regions,
    windows,
    now,
  }: { readonly regions: readonly string[]; readonly windows: readonly Maintenance[]; readonly now: number },
): readonly Preview[] {
  const { alerting } = config;
  if (alerting === null) return [];
  const id = `${target}-0`;
  // As `decide.ts` has it.
  const measured = config.targets.find((each) => each.id === target)?.regions.length ?? 0;
  const isWide = regions.length >= 3 && 2 * regions.length >= measured;
  const story = { kind: "outage", scope: "region", regions, impact: [], reason: null } as const;
  const sentence = storySentence(story, config, () => null);
  const change: IncidentChange = {
    kind: "opened",
    of: "outage",
    audience: "service",
    severity: isWide ? "critical" : "error",
    scope: isWide ? "global" : "region",
    regions,
    about: null,
    sentence,
    drill: false,
  };
  const opened: IncidentEvent = { incident: id, number: 1, key: id, at: now, recordedAt: now, author: SONDE, change };
  const incident = incidentOf(target, [opened]);
  const tiers = config.contracts.filter((contract) => contract.target === target).map(({ tier }) => tier);
  const mutedUntil = mutedOf(incident, [opened], windows);
  const told: Told[] = [];
  const shown: Preview[] = [];
  let at = now;
  for (let step = 0; step < PREVIEW_STEPS && at <= now + PREVIEW_MS; step += 1) {
    const planned = plan(incident, [opened], told, { alerting, tiers, now: at, mutedUntil, held: false });
    for (const entry of planned.entries) {
      told.push({ ...entry, state: "sent", gaveUp: null, sentAt: entry.dueAt });
      const settings = alerting.channels.find((each) => each.id === entry.channel);
      if (settings === undefined) continue;
      const { title, sentence: said } = alertOf(incident, [opened], entry, {
        ...voiceOf(config, target, settings.language),
        now: at,
        pageUrl: null,
        ackUrl: null,
        emptyLevels: [],
      });
      shown.push({
        channel: entry.channel,
        route: entry.route,
        level: entry.level,
        afterMs: entry.dueAt - now,
        title,
        sentence: said,
      });
    }
    if (planned.nextAt === null) break;
    at = planned.nextAt;
  }
  return shown;
}
