// Collects what the inspector finds: how much it looked at, and what was wrong. And says in words how two things differ.

export interface Findings {
  readonly checked: Record<string, number>;
  readonly violations: string[];
  /** One more of these was looked at. */
  count(what: string): void;
  bad(words: string): void;
  /** Both sides must be equal, as JSON; `what` says of what. */
  equal(what: string, actual: unknown, expected: unknown): void;
  /** The step must not throw: what it says when it does is a violation. */
  holds(what: string, step: () => void): void;
}

export function newFindings(): Findings {
  const checked: Record<string, number> = {};
  const violations: string[] = [];
  return {
    checked,
    violations,
    count(what) {
      checked[what] = (checked[what] ?? 0) + 1;
    },
    bad(words) {
      violations.push(words);
    },
    equal(what, actual, expected) {
      const [a, b] = [text(actual), text(expected)];
      if (a !== b) violations.push(`${what}: is ${around(a, b)}, not ${around(b, a)}`);
    },
    holds(what, step) {
      try {
        step();
      } catch (problem) {
        violations.push(`${what}: ${problem instanceof Error ? problem.message : String(problem)}`);
      }
    },
  };
}

/** JSON with Maps as entries and undefined told apart, so that equal text means equal things. */
export function text(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) => {
      if (each instanceof Map) return [...each];
      if (each instanceof Uint8Array) return Array.from(each);
      return each === undefined ? "(undefined)" : each;
    }) ?? "(undefined)"
  );
}

/** Short texts whole, long ones where they begin to differ. */
function around(words: string, other: string): string {
  if (words.length <= 200) return words;
  let at = 0;
  while (words[at] === other[at]) at += 1;
  return `...${words.slice(Math.max(0, at - 60), at + 100)}...`;
}
