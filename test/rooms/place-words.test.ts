// Aim: one sentence in each language says where a fault is, with its numbers; it never says more than was measured, and labels stay
// text in it.
// Method: exact sentences of small fleets, one of each kind; hostile labels, which must stand in it as they are, once.

import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../schema/words.ts";
import { localise } from "../../workers/incidents/localise.ts";
import { placeSentence } from "../../workers/incidents/place-words.ts";
import { FAULTS, seenOf, type World } from "./fault-worlds.ts";

const LABELS = new Map([
  ["c", { en: "Tokyo", zh: "东京" }],
  ["d", { en: "Frankfurt", zh: "法兰克福" }],
  ["e", { en: "Oceania", zh: "大洋洲" }],
]);
const FLEET: World = { ids: "abcdefg", loop: 20, questions: 5, rounds: 5, lost: () => 0 };
const BLIND = { controls: { asked: 3, answered: 0 } };

function said(changes: Partial<World>, labels = LABELS): Readonly<Record<"en" | "zh", string>> {
  const { regions, pairs } = seenOf({ ...FLEET, ...changes });
  return placeSentence(localise(regions, pairs), labels);
}
const where = (fault: (from: string, to: string) => boolean, share = 1) => {
  return (from: string, to: string): number => (fault(from, to) ? share : 0);
};

const SENTENCES: readonly (readonly [string, Partial<World>, string, string])[] = [
  [
    "a link",
    { questions: 10, lost: where(FAULTS.link, 0.9) },
    "Tokyo to Frankfurt: 18 of 20 messages lost or refused; 48 of 48 other paths healthy",
    "东京到法兰克福：20 条消息中 18 条丢失或被拒绝；其余 48 条路径中 48 条正常",
  ],
  [
    "a link that few messages speak of",
    { questions: 1, rounds: 1, lost: where(FAULTS.link) },
    "Tokyo to Frankfurt (suspected): 2 of 2 messages lost or refused; 48 of 48 other paths healthy",
    "东京到法兰克福（疑似）：2 条消息中 2 条丢失或被拒绝；其余 48 条路径中 48 条正常",
  ],
  [
    "publishing",
    { lost: where(FAULTS.publish) },
    "Publishing from Tokyo: 80 of 80 messages lost or refused; 42 of 42 other paths healthy",
    "从东京发布：80 条消息中 80 条丢失或被拒绝；其余 42 条路径中 42 条正常",
  ],
  [
    "delivery, in a region without a label",
    { lost: (_, to) => (to === "b" ? 1 : 0) },
    "Delivery to b: 80 of 80 messages lost or refused; 42 of 42 other paths healthy",
    "投递到b：80 条消息中 80 条丢失或被拒绝；其余 42 条路径中 42 条正常",
  ],
  [
    "a region, without a mesh",
    { questions: 0, lost: where(FAULTS.region) },
    "To and from Tokyo: 20 of 20 messages lost or refused; 6 of 6 other paths healthy",
    "往返东京：20 条消息中 20 条丢失或被拒绝；其余 6 条路径中 6 条正常",
  ],
  [
    "the core, while one region is blind and one is unfit",
    { questions: 0, lost: () => 1, but: { c: BLIND, d: { fit: false } } },
    "The service itself, bad in 5 of 5 regions: 100 of 100 messages lost or refused; Tokyo not measured: 3 of 3 control checks failed, so the fault may be our own; Frankfurt not measured: our prober was not fit",
    "服务本身，5 个区域中 5 个异常：100 条消息中 100 条丢失或被拒绝；东京未测得：3 项对照检查中 3 项失败，故障可能出在我方；法兰克福未测得：我方探针状态异常",
  ],
  [
    "the core, by the mesh alone; thousands of messages",
    { loop: 0, questions: 50, lost: () => 0.5 },
    "The service itself: 1,596 of 3,150 messages lost or refused",
    "服务本身：3,150 条消息中 1,596 条丢失或被拒绝",
  ],
  [
    "two faults",
    { lost: (from, to) => (from === "c" || to === "d" ? 1 : 0) },
    "Publishing from Tokyo: 80 of 80 messages lost or refused; delivery to Frankfurt: 80 of 80 messages lost or refused; 36 of 36 other paths healthy",
    "从东京发布：80 条消息中 80 条丢失或被拒绝；投递到法兰克福：80 条消息中 80 条丢失或被拒绝；其余 36 条路径中 36 条正常",
  ],
  [
    "more faults than are named",
    { ids: "abcdefghijk", questions: 0, lost: (from) => (from < "f" ? 1 : 0) },
    "To and from a: 20 of 20 messages lost or refused; to and from b: 20 of 20 messages lost or refused; to and from Tokyo: 20 of 20 messages lost or refused; more places: 2; 6 of 6 other paths healthy",
    "往返a：20 条消息中 20 条丢失或被拒绝；往返b：20 条消息中 20 条丢失或被拒绝；往返东京：20 条消息中 20 条丢失或被拒绝；另有 2 处；其余 6 条路径中 6 条正常",
  ],
  [
    "nobody sees anything",
    { ids: "abcde", lost: () => 1, but: Object.fromEntries([..."abcde"].map((id) => [id, BLIND])) },
    "a, b, Tokyo and 2 more not measured: 15 of 15 control checks failed, so the fault may be our own",
    "a、b、东京及另外 2 个区域未测得：15 项对照检查中 15 项失败，故障可能出在我方",
  ],
  [
    "the prober's own provider",
    { lost: where(FAULTS.region, 0.9), but: { c: { second: { attempted: 20, bad: 1 } } } },
    "Tokyo not counted: 18 of 20 messages lost or refused through our prober’s network, 1 of 20 through another one",
    "东京未计入：经我方探针的网络，20 条消息中 18 条丢失或被拒绝；经另一网络，20 条中 1 条",
  ],
  [
    "nothing stands out",
    { lost: (from, to) => (from + to === "cc" ? 0.05 : 0) },
    "No place stands out: 1 of 560 messages lost or refused",
    "没有突出的故障位置：560 条消息中 1 条丢失或被拒绝",
  ],
  [
    "nothing measured",
    { loop: 0, questions: 0 },
    "Nothing was measured, so nothing is known",
    "没有测得任何数据，情况未知",
  ],
  [
    "alone",
    { ids: "c", lost: () => 1 },
    "Tokyo: 20 of 20 messages lost or refused; no other region is measured, so the place is unknown",
    "东京：20 条消息中 20 条丢失或被拒绝；没有其他区域的测量结果，故障位置未知",
  ],
  [
    "its own loop",
    { lost: (from, to) => (from === to && "cd".includes(from) ? 1 : 0) },
    "Tokyo and Frankfurt: messages back to the same region are lost far more often than those to and from others (40 of 560 messages lost or refused in all), so the place is unknown",
    "东京、法兰克福：发回本区域的消息丢失比例远高于与其他区域之间的消息（合计 560 条中 40 条丢失或被拒绝），故障位置未知",
  ],
  [
    "alike",
    { ids: "cd", loop: 0, lost: () => 1 },
    "10 of 10 messages lost or refused; several places explain it equally well",
    "10 条消息中 10 条丢失或被拒绝；有多处位置同样可能",
  ],
];

