// Aim: numbers are written as Intl writes them, in every language, though not by Intl. Method: whole numbers and shares from a seed and
// at every edge, in languages that group by three, otherwise, from five digits on, or in other digits.

import { expect, test } from "vitest";

import { duration, percentNumber, whole } from "../../status-page/words/numbers.ts";
import { mulberry32 } from "../random.ts";

const TAGS = ["en", "zh-Hans", "zh-CN", "de", "fr", "es", "pl", "hi", "ar-EG", "de-CH", "pt-PT"];
const EDGES = [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 9999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 2 ** 53 - 1];

test.each(TAGS)("%s", (tag) => {
  const random = mulberry32(7);
  const more = Array.from({ length: 300 }, () => Math.floor(random() * 10 ** Math.floor(random() * 13)));
  const formats = [0, 1, 2, 3, 4].map(
    (digits) => new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  let tried = 0;
  for (const n of [...EDGES, ...more]) {
    expect(whole(tag, n)).toBe(formats[0]?.format(n));
    for (const [digits, format] of formats.entries()) {
      // A share has at most seven digits in all: beyond 2^53 the reference itself would be wrong.
      const units = n % 10 ** (2 + digits);
      expect(percentNumber(tag, { units, digits })).toBe(format.format(units / 10 ** digits));
      tried += 1;
    }
  }
  for (const odd of [-1, -1234, 1.5, -0, 1e21, Number.NaN]) expect(whole(tag, odd)).toBe(formats[0]?.format(odd));
  expect(tried).toBe(5 * (EDGES.length + 300));
});

test("whole seconds and others", () => {
  const said = [0, 1, 999, 1000, 1500, 5000, 60_000, 1_000_000].map((ms) => duration("en", ms, " ms", " s"));
  expect(said).toEqual(["0 ms", "1 ms", "999 ms", "1 s", "1.5 s", "5 s", "60 s", "1,000 s"]);
});
