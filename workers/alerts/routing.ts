// Which routes an incident takes, and which channels are behind a name at an instant. Pure: the instant is an argument. Never fills a
// gap in a schedule: whoever called it escalates. Called by `pages.ts`.

import type { AlertSeverity } from "../../schema/words.ts";
import type { Alerting, Audience, Route } from "../config/alerts/alerting.ts";
import { onCallAt } from "./on-call.ts";

/** What an incident is to routes. */
interface Subject {
  readonly audience: Audience;
  readonly target: string;
  /** Empty: it is about all of them. */
  readonly regions: readonly string[];
  readonly severity: AlertSeverity;
  /** Of the contracts on the target. */
  readonly tiers: readonly string[];
}

/** In the order of the configuration: the first that matches, and the next one as long as the one before it says `next`. */
export function routesOf(alerting: Alerting, subject: Subject): readonly Route[] {
  const all = alerting.routes.filter((route) => matches(route, subject));
  const last = all.findIndex(({ next }) => !next);
  return last === -1 ? all : all.slice(0, last + 1);
}

function matches(route: Route, subject: Subject): boolean {
  const { targets, regions, severities, tiers } = route;
  return (
    route.audience === subject.audience &&
    (targets === null || targets.includes(subject.target)) &&
    (severities === null || severities.includes(subject.severity)) &&
    (regions === null || subject.regions.length === 0 || subject.regions.some((region) => regions.includes(region))) &&
    (tiers === null || subject.tiers.some((tier) => tiers.includes(tier)))
  );
}

/** Ids of channels, each once, in the order of `to`. A schedule is whoever is on call at `at`; an id that is gone leads nowhere. */
export function channelsOf(alerting: Alerting, to: readonly string[], at: number): readonly string[] {
  const { channels, contacts, schedules } = alerting;
  const known = new Set(channels.map(({ id }) => id));
  const ofContact = (id: string | null): readonly string[] => contacts.find((one) => one.id === id)?.channels ?? [];
  const found = to.flatMap((id) => {
    const schedule = schedules.find((one) => one.id === id);
    if (schedule !== undefined) return ofContact(onCallAt(schedule, at));
    return known.has(id) ? [id] : ofContact(id);
  });
  return [...new Set(found)].filter((id) => known.has(id));
}
