// An attribution in one sentence, with its numbers, in each language: what a person reads first in an alert. Says what was
// measured and where, and guesses no cause. Labels are put in as they are: whoever shows the sentence escapes it. Pure. Called by
// the corridor that opens incidents.

import { type Language, LANGUAGES } from "../../schema/words.ts";
import type { Sentence } from "./incident.ts";
import type { Cause } from "./likelihood.ts";
import type { Attribution, Found, SetAside, Unclear } from "./localise.ts";

interface PlaceWords {
  readonly tag: string;
  readonly list: (names: readonly string[], more: string | null) => string;
  /** `opens`: it begins the sentence. */
  readonly publish: (region: string, opens: boolean) => string;
  readonly subscribe: (region: string, opens: boolean) => string;
  readonly region: (region: string, opens: boolean) => string;
  readonly link: (from: string, to: string, suspected: boolean) => string;
  readonly core: (bad: string, measured: string) => string;
  /** The service, where no region's own loop says how many are bad. */
  readonly service: string;
  /** What was lost on the paths of this place. */
  readonly lost: (place: string, bad: string, of: string) => string;
  readonly others: (healthy: string, of: string) => string;
  readonly more: (places: string) => string;
  readonly none: (bad: string, of: string) => string;
  readonly unclear: Readonly<Record<Unclear, (names: string, bad: string, of: string) => string>>;
  readonly controls: (regions: string, failed: string, asked: string) => string;
  readonly unfit: (regions: string) => string;
  readonly provider: (regions: string, bad: string, of: string, secondBad: string, secondOf: string) => string;
  readonly join: (parts: readonly string[]) => string;
}

const WORDS: Readonly<Record<Language, PlaceWords>> = {
  en: {
    tag: "en",
    list: (names, more) => {
      if (more !== null) return `${names.join(", ")} and ${more} more`;
      return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
    },
    publish: (region, opens) => `${opens ? "Publishing" : "publishing"} from ${region}`,
    subscribe: (region, opens) => `${opens ? "Delivery" : "delivery"} to ${region}`,
    region: (region, opens) => `${opens ? "To" : "to"} and from ${region}`,
    link: (from, to, suspected) => `${from} to ${to}${suspected ? " (suspected)" : ""}`,
    core: (bad, measured) => `The service itself, bad in ${bad} of ${measured} regions`,
    service: "The service itself",
    lost: (place, bad, of) => `${place}: ${bad} of ${of} messages lost or refused`,
    others: (healthy, of) => `${healthy} of ${of} other paths healthy`,
    more: (places) => `more places: ${places}`,
    none: (bad, of) => `No place stands out: ${bad} of ${of} messages lost or refused`,
    unclear: {
      nothing: () => "Nothing was measured, so nothing is known",
      alone: (names, bad, of) =>
        `${names}: ${bad} of ${of} messages lost or refused; no other region is measured, so the place is unknown`,
      own_loop: (names, bad, of) =>
        `${names}: messages back to the same region are lost far more often than those to and from others (${bad} of ${of} messages lost or refused in all), so the place is unknown`,
      alike: (_, bad, of) => `${bad} of ${of} messages lost or refused; several places explain it equally well`,
    },
    controls: (regions, failed, asked) =>
      `${regions} not measured: ${failed} of ${asked} control checks failed, so the fault may be our own`,
    unfit: (regions) => `${regions} not measured: our prober was not fit`,
    provider: (regions, bad, of, secondBad, secondOf) =>
      `${regions} not counted: ${bad} of ${of} messages lost or refused through our prober’s network, ${secondBad} of ${secondOf} through another one`,
    join: (parts) => parts.join("; "),
  },
  zh: {
    tag: "zh-Hans",
    list: (names, more) => (more === null ? names.join("、") : `${names.join("、")}及另外 ${more} 个区域`),
    publish: (region) => `从${region}发布`,
    subscribe: (region) => `投递到${region}`,
    region: (region) => `往返${region}`,
    link: (from, to, suspected) => `${from}到${to}${suspected ? "（疑似）" : ""}`,
    core: (bad, measured) => `服务本身，${measured} 个区域中 ${bad} 个异常`,
    service: "服务本身",
    lost: (place, bad, of) => `${place}：${of} 条消息中 ${bad} 条丢失或被拒绝`,
    others: (healthy, of) => `其余 ${of} 条路径中 ${healthy} 条正常`,
    more: (places) => `另有 ${places} 处`,
    none: (bad, of) => `没有突出的故障位置：${of} 条消息中 ${bad} 条丢失或被拒绝`,
    unclear: {
      nothing: () => "没有测得任何数据，情况未知",
      alone: (names, bad, of) => `${names}：${of} 条消息中 ${bad} 条丢失或被拒绝；没有其他区域的测量结果，故障位置未知`,
      own_loop: (names, bad, of) =>
        `${names}：发回本区域的消息丢失比例远高于与其他区域之间的消息（合计 ${of} 条中 ${bad} 条丢失或被拒绝），故障位置未知`,
      alike: (_, bad, of) => `${of} 条消息中 ${bad} 条丢失或被拒绝；有多处位置同样可能`,
    },
    controls: (regions, failed, asked) => `${regions}未测得：${asked} 项对照检查中 ${failed} 项失败，故障可能出在我方`,
    unfit: (regions) => `${regions}未测得：我方探针状态异常`,
    provider: (regions, bad, of, secondBad, secondOf) =>
      `${regions}未计入：经我方探针的网络，${of} 条消息中 ${bad} 条丢失或被拒绝；经另一网络，${secondOf} 条中 ${secondBad} 条`,
    join: (parts) => parts.join("；"),
  },
};

