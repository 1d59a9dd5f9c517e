// Reads `channels` of the alerts: where each sends to, and what it needs for that. Takes the names of secrets and refuses what looks
// like one, without repeating it. Called by `alerts.ts`.

import * as z from "zod";
import { type ChannelName, CHANNELS, type Language, LANGUAGES } from "../../../schema/words.ts";
import { oneOf } from "../contracts/term-fields.ts";
import { field, id, inner, readFields } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { secretName } from "../secret-names.ts";
import type { ChannelSettings } from "./alerting.ts";
import { CHANNEL_RULES } from "./channel-rules.ts";
import { readSome } from "./references.ts";

const CHANNELS_MAX = 30;
/** Events that nobody brought about have this author: a link that acknowledges for it would be no person's. */
const SONDE = "sonde";
export const CHANNELS_EXAMPLE = 'channels: [{ id: "ops", channel: "slack", url: "SONDE_SLACK_URL" }]';

const CHANNEL_FIELDS = {
  id: id('id: "ops"'),
  channel: field(oneOf(CHANNELS), 'channel: "slack"'),
  url: inner('url: "SONDE_SLACK_URL"', "optional"),
  key: inner('key: "SONDE_PAGERDUTY_KEY"', "optional"),
  language: field(z.enum(LANGUAGES).optional(), 'language: "en"'),
  options: inner('options: { from: "sonde@example.com", to: "ops@example.com" }', "optional"),
};

/** `language`: of channels that name none. */
export function readChannels(list: Plain, path: Path, language: Language, report: Report): readonly ChannelSettings[] {
  const shape = { max: CHANNELS_MAX, write: CHANNELS_EXAMPLE };
  return readSome(list, path, shape, report, (one, at): ChannelSettings | null => {
    const read = readFields(CHANNEL_FIELDS, one, at, report);
    if (read.channel === undefined) return null;
    const urlSecret = readSecret(read.url, "url", at, read.channel, report);
    const keySecret = readSecret(read.key, "key", at, read.channel, report);
    const options = readOptions(read.options, [...at, "options"], read.channel, report);
    if (read.id === undefined) return null;
    if (read.id === SONDE) {
      report.add([...at, "id"], SONDE, { problem: "is Sonde's own name", mend: 'write another one, e.g. id: "ops"' });
      return null;
    }
    return { channel: read.channel, id: read.id, language: read.language ?? language, urlSecret, keySecret, options };
  });
}

/** The name of a secret that a channel needs, may have, or must not have. Null: none, or bad and reported. */
function readSecret(
  value: Plain,
  what: "url" | "key",
  path: Path,
  channel: ChannelName,
  report: Report,
): string | null {
  const need = CHANNEL_RULES[channel][what];
  if (value === REFUSED || (value === undefined && need !== "needed")) return null;
  if (need === "none") {
    report.addHidden([...path, what], { problem: `is not for the channel ${channel}`, mend: "take it out" });
    return null;
  }
  const example = `SONDE_${channel.toUpperCase().replace("-", "_")}_${what.toUpperCase()}`;
  const fields = { [what]: field(secretName(example), `${what}: "${example}", the name of a secret`) };
  const read = readFields(fields, { [what]: value }, path, withoutValues(report));
  return read[what] ?? null;
}

function readOptions(value: Plain, path: Path, channel: ChannelName, report: Report): Readonly<Record<string, string>> {
  const { options } = CHANNEL_RULES[channel];
  if (value === REFUSED) return {};
  if (Object.keys(options).length === 0) {
    if (value !== undefined)
      report.addHidden(path, { problem: `is not for the channel ${channel}`, mend: "take it out" });
    return {};
  }
  const read = readFields(options, value === undefined ? {} : value, path, withoutValues(report));
  return Object.fromEntries(
    Object.entries(read).flatMap(([key, one]) => (typeof one === "string" ? [[key, one]] : [])),
  );
}

/** A report that repeats no value: an address to post to and a bot's token are secrets, whatever entry they were put into. */
export function withoutValues(report: Report): Report {
  return {
    ...report,
    add: (path, value, refusal) =>
      value === undefined ? report.add(path, value, refusal) : report.addHidden(path, refusal),
  };
}
