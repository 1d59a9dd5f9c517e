// A Worker that runs one round of the driver agora-sdk and tells what became of it, and which timers and sockets the SDK left
// behind. For agora-sdk.test.ts, which bundles it with and without the SDK.

import type { DriverContext } from "../../../workers/probes/driver.ts";
import { agoraSdkDriver } from "../../../workers/probes/agora-sdk.probe.ts";
import { openGate } from "../../../workers/probes/gate.ts";
import { runLoop } from "../../../workers/probes/loop.probe.ts";
import { outside } from "../../../workers/outside.ts";

/** What was set and has neither run nor been called off. */
const pending = new Set<unknown>();
const native = { setTimeout, clearTimeout, setInterval, clearInterval };

function watchTimers(): void {
  const forget = (id: unknown): void => void pending.delete(id);
  Object.assign(globalThis, {
    setTimeout: (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const id: unknown = native.setTimeout(() => {
        forget(id);
        run(...args);
      }, ms);
      pending.add(id);
      return id;
    },
    clearTimeout: (id: never) => {
      forget(id);
      native.clearTimeout(id);
    },
    setInterval: (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const id: unknown = native.setInterval(() => run(...args), ms);
      pending.add(id);
      return id;
    },
    clearInterval: (id: never) => {
      forget(id);
      native.clearInterval(id);
    },
  });
}
watchTimers();

interface Asked {
  readonly connectMs: number;
  readonly appId: string;
  readonly appCertificate: string;
  /** A round each, all at once. */
  readonly users: readonly string[];
  /** Where a failed login is diagnosed. */
  readonly address?: string;
  /** How long to look on after the round, ms. */
  readonly afterMs: number;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const asked = (await request.json()) as Asked;
    const deadlines = { connectMs: asked.connectMs, subscribeMs: asked.connectMs, closeMs: 400, answerMs: 1_000 };
    const context: DriverContext = { deadlines, gate: openGate(outside.now) };
    const plan = { slotAt: outside.now(), messages: 4, gapMs: 10, deadlineMs: 1_000, payloadBytes: 100 };
    const observations = await Promise.all(
      asked.users.map((user) => {
        const endpoint = {
          // Unless said otherwise nothing listens there; and nothing leaves this machine.
          address: asked.address ?? "https://127.0.0.1:9",
          options: { appId: asked.appId, user },
          secrets: { appCertificate: asked.appCertificate },
        };
        const own = { ...plan, channel: `room of ${user}`, connectDeadlineMs: asked.connectMs };
        return runLoop(outside, agoraSdkDriver(outside), endpoint, own, context);
      }),
    );
    const timersAtEnd = pending.size;
    await new Promise((resolve) => void native.setTimeout(resolve, asked.afterMs));
    return Response.json({ observations, timersAtEnd, timersLater: pending.size, hasWindow: "window" in globalThis });
  },
};