const NAMED_MAX = 3;

/** `labels`: by region id; a region without one is called by its id. */
export function placeSentence(
  attribution: Attribution,
  labels: ReadonlyMap<string, Readonly<Record<Language, string>>>,
): Sentence {
  const [en, zh] = LANGUAGES.map((language) => {
    const nameOf = (region: string): string => labels.get(region)?.[language] ?? region;
    return new Speaker(WORDS[language], nameOf).sentence(attribution);
  });
  return { en: en ?? "", zh: zh ?? "" };
}

/** One language's words with one fleet's names. */
class Speaker {
  readonly #words: PlaceWords;
  readonly #nameOf: (region: string) => string;
  readonly #number: (n: number) => string;

  constructor(words: PlaceWords, nameOf: (region: string) => string) {
    const format = new Intl.NumberFormat(words.tag, { maximumFractionDigits: 0 });
    this.#words = words;
    this.#nameOf = nameOf;
    this.#number = (n) => format.format(n);
  }

  sentence(attribution: Attribution): string {
    const { others, more, join } = this.#words;
    const { otherPaths, found, setAside } = attribution;
    const rest = found.length > 0 && otherPaths.measured > 0;
    return join([
      ...found.slice(0, NAMED_MAX).map((each, at) => this.#found(each, at === 0, attribution)),
      ...(found.length > NAMED_MAX ? [more(this.#number(found.length - NAMED_MAX))] : []),
      ...(found.length === 0 && attribution.kind !== "prober" ? [this.#withoutFault(attribution)] : []),
      ...(rest ? [others(this.#number(otherPaths.healthy), this.#number(otherPaths.measured))] : []),
      ...this.#aside(setAside),
    ]);
  }

  #found({ cause, bad, attempted, suspected }: Found, opens: boolean, { loops }: Attribution): string {
    return this.#words.lost(this.#place(cause, suspected, opens, loops), this.#number(bad), this.#number(attempted));
  }

  #place(cause: Cause, suspected: boolean, opens: boolean, loops: Attribution["loops"]): string {
    if (cause.kind === "link") return this.#words.link(this.#nameOf(cause.from), this.#nameOf(cause.to), suspected);
    if (cause.kind !== "core") return this.#words[cause.kind](this.#nameOf(cause.region), opens);
    if (loops.bad === 0) return this.#words.service;
    return this.#words.core(this.#number(loops.bad), this.#number(loops.measured));
  }

  #withoutFault({ unclear, regions, bad, attempted }: Attribution): string {
    const [some, all] = [this.#number(bad), this.#number(attempted)];
    return unclear === null
      ? this.#words.none(some, all)
      : this.#words.unclear[unclear](this.#names(regions), some, all);
  }

  #names(regions: readonly string[]): string {
    const more = regions.length - NAMED_MAX;
    return this.#words.list(regions.slice(0, NAMED_MAX).map(this.#nameOf), more > 0 ? this.#number(more) : null);
  }

  /** One clause for each reason, its counts added up. */
  #aside(all: readonly SetAside[]): string[] {
    const { controls, unfit, provider } = this.#words;
    const blind = all.filter((each) => each.why === "controls");
    const lame = all.filter((each) => each.why === "unfit");
    const local = all.filter((each) => each.why === "provider");
    const names = (some: readonly SetAside[]): string => this.#names(some.map(({ region }) => region));
    const sum = (counts: readonly number[]): string => this.#number(counts.reduce((total, n) => total + n, 0));
    const failed = sum(blind.map((each) => each.failed));
    return [
      ...(blind.length > 0 ? [controls(names(blind), failed, sum(blind.map(({ asked }) => asked)))] : []),
      ...(lame.length > 0 ? [unfit(names(lame))] : []),
      ...(local.length > 0
        ? [
            provider(
              names(local),
              sum(local.map(({ bad }) => bad)),
              sum(local.map(({ attempted }) => attempted)),
              sum(local.map(({ secondBad }) => secondBad)),
              sum(local.map(({ secondAttempted }) => secondAttempted)),
            ),
          ]
        : []),
    ];
  }
}
