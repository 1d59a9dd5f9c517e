// Aim: a session has one end: the first reason counts, all who listen hear it once, and our own end is no news. Method: the
// orders in which reasons, listeners and our own end can come.

import { describe, expect, it } from "vitest";

import type { Failure } from "../../workers/probes/driver.ts";
import { failed } from "../../workers/probes/failure.ts";
import { SessionEnd } from "../../workers/probes/session-end.ts";

const first = failed("closed", "deliver", "first");
const second = failed("protocol", "deliver", "second");

describe("the end of a session", () => {
  it("is the first reason, told once to each who listens, however late", () => {
    const end = new SessionEnd();
    const heard: (readonly [string, Failure])[] = [];
    end.hear((failure) => void heard.push(["early", failure]));
    expect(end.isOver).toBe(false);
    end.because(first);
    end.because(second);
    end.hear((failure) => void heard.push(["late", failure]));
    expect(heard).toEqual([
      ["early", first],
      ["late", first],
    ]);
    expect(end.failure).toBe(first);
    expect(end.isOver).toBe(true);
  });

  it("is nobody's news when we end it ourselves", () => {
    const end = new SessionEnd();
    const heard: Failure[] = [];
    end.hear((failure) => void heard.push(failure));
    expect(end.seal()).toBe(true);
    expect(end.seal()).toBe(false);
    end.because(first);
    end.hear((failure) => void heard.push(failure));
    expect(heard).toEqual([]);
    expect(end.failure).toBeNull();
    expect(end.isOver).toBe(true);
  });

  it("stays known after we have closed what had ended already", () => {
    const end = new SessionEnd();
    end.because(first);
    end.seal();
    expect(end.failure).toBe(first);
  });
});