describe("a sentence of", () => {
  test.each(SENTENCES)("%s", (_, changes, en, zh) => {
    expect(said(changes)).toEqual({ en, zh });
  });

  test("every kind, in one line, without a word of the code", () => {
    for (const [, changes] of SENTENCES) {
      const sentence = said(changes);
      for (const language of LANGUAGES)
        expect(sentence[language]).not.toMatch(/[\n\r]|undefined|null|NaN|\[object|;$|；$/);
      expect(sentence.zh).not.toMatch(/lost|refused|paths/);
      // The same numbers in both languages.
      expect((sentence.zh.match(/[\d,]*\d/g) ?? []).sort()).toEqual((sentence.en.match(/[\d,]*\d/g) ?? []).sort());
    }
    console.log(`${SENTENCES.length} sentences in ${LANGUAGES.length} languages`);
  });
});

describe("a hostile label stays text", () => {
  const HOSTILE = [
    "<script>alert(1)</script>",
    "$& $1 $` $' $$",
    "${region} {0} %s %d",
    "</a>\"'&amp;",
    "@everyone <!channel> [x](javascript:x)",
    "\u202eoykoT",
    "18 of 20; 0 of 0 other paths healthy",
    "__proto__",
    "\u0000\u0007",
    "",
    "东".repeat(10_000),
  ];

  test.each(HOSTILE)("%#", (label) => {
    const labels = new Map([["c", { en: label, zh: label }]]);
    const plain = said({ lost: where(FAULTS.publish) });
    const hostile = said({ lost: where(FAULTS.publish) }, labels);
    expect(hostile.en).toBe(plain.en.split("Tokyo").join(label));
    expect(hostile.zh).toBe(plain.zh.split("东京").join(label));
  });

  test("and so does an id that every object knows", () => {
    const regions = ["__proto__", "constructor", "toString"].map((region, at) => {
      return { region, attempted: 20, bad: at === 0 ? 20 : 0, fit: true, controls: null, second: null };
    });
    const attribution = localise(regions, []);
    expect(attribution).toMatchObject({ kind: "region", regions: ["__proto__"] });
    expect(placeSentence(attribution, new Map()).en).toContain("To and from __proto__: 20 of 20");
  });
});
