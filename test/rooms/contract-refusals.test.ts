// Aim: whoever writes a bad contract is told every mistake, where it is and what to write instead, before anything is measured; and
// nobody who reads a deploy log learns a fee or a secret. Method: a table of bad contracts, each the good one with one thing changed,
// with the exact entry, a part of the problem and a part of the mend, and with nothing else complained about; strangers everywhere.

import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../workers/config/canonical.ts";
import { parseConfig } from "../../workers/config/parse.ts";
import { explainProblems, type Problem } from "../../workers/config/problems.ts";
import { type Change, drop, set } from "./config-changes.ts";
import { CONTRACT_REFUSALS } from "./contract-refusals.ts";
import { GOOD } from "./contract-worlds.ts";
import { CREDIT_REFUSALS } from "./credit-refusals.ts";
import { OBJECTIVE_REFUSALS } from "./objective-refusals.ts";

const REFUSALS = [...CONTRACT_REFUSALS, ...OBJECTIVE_REFUSALS, ...CREDIT_REFUSALS];

function problemsAfter(...changes: readonly Change[]): readonly Problem[] {
  const config: unknown = structuredClone(GOOD);
  for (const change of changes) change(config);
  const parsed = parseConfig(config);
  return parsed.ok ? [] : parsed.problems;
}

/** Every entry below, as config-changes.ts writes paths. */
function pathsOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, `${path}.${key}`))];
}

describe("a bad contract", () => {
  it(`is refused with its entry, why, and a mend, ${REFUSALS.length} ways, and with nothing else`, () => {
    expect(REFUSALS.length).toBeGreaterThanOrEqual(60);
    console.log(`contract-refusals.test.ts: ${REFUSALS.length} bad contracts`);
    for (const [what, change, entry, problem, mend] of REFUSALS) {
      const problems = problemsAfter(change);
      const text = `${what}: ${entry}, ${problem}, ${mend}\n${explainProblems(problems)}`;
      const found = problems.find((one) => one.entry === entry && one.problem.includes(problem));
      expect.soft(found?.mend, text).toContain(mend);
      expect.soft([...new Set(problems.map((one) => one.entry))], text).toEqual([entry]);
      expect.soft(JSON.stringify(problems), text).not.toMatch(/hunter2|98765|12345/);
    }
  });

  it("is told all its problems at once, with those of the rest of the configuration", () => {
    const problems = problemsAfter(
      set("contracts.0.version", 0),
      set("contracts.0.objectives.0.target", 99.9),
      set("contracts.0.credits.1.factor", -1),
      set("contracts.1.target", "cals"),
      set("objectives.availability", 99.9),
    );
    expect(problems.map(({ entry }) => entry)).toEqual([
      "objectives.availability",
      "contracts[0].version",
      "contracts[0].objectives[0].target",
      "contracts[0].credits[1].factor",
      "contracts[1].target",
    ]);
  });

  it("never makes the parser crash, whatever stands in any of its entries", () => {
    const strangers: readonly unknown[] = [null, -1, Number.NaN, "x".repeat(300), [], {}];
    const paths = pathsOf(GOOD.contracts, "contracts");
    let accepted = 0;
    for (const path of paths) {
      for (const stranger of strangers) {
        const config = structuredClone(GOOD);
        set(path, stranger)(config);
        const parsed = parseConfig(config);
        if (parsed.ok) {
          accepted += 1;
          expect(() => canonicalJson(parsed.config), `${path} = ${JSON.stringify(stranger)}`).not.toThrow();
        } else expect(explainProblems(parsed.problems).length, path).toBeLessThan(40_000);
      }
    }
    console.log(
      `contract-refusals.test.ts: ${paths.length} entries x ${strangers.length} strangers, ${accepted} harmless`,
    );
    expect(paths.length).toBeGreaterThan(150);
    // An empty list or object where one may be, or a text where any text may be; never more than that.
    expect(accepted).toBeLessThan(20);
  });

  it("does not hear of its target while the target itself is refused", () => {
    const problems = problemsAfter(set("targets.0.every", "7s"), set("contracts.0.objectives.1.within", "150ms"));
    expect(new Set(problems.map(({ entry }) => entry))).toEqual(new Set(["targets[0].every"]));
    expect(problemsAfter(drop("targets.0.address")).map(({ entry }) => entry)).toEqual(["targets[0].address"]);
  });

  it("is quoted as it was written", () => {
    const problems = problemsAfter(set("contracts.0.claim.deadline", "5bd"));
    expect(problems.map(({ entry, value }) => [entry, value])).toEqual([["contracts[0].claim.deadline", '"5bd"']]);
  });

  it("is not called a contract without objectives when its preset is misspelt", () => {
    const problems = problemsAfter(set("contracts.1.preset", "twillio"));
    expect(problems.map(({ entry, mend }) => [entry, mend])).toEqual([
      ["contracts[1].preset", 'did you mean "twilio"?'],
    ]);
  });
});
