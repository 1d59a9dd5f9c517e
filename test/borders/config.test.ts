// Aim: one object's end is not another's. Objects of one isolate share the parsed configuration; what one of them began
// and could not finish (it was reset, a visitor hung up) must hold up nobody. Method: the first reader dies in the act.

import { describe, expect, it } from "vitest";

import { currentConfig } from "../../workers/config/current.ts";
import { NOON, world } from "../world.ts";

describe("the configuration", () => {
  it("is read by the next one, though the first reader died in the middle of it", async () => {
    const fleet = await world();
    fleet.reconfigure((input) => ({ ...input, name: "Nobody has parsed this one yet" }));
    await fleet
      .inProber("weur.0.v1", (_prober, state) => {
        void currentConfig(fleet.bindings).catch(() => {});
        state.abort("in the middle of it");
      })
      .catch(() => {});
    fleet.at(NOON - 5_000);
    const armed = await Promise.race([
      fleet.prober("oc.0.v1").arm("oc.0.v1"),
      new Promise((resolve) => setTimeout(() => resolve("waits for the dead"), 3_000)),
    ]);
    expect(armed).toMatchObject({ name: "oc.0.v1", alarmAt: NOON });
    expect((await fleet.current()).config.name).toBe("Nobody has parsed this one yet");
  });

  it("is parsed anew when its text changes, and refused for as long as it is bad", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    expect((await fleet.current()).hash).toBe(hash);
    fleet.reconfigure((input) => ({ ...input, name: "Another" }));
    expect((await fleet.current()).hash).not.toBe(hash);
    fleet.bindings.SONDE_CONFIG = "{";
    await expect(fleet.current()).rejects.toThrow(SyntaxError);
    await expect(fleet.current()).rejects.toThrow(SyntaxError);
  });
});
