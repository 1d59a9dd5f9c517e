// Aim: a server that never answers a goodbye does not keep our connection. Method: a raw TCP server that completes the
// WebSocket handshake and then neither speaks nor closes, and says how many connections it still holds.

import { expect, it } from "vitest";

import { outside, sleep } from "../../workers/outside.ts";
import { openWebSocket } from "../../workers/probes/websocket-open.probe.ts";
import { serverOf } from "./trial.ts";

it("is cut half a second after our goodbye, and not before", async () => {
  const { port, countPort } = await serverOf<{ port: number; countPort: number }>("deaf");
  const held = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${countPort}/`)).text());
  const sockets = await Promise.all(
    Array.from({ length: 5 }, () => openWebSocket(outside, `ws://127.0.0.1:${port}/`, ["any"], 2_000)),
  );
  expect(await held()).toBe(5);
  for (const socket of sockets) socket.close(1_000);
  for (let tries = 0; (await held()) > 0 && tries < 50; tries++) await sleep(outside, 100);
  expect(await held()).toBe(0);
});
