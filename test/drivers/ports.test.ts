// Aim: what fails below every protocol is told apart by the part that all drivers share. Method: real ports that misbehave.

import { describe, expect, it } from "vitest";

import { outside } from "../../workers/outside.ts";
import { openSocket } from "../../workers/probes/socket-open.probe.ts";
import type { Ports } from "./ports.server.ts";
import { serverOf } from "./trial.ts";

const ports = await serverOf<Ports>("ports");

describe("a bare socket", () => {
  it("opens", async () => {
    const socket = await openSocket(outside, { host: "127.0.0.1", port: ports.silent, secure: false }, 1_000);
    socket.destroy();
  });

  it.each([
    ["refused", ports.closed, false, "tcp"],
    ["no TLS", ports.garbage, true, "tcp"],
    ["silence in place of TLS", ports.silent, true, "timeout"],
  ] as const)("%s", async (_, port, secure, kind) => {
    const opening = openSocket(outside, { host: "127.0.0.1", port, secure }, 500);
    await expect(opening).rejects.toMatchObject({ kind, phase: "connect" });
  });
});
