// Aim: one configuration has one text on every machine, so that its hash can be evidence. Method: the vectors of RFC 8785
// for what our plain data can hold, orders that differ only in writing, and all that JSON would drop or change in silence.

import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../workers/config/canonical.ts";
import { configOf } from "../../workers/config/parse.ts";
import example from "../../sonde.config.ts";

describe("canonical JSON", () => {
  it("sorts keys by UTF-16 code units (RFC 8785, 3.2.3)", () => {
    const input = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\u{1f600}": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    expect(Object.values(JSON.parse(canonicalJson(input)) as Record<string, string>).sort()).toEqual(
      Object.values(input).sort(),
    );
    expect([...canonicalJson(input).matchAll(/:"([A-Z][a-z]+)/g)].map((match) => match[1])).toEqual([
      "Carriage",
      "One",
      "Control",
      "Latin",
      "Euro",
      "Emoji",
      "Hebrew",
    ]);
  });

  it("writes numbers and text as RFC 8785, 3.2.2 does", () => {
    expect(
      canonicalJson({
        numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0],
        string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("does not depend on the order of writing, and is stable when read and written again", () => {
    const config = configOf(example);
    const reversed: unknown = JSON.parse(JSON.stringify(config), (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    );
    expect(JSON.stringify(reversed)).not.toBe(JSON.stringify(config));
    expect(canonicalJson(reversed)).toBe(canonicalJson(config));
    expect(canonicalJson(JSON.parse(canonicalJson(config)))).toBe(canonicalJson(config));
    expect(canonicalJson(["b", "a"])).not.toBe(canonicalJson(["a", "b"]));
    expect(canonicalJson(Object.assign(Object.create(null), { b: 1, a: {} }))).toBe('{"a":{},"b":1}');
  });

  it("refuses whatever JSON would drop or change in silence, and names the place", () => {
    const cycle: Record<string, unknown> = {};
    cycle["again"] = cycle;
    const hole: unknown[] = [1];
    hole.length = 2;
    const refused: readonly (readonly [unknown, string])[] = [
      [undefined, "$ is a undefined"],
      [{ a: [1, { b: undefined }] }, "$.a[1].b is a undefined"],
      [[() => 0], "$[0] is a function"],
      [{ a: 10n }, "$.a is a bigint"],
      [{ a: Symbol("x") }, "$.a is a symbol"],
      [{ a: Number.NaN }, "$.a is NaN"],
      [[Infinity], "$[0] is Infinity"],
      [hole, "$[1] is a undefined"],
      [{ a: new Date(0) }, "$.a is an object of a class"],
      [new Map(), "$ is an object of a class"],
      [{ [Symbol("x")]: 1 }, "symbol keys"],
      [{ a: "\ud800" }, "lone surrogate"],
      [{ "\udc00": 1 }, "lone surrogate"],
      [cycle, "contains itself"],
    ];
    for (const [value, message] of refused) expect(() => canonicalJson(value), message).toThrow(message);
  });
});
