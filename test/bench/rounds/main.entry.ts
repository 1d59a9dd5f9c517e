// The bench's Worker for rounds: each session is a Durable Object of its own, as each prober is, and runs the real `loop` with
// the real driver in it. POST /<session> with an order; the answer is JSON. Never deployed.

import { DurableObject } from "cloudflare:workers";

import { outside } from "../../../workers/outside.ts";
import { driverFor } from "../../../workers/probes/drivers.probe.ts";
import { openGate } from "../../../workers/probes/gate.ts";
import { runLoop } from "../../../workers/probes/loop.probe.ts";
import type { Observation } from "../../../workers/probes/observation.ts";
import { judge } from "../../../workers/probes/outcomes.ts";
import { sumAnswers } from "./order.ts";
import type { RoundAnswer, RoundOrder } from "./order.ts";

interface Env {
  readonly SESSIONS: DurableObjectNamespace<RoundSession>;
}

const CONNECT_MS = 10_000;
const CLOSE_MS = 400;

export class RoundSession extends DurableObject {
  async run(order: RoundOrder): Promise<RoundAnswer> {
    const answers: RoundAnswer[] = [];
    for (let round = 0; round < order.rounds; round++) answers.push(await runOne(order));
    return sumAnswers(answers);
  }
}

async function runOne(order: RoundOrder): Promise<RoundAnswer> {
  const driver = await driverFor(order.driver, outside);
  const deadlines = { connectMs: CONNECT_MS, subscribeMs: CONNECT_MS, closeMs: CLOSE_MS };
  const plan = { ...order, slotAt: outside.now(), connectDeadlineMs: CONNECT_MS };
  const context = { deadlines, gate: openGate(outside.now) };
  return answerOf(await runLoop(outside, driver, order.endpoint, plan, context), order);
}

function answerOf(seen: Observation, order: RoundOrder): RoundAnswer {
  const judged = judge(seen, order.deadlineMs, order.messages);
  const many = (outcome: string): number => judged.outcomes.filter((each) => each === outcome).length;
  const refused = seen.failure ?? seen.messages.find((message) => message.failure !== null)?.failure ?? null;
  const failure = refused === null ? null : `${refused.phase}: ${refused.kind}: ${refused.detail}`;
  return {
    scheduled: order.messages,
    ok: many("ok"),
    lost: many("lost"),
    error: many("error"),
    notSent: many("not_sent"),
    duplicate: judged.duplicate,
    reordered: judged.reordered,
    corrupt: seen.corrupt,
    foreign: seen.foreign,
    failure: failure ?? (seen.unfit === "none" ? null : `unfit: ${seen.unfit}`),
    latencyMs: judged.latencyMs.filter((each) => each !== null),
    sinceWriteMs: seen.messages.flatMap(({ seq, sentAt, receivedAt }) =>
      judged.outcomes[seq] === "ok" && sentAt !== null && receivedAt !== null ? [receivedAt - sentAt] : [],
    ),
  };
}

export default {
  async fetch(request, env): Promise<Response> {
    if (request.method !== "POST") return Response.json(null);
    const session = env.SESSIONS.get(env.SESSIONS.idFromName(new URL(request.url).pathname));
    return Response.json(await session.run(await request.json<RoundOrder>()));
  },
} satisfies ExportedHandler<Env>;
