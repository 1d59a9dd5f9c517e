// Aim: a message that is not accepted is tried again in good time, as the receiver wants it, and not for ever; and the fallback is
// told what could not be told.
// Method: a table of tries with the chance held; a day of failing played through with seeds; notices in both languages.

import { describe, expect, test } from "vitest";
import type { Alert, ChannelAnswer } from "../../workers/alerts/alert.ts";
import { giveUpNotice, nextTry } from "../../workers/alerts/backoff.ts";
import { mulberry32 } from "../random.ts";

const FIRST = 1_000_000;
const DAY_MS = 86_400_000;

function answered(again: ChannelAnswer["again"], more: Partial<ChannelAnswer> = {}): ChannelAnswer {
  return { accepted: false, httpStatus: 500, code: null, said: "no", again, disable: false, ...more };
}
const FAILED = answered({ when: "backoff" });
const after = (ms: number): ChannelAnswer => answered({ when: "after", ms });

/** Waits of tries that fail, in seconds: try, answer, seconds since the first try, chance, what follows. */
const TABLE: readonly (readonly [number, ChannelAnswer, number, number, number | "disabled" | "never" | "too_long"])[] =
  [
    [1, FAILED, 0, 0.5, 5],
    [2, FAILED, 5, 0.5, 15],
    [3, FAILED, 20, 0.5, 30],
    [4, FAILED, 50, 0.5, 60],
    [5, FAILED, 110, 0.5, 120],
    [6, FAILED, 230, 0.5, 300],
    [7, FAILED, 530, 0.5, 600],
    [8, FAILED, 1_130, 0.5, 600],
    [99, FAILED, 60_000, 0.5, 600],
    [1, FAILED, 0, 0, 4],
    [1, FAILED, 0, 1, 6],
    [7, FAILED, 530, 0, 480],
    [7, FAILED, 530, 1, 720],
    [7, FAILED, 530, 7, 720],
    [1, after(90_000), 0, 0, 90],
    [1, after(90_000), 0, 1, 108],
    [9, after(90_000), 9_000, 0, 90],
    [1, after(0), 0, 0, 1],
    [1, after(-5), 0, 0, 1],
    [1, after(7_200_000), 0, 0, 3_600],
    [1, after(7_200_000), 0, 1, 3_600],
    [3, after(Number.NaN), 20, 0.5, 30],
    [3, after(Infinity), 20, 0.5, 30],
    [9, FAILED, 86_000, 0.5, 400],
    [9, after(3_600_000), 86_000, 0, 400],
    [9, FAILED, 86_400, 0.5, "too_long"],
    [9, after(1_000), 86_401, 0.5, "too_long"],
    [1, answered({ when: "never" }), 0, 0.5, "never"],
    [1, answered({ when: "never" }, { disable: true }), 0, 0.5, "disabled"],
    [1, answered({ when: "backoff" }, { disable: true }), 0, 0.5, "disabled"],
  ];

describe("after a try that failed", () => {
  test.each(TABLE)("try %i, %o, %i s after the first, chance %f: %s", (tries, answer, seconds, chance, next) => {
    const now = FIRST + seconds * 1_000;
    const expected = typeof next === "number" ? { again: now + next * 1_000 } : { giveUp: next };
    expect(nextTry({ firstTriedAt: FIRST, tries }, answer, now, chance)).toEqual(expected);
  });

  test("what was accepted is not tried again", () => {
    expect(() => nextTry({ firstTriedAt: 0, tries: 1 }, { ...FAILED, accepted: true }, 0, 0.5)).toThrow(RangeError);
  });

  test("a day of failing, played through: it ends after exactly a day", () => {
    const random = mulberry32(61);
    const tries: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      let now = FIRST;
      for (let n = 1; ; n += 1) {
        const next = nextTry({ firstTriedAt: FIRST, tries: n }, FAILED, now, random());
        if ("giveUp" in next) {
          expect([next.giveUp, now - FIRST]).toEqual(["too_long", DAY_MS]);
          tries.push(n);
          break;
        }
        expect(next.again).toBeGreaterThan(now);
        now = next.again;
      }
    }
    console.log(`backoff: ${TABLE.length} rows; a day is ${Math.min(...tries)} to ${Math.max(...tries)} tries`);
    expect(Math.min(...tries)).toBeGreaterThan(120);
    expect(Math.max(...tries)).toBeLessThan(200);
  });
});

const ALERT: Alert = {
  key: "chat-7/0/instead/ops/mail",
  incident: "chat-7",
  kind: "trigger",
  severity: "error",
  language: "en",
  source: "Status",
  target: "chat",
  regions: ["tyo"],
  title: "Chat: outage (Tokyo)",
  sentence: "Tokyo: 12 of 20 messages lost or refused.",
  facts: [{ name: "Incident", value: "chat-7" }],
  startedAt: 0,
  endedAt: null,
  pageUrl: null,
  ackUrl: "https://status.example/ack/x",
};

describe("what the fallback is told", () => {
  test("the message itself, whom it did not reach, why, and the last answer", () => {
    const answer = { httpStatus: 410, code: "channel_is_archived", said: "The webhook is gone." };
    expect(giveUpNotice(ALERT, { channel: "ops", why: "disabled", answer })).toEqual({
      ...ALERT,
      title: "Not told to ops: Chat: outage (Tokyo)",
      sentence: "Tokyo: 12 of 20 messages lost or refused. This did not reach the channel ops: its address is gone.",
      facts: [
        { name: "Incident", value: "chat-7" },
        { name: "Not told", value: "ops" },
        { name: "Last answer", value: "HTTP 410 channel_is_archived The webhook is gone." },
      ],
    });
  });

  test("in Chinese, without any answer, and never longer than a title may be", () => {
    const notice = giveUpNotice(
      { ...ALERT, language: "zh", title: "字".repeat(119), sentence: "东京：异常" },
      { channel: "ops", why: "gone", answer: null },
    );
    expect(notice.sentence).toBe("东京：异常。本消息未能送达渠道 ops：配置中已没有该渠道。");
    expect(notice.title.startsWith("未送达 ops：字")).toBe(true);
    expect(notice.title).toHaveLength(120);
    expect(notice.facts.map(({ name }) => name)).toEqual(["Incident", "未送达"]);
  });

  test.each([
    ["never", "its receiver refused it for good"],
    ["too_long", "it was tried for a day"],
  ] as const)("%s", (why, words) => {
    expect(giveUpNotice(ALERT, { channel: "ops", why, answer: null }).sentence).toContain(words);
  });
});
