// One message to one subscriber: a news of an incident or of maintenance in the subscriber's language, or the question whether it was
// really they who asked. Pure, and without the present: every try of a message says the same to the letter, since receivers refuse
// one key with two texts. Called by the herald.

import type { Config } from "../config/config.ts";
import { blocksOf, plainOf } from "../incidents/markdown.ts";
import type { Alert } from "./alert.ts";
import { ALERT_WORDS, spanText, timeText } from "./message-words.ts";
import { titleOf } from "./message.ts";
import { NEWS_WORDS } from "./news-words.ts";
import type { News } from "./news.ts";
import type { Subscriber } from "./subscription.ts";
import { oneLine } from "./text.ts";

const REGIONS_NAMED_MAX = 5;

type Voice = Pick<Config, "name" | "url" | "targets" | "regions">;

/** `endUrl`: where the subscription is changed and ended. `isFirst`: nothing of this matter was told before. */
export function newsMessage(
  news: News & { readonly kind: Exclude<News["kind"], "off"> },
  { language }: Pick<Subscriber, "language">,
  voice: Voice,
  { key, endUrl, isFirst }: { readonly key: string; readonly endUrl: string; readonly isFirst: boolean },
): Alert {
  const [words, alerts] = [NEWS_WORDS[language], ALERT_WORDS[language]];
  const { what, matter, kind, severity, startedAt, endedAt } = news;
  const target = oneLine(voice.targets.find(({ id }) => id === news.target)?.label[language] ?? voice.name);
  const where = news.regions === null ? "" : regionsOf(news.regions, language, voice);
  const subject = alerts.subject(target, what === "maintenance" ? words.maintenance : alerts.kinds[what], where);
  const isOver = kind === "restored" || kind === "resolved" || kind === "calledOff";
  // Who hears only now of what is over must not take it for something that begins.
  const begins = isFirst && kind !== "postmortem" && (what === "maintenance" || endedAt === null);
  const page = what === "maintenance" ? "" : `/incidents/${encodeURIComponent(matter)}`;
  return {
    key,
    incident: matter,
    kind: isOver ? "resolve" : begins ? "trigger" : "update",
    severity,
    language,
    source: oneLine(voice.name),
    target: news.target,
    regions: news.regions ?? [],
    title: titleOf([begins && kind === "statement" ? words.leads.began : words.leads[kind], subject], alerts),
    sentence: [oneLine(saidIn(news.sentence, language)), ...saidBy(news, language), endOf(news, language)]
      .filter((part) => part !== "")
      .join("\n\n"),
    facts: [
      { name: alerts.names.regions, value: where === "" ? words.allRegions : where },
      { name: what === "maintenance" ? words.from : alerts.names.since, value: timeText(startedAt) },
      ...(endedAt === null ? [] : [{ name: alerts.names.until, value: timeText(endedAt) }]),
      ...(endedAt === null ? [] : [{ name: alerts.names.lasted, value: spanText(endedAt - startedAt, alerts) }]),
      { name: words.end, value: endUrl },
    ].filter(({ name }) => what !== "maintenance" || name !== alerts.names.lasted),
    startedAt,
    endedAt,
    pageUrl: voice.url === null ? null : `${voice.url}/${language}${page}`,
    ackUrl: null,
  };
}

/** What is asked of an address before anything else goes there. */
export function confirmMessage(
  { language, askedAt }: Pick<Subscriber, "language" | "askedAt">,
  voice: Voice,
  { key, confirmUrl }: { readonly key: string; readonly confirmUrl: string },
): Alert {
  const words = NEWS_WORDS[language];
  return {
    key,
    incident: key,
    kind: "test",
    severity: "info",
    language,
    source: oneLine(voice.name),
    target: "",
    regions: [],
    title: words.confirmTitle(oneLine(voice.name)),
    sentence: `${words.confirmAsk}\n\n${words.confirmNot}`,
    facts: [{ name: words.confirmLink, value: confirmUrl }],
    startedAt: askedAt,
    endedAt: null,
    pageUrl: voice.url,
    ackUrl: null,
  };
}

/** In this language, or the one that there is. */
function saidIn(text: News["sentence"], language: Subscriber["language"]): string {
  return text[language] ?? text.en ?? text.zh ?? "";
}

function saidBy({ said }: News, language: Subscriber["language"]): string[] {
  if (said === null) return [];
  const [words, alerts] = [NEWS_WORDS[language], ALERT_WORDS[language]];
  const lead = said.what === "postmortem" ? words.postmortem : alerts.statements[said.what];
  return [`${lead}${alerts.colon}${plainOf(blocksOf(saidIn(said.text, language)))}`];
}

function endOf({ kind, what, endedAt }: News, language: Subscriber["language"]): string {
  const words = NEWS_WORDS[language];
  if (what === "maintenance") return endedAt === null && kind === "planned" ? words.comesBack : "";
  if (kind === "restored" || (kind === "resolved" && endedAt !== null)) return words.measuredEnd;
  return kind === "resolved" ? words.notMeasuredEnd : "";
}

function regionsOf(regions: readonly string[], language: Subscriber["language"], voice: Voice): string {
  const names = regions
    .slice(0, REGIONS_NAMED_MAX)
    .map((id) => oneLine(voice.regions.find((region) => region.id === id)?.label[language] ?? id));
  const more = regions.length - names.length;
  return ALERT_WORDS[language].list(names, more > 0 ? String(more) : null);
}
