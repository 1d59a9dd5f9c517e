// Aim: each error code of Agora's SDK is the class that the code documents, and what the SDK says never gets into our words.
// Method: the codes that a probe can meet as a table, and things that are no error of the SDK at all.

import { expect, it } from "vitest";

import { FAILURE_KINDS, PHASES } from "../../schema/words.ts";
import { failureOfSdk } from "../../workers/probes/agora-codes.ts";

it.each([
  [-10003, "connect", "config", false],
  [-10005, "connect", "auth", false],
  [-10009, "connect", "auth", false],
  [-10011, "connect", "timeout", true],
  [-10015, "connect", "auth", false],
  [-10016, "connect", "auth", false],
  [-10021, "connect", "rate_limit", true],
  [-10022, "connect", "config", false],
  [-10027, "connect", "config", false],
  [-11019, "subscribe", "timeout", true],
  [-11021, "subscribe", "subscribe", true],
  [-11038, "subscribe", "subscribe", false],
  [-11010, "publish", "publish", false],
  [-11024, "publish", "publish", true],
  [-11025, "publish", "rate_limit", true],
  [-11026, "publish", "timeout", true],
  [-11027, "publish", "closed", true],
  [-11033, "publish", "receiver_offline", true],
  [-11039, "publish", "publish", false],
] as const)("%i while %s is %s", (code, phase, kind, transient) => {
  for (const error of [{ errorCode: code }, { code }, Object.assign(new Error("hunter2"), { code, errorCode: code })]) {
    const failure = failureOfSdk(error, phase);
    expect(failure).toMatchObject({ kind, phase, code, transient, sure: true });
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  }
});

it("what is not known is said to be unsure, by its phase, whatever was thrown", () => {
  const strange = [null, undefined, 7, "hunter2", {}, { code: "hunter2" }, { errorCode: -1.5 }, { code: -99_999 }, []];
  for (const phase of PHASES) {
    for (const problem of strange) {
      const failure = failureOfSdk(problem, phase);
      expect(failure).toMatchObject({ phase, sure: false, transient: true });
      expect(FAILURE_KINDS).toContain(failure.kind);
      expect(JSON.stringify(failure)).not.toContain("hunter2");
    }
  }
  expect(failureOfSdk({ code: -99_999 }, "subscribe")).toMatchObject({ kind: "subscribe", code: -99_999 });
});
