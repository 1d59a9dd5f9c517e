// Reads `alerts`: channels, contacts, schedules, routes, and how patient all of it is. Reports everything that is wrong with them, and
// refuses names that lead nowhere: a message that nobody gets must not look like one that was sent. Called by `parse.ts`.

import type { Language } from "../../../schema/words.ts";
import { field, inner, readFields } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { secretName } from "../secret-names.ts";
import type { Alerting, Contact, OnCallSchedule } from "./alerting.ts";
import { CHANNELS_EXAMPLE, readChannels, withoutValues } from "./channels.ts";
import { wait } from "./moments.ts";
import { reportSameIds, writtenIds } from "./references.ts";
import { readRoutes, ROUTES_EXAMPLE } from "./routes.ts";
import { readContacts, readSchedules } from "./schedules.ts";

/** What alerts are checked against. */
export interface AroundAlerts {
  /** Ids of all targets that were written, good or bad. */
  readonly targetIds: readonly string[];
  readonly regionIds: readonly string[];
  /** Of the contracts; null while these are bad. */
  readonly tiers: readonly string[] | null;
  readonly timeZone: string;
  /** The page's first. */
  readonly language: Language;
  /** Whether `url` was written. */
  readonly hasUrl: boolean;
}

const LINK_SECRET = "SONDE_LINK_SECRET";
const TOKEN_SECRET = "SONDE_OPS_TOKEN";

const ALERTS_FIELDS = {
  channels: inner(CHANNELS_EXAMPLE, "required"),
  contacts: inner('contacts: [{ id: "lin", channels: ["mail"] }]', "optional"),
  schedules: inner('schedules: [{ id: "primary", rotations: [{ from, contacts }] }]', "optional"),
  routes: inner(ROUTES_EXAMPLE, "required"),
  group: wait("group", "30s", ["0s", "10m"]),
  update: wait("update", "5m", ["0s", "24h"]),
  // What is told again every few seconds is switched off by whoever has to hear it.
  repeat: wait("repeat", "4h", ["5m", "7d"], true),
  resolve: wait("resolve", "30m", ["1m", "24h"]),
  blind: wait("blind", "3m", ["1m", "24h"]),
};
const SECRET_FIELDS = {
  links: field(secretName(LINK_SECRET).optional(), `links: "${LINK_SECRET}"`),
  token: field(secretName(TOKEN_SECRET).optional(), `token: "${TOKEN_SECRET}"`),
};
const KNOWN_FIELDS = {
  ...ALERTS_FIELDS,
  links: inner(SECRET_FIELDS.links.write, "optional"),
  token: inner(SECRET_FIELDS.token.write, "optional"),
};

/** Null: absent, or bad and reported. Whole only when nothing was reported. */
export function readAlerts(value: Plain, path: Path, around: AroundAlerts, report: Report): Alerting | null {
  if (value === undefined) return null;
  const read = readFields(KNOWN_FIELDS, value, path, report);
  const { channels, contacts, schedules, routes } = read;
  reportSameIds(
    [
      { name: "channels", list: channels },
      { name: "contacts", list: contacts },
      { name: "schedules", list: schedules },
    ],
    path,
    report,
  );
  reportSameIds([{ name: "routes", list: routes }], path, report);
  const known = knownIds(read, around);
  const people = {
    channels: readChannels(channels, [...path, "channels"], around.language, report),
    contacts: readContacts(contacts, [...path, "contacts"], known.channels, report),
    schedules: readSchedules(
      schedules,
      [...path, "schedules"],
      { zone: around.timeZone, contacts: known.contacts },
      report,
    ),
  };
  const aroundRoutes = { ...known, channelsBehind: channelsBehind(people), zone: around.timeZone };
  const all = { ...people, routes: readRoutes(routes, [...path, "routes"], aroundRoutes, report) };
  const secrets = readSecrets(read.links, read.token, path, around.hasUrl, report);
  const { group, update, repeat, resolve, blind } = read;
  if (group === undefined || update === undefined || repeat === undefined) return null;
  if (resolve === undefined || blind === undefined) return null;
  const waits = { groupMs: group, updateMs: update, repeatMs: repeat, resolveMs: resolve, blindMs: blind };
  return { ...all, ...waits, ...secrets };
}

function knownIds(
  written: { readonly channels: Plain; readonly contacts: Plain; readonly schedules: Plain },
  { targetIds, regionIds, tiers }: AroundAlerts,
) {
  // Channels must be there; contacts and schedules may be left out, and then there are none.
  const all = writtenIds(written.channels);
  const channels = all.length > 0 ? all : null;
  const [contacts, schedules] = [idsOf(written.contacts), idsOf(written.schedules)];
  const isKnown = channels !== null && contacts !== null && schedules !== null;
  return {
    targets: { what: "the id of a target", ids: targetIds },
    regions: { what: "the id of a region", ids: regionIds },
    tiers: { what: "the tier of a contract", ids: tiers },
    channels: { what: "the id of a channel", ids: channels },
    contacts: { what: "the id of a contact", ids: contacts },
    receivers: {
      what: "the id of a channel, contact or schedule",
      ids: isKnown ? [...channels, ...contacts, ...schedules] : null,
    },
  };
}

function idsOf(list: Plain): readonly string[] | null {
  return list === undefined || Array.isArray(list) ? writtenIds(list) : null;
}

/** Every channel that an id can ever lead to, whoever is on call. */
function channelsBehind({
  contacts,
  schedules,
}: {
  readonly contacts: readonly Contact[];
  readonly schedules: readonly OnCallSchedule[];
}): (id: string) => readonly string[] {
  const ofContact = (id: string): readonly string[] => contacts.find((one) => one.id === id)?.channels ?? [];
  return (id) => {
    const schedule = schedules.find((one) => one.id === id);
    if (schedule !== undefined) {
      const shifts = schedule.rotations.flatMap((rotation) => rotation.contacts);
      return [...shifts, ...schedule.overrides.map(({ contact }) => contact)].flatMap(ofContact);
    }
    return contacts.some((one) => one.id === id) ? ofContact(id) : [id];
  };
}

function readSecrets(
  links: Plain,
  token: Plain,
  path: Path,
  hasUrl: boolean,
  report: Report,
): Pick<Alerting, "linkSecret" | "tokenSecret"> {
  const written = {
    ...(links === undefined || links === REFUSED ? {} : { links }),
    ...(token === undefined || token === REFUSED ? {} : { token }),
  };
  const read = readFields(SECRET_FIELDS, written, path, withoutValues(report));
  if (links !== undefined && !hasUrl) {
    const mend = 'write url: "https://status.example" in the configuration, beside alerts';
    report.addHidden([...path, "links"], { problem: "needs `url`: a link would lead nowhere", mend });
  }
  return { linkSecret: read.links ?? null, tokenSecret: read.token ?? null };
}
