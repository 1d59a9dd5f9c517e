// Aim: what became of each message follows design.md section 2, above all in the corners where blame is at stake.
// Method: a table of rounds, a sign a message (`observe`), with the outcomes we expect; then order of arrival by RFC 4737;
// then seeded rounds, whose outcomes must always account for every scheduled message.

import { describe, expect, test } from "vitest";
import type { Outcome } from "../../schema/words.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import { judge } from "../../workers/probes/outcomes.ts";
import { READY_MS, T0, failure, must, neverReady, observe, randomObservation } from "../observations.ts";
import { mulberry32 } from "../random.ts";

const DEADLINE_MS = 5_000;
const closed = failure("deliver", "closed");
/** The same signs as `observe`, for what they became: `e` error, `n` not sent. */
const SIGNS: Record<Outcome, string> = { ok: ".", lost: "x", error: "e", not_sent: "n" };
const became = (seen: Observation, scheduled: number): string =>
  judge(seen, DEADLINE_MS, scheduled)
    .outcomes.map((outcome) => SIGNS[outcome])
    .join("");

/** The round of `signs` with message 0 as given. */
function first(message: Partial<Observation["messages"][number]>, more: Partial<Observation> = {}): Observation {
  const seen = observe(".", more);
  return { ...seen, messages: seen.messages.map((each) => ({ ...each, ...message })) };
}

describe("outcomes", () => {
  test.each<[string, Observation, number, string]>([
    ["all delivered", observe("....."), 5, "....."],
    ["sent and never came is lost", observe("..x.."), 5, "..x.."],
    ["after the deadline stays lost", observe("..X.."), 5, "..x.."],
    ["refused is an error", observe("..!.."), 5, "..e.."],
    [
      "closed by the service mid-round: sent ones lost, unsent ones error",
      observe("..xx-", { failure: closed }),
      5,
      "..xxe",
    ],
    ["refused connect: all are errors", neverReady(), 4, "eeee"],
    ["cut off by our own fault: unsent ones are ours", observe("..x--", { unfit: "platform" }), 5, "..xnn"],
    ["our own fault beats the service's", observe("..x--", { unfit: "clock_step", failure: closed }), 5, "..xnn"],
    ["nothing tried, by our own fault", neverReady({ failure: null, unfit: "credentials" }), 3, "nnn"],
    ["refused connect of an unfit prober", neverReady({ unfit: "controls" }), 3, "nnn"],
    ["unsent without any reason is ours", observe("..--"), 4, "..nn"],
    ["unobserved without any reason is ours", observe(".."), 4, "..nn"],
    ["unobserved after a failure is the service's", observe("..", { failure: closed }), 4, "..ee"],
    ["sent by an unfit prober and delivered", observe("..", { unfit: "scheduler_lag" }), 2, ".."],
    ["refused when sent, by an unfit prober", observe("!-", { unfit: "scheduler_lag" }), 2, "en"],
    ["refused yet delivered was delivered", first({ failure: failure("publish", "publish") }), 1, "."],
    [
      "refused yet delivered too late was lost",
      first({ failure: failure("publish", "publish"), receivedAt: T0 + 9_000 }),
      1,
      "x",
    ],
    [
      "refused before it was written",
      first({ failure: failure("publish", "closed"), sentAt: null, receivedAt: null }),
      1,
      "e",
    ],
  ])("%s", (_, seen, scheduled, expected) => {
    expect(became(seen, scheduled)).toBe(expected);
  });

  test("latency counts from the intended send, however late it was written", () => {
    const seen = first({ sentAt: T0 + READY_MS + 400, receivedAt: T0 + READY_MS + 450 });
    expect(judge(seen, DEADLINE_MS, 1).latencyMs).toEqual([450]);
  });

  test("the deadline itself is in time, one ms more is not", () => {
    const at = (ms: number) => judge(first({ receivedAt: T0 + READY_MS + ms }), DEADLINE_MS, 1);
    expect(at(5_000)).toMatchObject({ outcomes: ["ok"], latencyMs: [5_000], afterDeadline: 0, afterDeadlineMsMax: 0 });
    expect(at(5_001)).toMatchObject({
      outcomes: ["lost"],
      latencyMs: [null],
      afterDeadline: 1,
      afterDeadlineMsMax: 5_001,
    });
  });

  test("a clock that stepped back gives zero, not less", () => {
    expect(judge(first({ receivedAt: T0 - 1_000 }), DEADLINE_MS, 1)).toMatchObject({
      outcomes: ["ok"],
      latencyMs: [0],
    });
  });

  test("the largest delay after the deadline is kept", () => {
    const seen = observe("XX.");
    const [one, ...others] = seen.messages;
    const later = { ...seen, messages: [{ ...must(one), receivedAt: T0 + READY_MS + 7_777 }, ...others] };
    expect(judge(later, DEADLINE_MS, 3)).toMatchObject({ afterDeadline: 2, afterDeadlineMsMax: 7_777 });
  });

  test("order of observation does not matter, seq does", () => {
    const seen = observe("..x!-");
    expect(became({ ...seen, messages: seen.messages.toReversed() }, 5)).toBe("..xen");
  });
});

describe("order of arrival (RFC 4737)", () => {
  test.each<[readonly number[], number, number]>([
    [[0, 1, 2, 3, 4], 0, 0],
    [[], 0, 0],
    [[1, 0, 2, 3, 4], 0, 1],
    [[4, 0, 1, 2, 3], 0, 4],
    [[0, 2, 4, 1, 3], 0, 2],
    [[4, 3, 2, 1, 0], 0, 4],
    // A second copy is a duplicate, wherever it comes, and no second sample of order.
    [[0, 0, 1, 2, 3], 1, 0],
    [[0, 1, 2, 0, 3], 1, 0],
    [[1, 0, 0, 1, 0], 3, 1],
  ])("%j: %d duplicate, %d reordered", (arrivals, duplicate, reordered) => {
    expect(judge(observe(".....", { arrivals }), DEADLINE_MS, 5)).toMatchObject({ duplicate, reordered });
  });
});

describe("broken beliefs", () => {
  test.each<[string, Observation, number]>([
    ["a message beyond the schedule", observe("..."), 2],
    ["a message twice", { ...observe("."), messages: [...observe(".").messages, ...observe(".").messages] }, 2],
    ["an arrival beyond the schedule", observe("..", { arrivals: [2] }), 2],
    ["an arrival before it", observe("..", { arrivals: [-1] }), 2],
  ])("%s throws", (_, seen, scheduled) => {
    expect(() => judge(seen, DEADLINE_MS, scheduled)).toThrow(RangeError);
  });
});

test("whatever a journey reports, every scheduled message is accounted for", () => {
  const random = mulberry32(11);
  const met = new Set<Outcome>();
  for (let round = 0; round < 2_000; round++) {
    const seen = randomObservation(random, 20);
    const { outcomes, latencyMs } = judge(seen, DEADLINE_MS, 20);
    expect(outcomes).toHaveLength(20);
    for (const [seq, outcome] of outcomes.entries()) {
      met.add(outcome);
      expect(latencyMs[seq] !== null).toBe(outcome === "ok");
      // Only what we never wrote may be called ours, and what was written never is.
      if (outcome === "not_sent") expect(seen.messages[seq]?.sentAt ?? null).toBeNull();
      if (outcome === "lost") expect(seen.messages[seq]?.sentAt ?? null).not.toBeNull();
    }
  }
  expect(met.size).toBe(4);
});
