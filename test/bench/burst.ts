// One burst of messages as the bench's reference clients send it: the same open schedule as Sonde's `loop`, with a clock of
// microseconds. A client gives a way to send and calls back on what arrives. Knows no protocol.

export interface Plan {
  readonly messages: number;
  readonly gapMs: number;
  readonly payloadBytes: number;
}

/** Of each message that came, in ms: from its intended send and from its write. */
export interface Burst {
  readonly latencyMs: readonly number[];
  readonly sinceWriteMs: readonly number[];
  readonly missing: number;
}

/** What a client of the reference is: `send` writes one message now. */
export interface Line {
  send(payload: string): void;
  close(): Promise<void>;
}

/** Opens a line; `onPayload` is to be called in the first statement of whatever hears a message. */
export type Dial = (onPayload: (payload: string, arrivedMs: number) => void) => Promise<Line>;

const PATIENCE_MS = 5_000;

/** Sends the plan by the clock, and waits until all have come, 5 s at most. `nowMs` is the clock that `arrivedMs` is of. */
export async function flyBurst(dial: Dial, plan: Plan, nowMs: () => number): Promise<Burst> {
  const sent: number[] = [];
  const arrived = new Map<number, number>();
  let landed = (): void => {};
  const allCame = new Promise<void>((resolve) => (landed = resolve));
  const line = await dial((payload, arrivedMs) => {
    const seq = Number(payload.split(" ", 2)[1]);
    if (!arrived.has(seq)) arrived.set(seq, arrivedMs);
    if (arrived.size === plan.messages) landed();
  });
  const payloads = Array.from({ length: plan.messages }, (_, seq) => `bench ${seq} `.padEnd(plan.payloadBytes, "."));
  const readyMs = nowMs();
  const intended = (seq: number): number => readyMs + seq * plan.gapMs;
  for (const [seq, payload] of payloads.entries()) {
    while (nowMs() < intended(seq)) await pause(Math.ceil(intended(seq) - nowMs()));
    sent.push(nowMs());
    line.send(payload);
  }
  await Promise.race([allCame, pause(PATIENCE_MS)]);
  await line.close();
  const came = [...arrived].toSorted(([a], [b]) => a - b);
  return {
    latencyMs: came.map(([seq, at]) => at - intended(seq)),
    sinceWriteMs: came.map(([seq, at]) => at - (sent[seq] ?? Number.NaN)),
    missing: plan.messages - arrived.size,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
