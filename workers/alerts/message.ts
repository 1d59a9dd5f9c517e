// One message about an incident in the words of one language: what is known now, with its numbers and since when. Pure. Plain
// texts: channels escape and cut them. Knows no address and no secret. Called by Duty when a message is first tried; what it says
// then stays.

import { ALERT_SEVERITIES } from "../../schema/words.ts";
import type { Language } from "../../schema/words.ts";
import type { Config } from "../config/config.ts";
import type { Incident, IncidentEvent } from "../incidents/incident.ts";
import { blocksOf, plainOf } from "../incidents/markdown.ts";
import type { Alert } from "./alert.ts";
import { ALERT_WORDS, numberText, spanText, timeText } from "./message-words.ts";
import type { AlertWords } from "./message-words.ts";
import { fit, oneLine } from "./text.ts";
import { partsOf } from "./told.ts";
import type { PlannedEntry } from "./told.ts";

const TITLE_CHARS_MAX = 120;
/** More are on the page. */
const REGIONS_NAMED_MAX = 3;
const NEWS_MAX = 3;

export interface MessageContext {
  /** The page's name. */
  readonly source: string;
  readonly targetLabel: string;
  /** By region id, in `language`; a region without one is called by its id. */
  readonly regionLabels: Readonly<Record<string, string>>;
  readonly language: Language;
  /** When it is written. */
  readonly now: number;
  /** The incident's public page. */
  readonly pageUrl: string | null;
  /** Left out where nothing is to be acknowledged any more. */
  readonly ackUrl: string | null;
  /** Levels of the escalation that this message comes from in which nobody is on call. */
  readonly emptyLevels: readonly number[];
}

/** What the configuration has of it: names, in one language. A target that is not in it is called by the page's name. */
export function voiceOf(
  config: Config,
  target: string,
  language: Language,
): Pick<MessageContext, "source" | "targetLabel" | "regionLabels" | "language"> {
  return {
    source: config.name,
    targetLabel: config.targets.find(({ id }) => id === target)?.label[language] ?? config.name,
    regionLabels: Object.fromEntries(config.regions.map(({ id, label }) => [id, label[language]])),
    language,
  };
}

interface Speaking extends MessageContext {
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
  readonly words: AlertWords;
  readonly isOver: boolean;
}

/** `events`: all of the incident up to now. */
export function alertOf(
  incident: Incident,
  events: readonly IncidentEvent[],
  entry: Pick<PlannedEntry, "key" | "kind">,
  context: MessageContext,
): Alert {
  const words = ALERT_WORDS[context.language];
  const isOver = incident.state !== "open" && !(incident.state === "restored" && incident.flapping);
  const speaking: Speaking = { ...context, incident, events, words, isOver };
  const isLast = entry.kind === "resolve";
  return {
    key: entry.key,
    incident: incident.id,
    kind: entry.kind,
    severity: incident.severity,
    language: context.language,
    source: oneLine(context.source),
    target: incident.target,
    regions: shownRegions(speaking),
    title: titleFor(entry, speaking),
    sentence: words.join([
      context.emptyLevels.length === 0 ? "" : words.empty(context.emptyLevels.map((level) => level + 1).join(", ")),
      oneLine(incident.sentence[context.language]),
      ...(isOver ? endOf(speaking) : newsOf(speaking)),
    ]),
    facts: factsOf(speaking),
    startedAt: incident.impactStart,
    endedAt: isOver ? incident.impactEnd : null,
    pageUrl: context.pageUrl,
    ackUrl: isLast || isOver || incident.acked !== null ? null : context.ackUrl,
  };
}

/** A title of at most 120 characters on one line: what leads in front of what. */
export function titleOf(parts: readonly string[], { colon }: AlertWords): string {
  return fit(oneLine(parts.join(colon)), { max: TITLE_CHARS_MAX });
}

function titleFor(entry: Pick<PlannedEntry, "key" | "kind">, speaking: Speaking): string {
  const { incident, words, targetLabel } = speaking;
  const { leads } = words;
  const regions = shownRegions(speaking);
  const where = incident.scope === "global" ? words.mostRegions : namesOf(regions, speaking);
  const subject = words.subject(targetLabel, words.kinds[incident.kind], where);
  const lead = (): readonly string[] => {
    if (entry.kind === "resolve") return [incident.state === "merged" ? leads.merged : leads.resolve];
    if (entry.kind === "update" || entry.kind === "acknowledge") return [leads[entry.kind]];
    return partsOf(entry.key).what === "again" ? [leads.again] : [];
  };
  const title = titleOf([...lead(), subject], words);
  return incident.drill ? fit(`${words.drill} ${title}`, { max: TITLE_CHARS_MAX }) : title;
}

/** Those that are bad; all that were, once it is over. */
function shownRegions({ incident, isOver }: Speaking): readonly string[] {
  return isOver || incident.badRegions.length === 0 ? incident.regions : incident.badRegions;
}

function labelOf(region: string, { regionLabels }: Speaking): string {
  return oneLine(Object.hasOwn(regionLabels, region) ? (regionLabels[region] ?? region) : region);
}

function namesOf(regions: readonly string[], speaking: Speaking): string {
  const { words } = speaking;
  const more = regions.length - REGIONS_NAMED_MAX;
  const names = regions.slice(0, REGIONS_NAMED_MAX).map((region) => labelOf(region, speaking));
  return words.list(names, more > 0 ? numberText(more, words) : null);
}

