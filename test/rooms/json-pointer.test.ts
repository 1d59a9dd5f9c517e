// Aim: pointers mean what RFC 6901 says, and never reach what a document does not hold itself. Method: the RFC's own examples
// (section 5), what a stranger would try, and a walk over random documents against a second, slower reading.

import { describe, expect, it } from "vitest";

import { NOTHING, refusalOfPointer, stepsOf, valueAt } from "../../workers/config/json-pointer.ts";
import { fillTemplate, isClosed, jsonEscaped, placeholdersIn, templateOf } from "../../workers/config/templates.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const at = (document: unknown, pointer: string): unknown => valueAt(document, stepsOf(pointer));

describe("JSON pointers", () => {
  const DOCUMENT = JSON.parse(
    '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
  ) as unknown;

  it.each([
    ["", DOCUMENT],
    ["/foo", ["bar", "baz"]],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/c%d", 2],
    ["/e^f", 3],
    ["/g|h", 4],
    ["/i\\j", 5],
    ['/k"l', 6],
    ["/ ", 7],
    ["/m~0n", 8],
  ])("%s, as in section 5", (pointer, value) => {
    expect(refusalOfPointer(pointer)).toBeNull();
    expect(at(DOCUMENT, pointer)).toEqual(value);
  });

  it.each([
    "/foo/-",
    "/foo/00",
    "/foo/2",
    "/foo/length",
    "/foo/0/length",
    "/foo/0/0",
    "/__proto__",
    "/constructor",
    "/toString",
    "/x/y",
  ])("%s leads nowhere", (pointer) => expect(at(DOCUMENT, pointer)).toBe(NOTHING));

  it("~01 is ~1 and no slash", () => expect(stepsOf("/~01/~10")).toEqual(["~1", "/0"]));

  it("reads a name like any other, however it is called, and null as a value", () => {
    const document = JSON.parse('{"__proto__":{"a":1},"b":null}') as unknown;
    expect(at(document, "/__proto__/a")).toBe(1);
    expect(at(document, "/b")).toBeNull();
    expect(at(document, "/b/c")).toBe(NOTHING);
    for (const other of [null, 1, "text", true, undefined]) expect(at(other, "/0")).toBe(NOTHING);
  });

  it.each(["foo", "#/foo", "/a~", "/a~2", "~0"])("%s is none", (text) =>
    expect(refusalOfPointer(text)).toMatch(/is not a JSON pointer/),
  );

  it("finds every value of a random document, and nothing else", () => {
    const random = mulberry32(11);
    const NAMES = ["", "a", "~", "/", "~1", "0", "01", "-", "__proto__", "length"];
    let checked = 0;
    const make = (depth: number): unknown => {
      const kind = depth === 0 ? 2 : between(random, 0, 2);
      if (kind === 2) return between(random, 0, 9);
      const inner = Array.from({ length: between(random, 0, 3) }, () => make(depth - 1));
      if (kind === 1) return inner;
      return JSON.parse(
        `{${inner.map((one) => `${JSON.stringify(oneOf(random, NAMES))}:${JSON.stringify(one)}`).join(",")}}`,
      );
    };
    const walk = (document: unknown, value: unknown, pointer: string): void => {
      checked += 1;
      expect(at(document, pointer)).toEqual(value);
      expect(at(document, `${pointer}/nobody`)).toBe(NOTHING);
      if (typeof value !== "object" || value === null) return;
      for (const [name, one] of Object.entries(value)) {
        walk(document, one, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
      }
    };
    for (let i = 0; i < 500; i += 1) {
      const document = make(4);
      walk(document, document, "");
    }
    console.log(`json-pointer.test.ts: ${checked} places`);
    expect(checked).toBeGreaterThan(1_000);
  });
});

describe("templates", () => {
  it("splits at placeholders and says which there are", () => {
    const template = templateOf('{"a":"${payload}","b":${seq},"c":"${payload} ${var.x}"}');
    expect(placeholdersIn(template)).toEqual(["payload", "seq", "var.x"]);
    expect(isClosed(template)).toBe(true);
    expect(
      fillTemplate(
        template,
        (name) => `<${name}>`,
        (value) => value,
      ),
    ).toBe('{"a":"<payload>","b":<seq>,"c":"<payload> <var.x>"}');
  });

  it.each(["${", "a ${b", "${a}${", "${${a}"])("%s is not closed", (text) =>
    expect(isClosed(templateOf(text))).toBe(false),
  );

  it("puts nothing in twice: a value that looks like a placeholder stays as it is", () => {
    expect(
      fillTemplate(
        templateOf("${a}${b}"),
        (name) => (name === "a" ? "${b}" : "$&"),
        (value) => value,
      ),
    ).toBe("${b}$&");
  });

  it("whatever a value holds, JSON stays JSON and gives it back", () => {
    const random = mulberry32(12);
    const template = templateOf('{"a":"${x}"}');
    for (let i = 0; i < 5_000; i += 1) {
      const codes = Array.from({ length: between(random, 0, 20) }, () =>
        between(random, 0, random() < 0.8 ? 0x7f : 0xffff),
      );
      const value = String.fromCharCode(...codes);
      expect(JSON.parse(fillTemplate(template, () => value, jsonEscaped))).toEqual({ a: value });
    }
  });
});