/** The newest things that happened since it began or came back, oldest first. */
function newsOf(speaking: Speaking): readonly string[] {
  const { events, words } = speaking;
  const news: string[] = [];
  let [opened, severity] = [0, 0];
  for (const { change, at, author } of events) {
    const time = timeText(at);
    switch (change.kind) {
      case "opened":
        severity = opened = ALERT_SEVERITIES.indexOf(change.severity);
        break;
      case "reopened":
        news.length = 0;
        severity = opened;
        break;
      case "measured": {
        const measured = ALERT_SEVERITIES.indexOf(change.severity);
        if (measured < severity) news.push(words.worse(words.severities[change.severity], time));
        severity = measured;
        break;
      }
      case "joined":
        news.push(words.joined(labelOf(change.region, speaking), time));
        break;
      case "left":
        news.push(words[change.removed === true ? "removed" : "left"](labelOf(change.region, speaking), time));
        break;
      case "absorbed":
        news.push(words.absorbed(change.incident, time));
        break;
      case "flapping":
        if (change.on) news.push(words.flapping(time));
        break;
      case "acknowledged":
        news.push(words.ackedBy(oneLine(author), time, oneLine(change.note)));
        break;
      case "published":
        news.push(words.published(words.statements[change.statement], time));
        break;
      default:
        break;
    }
  }
  return news.slice(-NEWS_MAX);
}

/** How it ended, how long it was, what was lost. */
function endOf(speaking: Speaking): readonly string[] {
  const { incident, events, words } = speaking;
  const { state, impactStart, impactEnd, endedByWord, mergedInto } = incident;
  if (state === "merged") return [mergedInto === null ? "" : words.merged(mergedInto)];
  const span = impactEnd === null ? "" : words.lasted(spanText(impactEnd - impactStart, words));
  const last = events.findLast(({ change }) => change.kind === "resolved");
  const declared =
    state === "resolved" && last?.change.kind === "resolved" && (impactEnd === null || endedByWord)
      ? words.resolved(oneLine(last.author), timeText(last.at), oneLine(last.change.note))
      : "";
  const measured = impactEnd === null || endedByWord ? "" : words.restored(timeText(impactEnd));
  return [measured, declared, span, lostOf(speaking)];
}

function lostOf({ incident, words }: Speaking): string {
  const { kind, impact } = incident;
  if (kind === "blind" || kind === "support") return "";
  const [bad, attempted] = [sumOf(impact, "bad"), sumOf(impact, "attempted")];
  if (attempted === 0) return words.lostUnknown;
  return words.lost(numberText(bad, words), numberText(attempted, words), words.bad[kind]);
}

function sumOf(impact: Incident["impact"], of: "bad" | "attempted"): number {
  return impact.reduce((sum, each) => sum + each[of], 0);
}

type Fact = Alert["facts"][number];

function factsOf(speaking: Speaking): readonly Fact[] {
  const { incident, words, now, isOver } = speaking;
  const { names } = words;
  const regions = shownRegions(speaking);
  const { impactStart, impactEnd, acked, about } = incident;
  const fact = (name: string, value: string | null): readonly Fact[] =>
    value === null || value === "" ? [] : [{ name, value }];
  const ended = isOver ? impactEnd : null;
  return [
    ...fact(names.drill, incident.drill ? words.drill : null),
    ...fact(names.regions, namesOf(regions, speaking)),
    ...fact(names.severity, words.severities[incident.severity]),
    ...fact(names.since, timeText(impactStart)),
    ...fact(names.until, ended === null ? null : timeText(ended)),
    ...fact(names.lasted, ended === null ? null : spanText(ended - impactStart, words)),
    ...fact(names.soFar, isOver ? null : spanText(now - impactStart, words)),
    ...countedFacts(speaking),
    ...fact(names.about, about === null ? null : oneLine(about)),
    ...fact(names.acknowledged, acked === null ? null : words.by(oneLine(acked.by), timeText(acked.at))),
    ...statementFacts(speaking),
    ...fact(names.incident, incident.id),
  ];
}

/** Bad among attempted: all, and of each region where there are several. What nothing was counted of is left out, and is no 0. */
function countedFacts(speaking: Speaking): readonly Fact[] {
  const { incident, words } = speaking;
  const counted = incident.impact.filter(({ attempted }) => attempted > 0);
  const text = (bad: number, attempted: number): string =>
    words.counted(numberText(bad, words), numberText(attempted, words));
  if (counted.length === 0) return [];
  const all = { name: words.bad[incident.kind], value: text(sumOf(counted, "bad"), sumOf(counted, "attempted")) };
  const each = counted.slice(0, REGIONS_NAMED_MAX).map(({ region, bad, attempted }) => ({
    name: labelOf(region, speaking),
    value: text(bad, attempted),
  }));
  return counted.length === 1 ? [all] : [all, ...each];
}

/** The newest public word, in this language or the one there is. */
function statementFacts({ incident, words, language }: Speaking): readonly Fact[] {
  const last = incident.statements.at(-1);
  if (last === undefined) return [];
  const text = last.text[language] ?? last.text.en ?? last.text.zh ?? "";
  return [{ name: words.statements[last.statement], value: oneLine(plainOf(blocksOf(text))) }];
}
