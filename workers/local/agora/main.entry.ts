// A Worker that runs one round through each driver of Agora and tells what it saw: what `npm run agora:prove` starts, so that
// the proof is of workerd, where the fleet runs, and not of Node.

import type { DriverContext, Endpoint } from "../../probes/driver.ts";
import { agoraRestDriver } from "../../probes/agora-rest.probe.ts";
import { agoraSdkDriver } from "../../probes/agora-sdk.probe.ts";
import { openGate } from "../../probes/gate.ts";
import { type LoopPlan, runLoop } from "../../probes/loop.probe.ts";
import type { Observation } from "../../probes/observation.ts";
import { outside } from "../../outside.ts";

export interface ProofAsked {
  readonly rest: Endpoint;
  readonly sdk: Endpoint;
  readonly plan: Omit<LoopPlan, "slotAt">;
}

export interface ProofSeen {
  readonly rest: Observation;
  readonly sdk: Observation;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { rest, sdk, plan } = (await request.json()) as ProofAsked;
    const { connectDeadlineMs, deadlineMs } = plan;
    const deadlines = {
      connectMs: connectDeadlineMs,
      subscribeMs: connectDeadlineMs,
      closeMs: 1_000,
      answerMs: deadlineMs,
    };
    const context: DriverContext = { deadlines, gate: openGate(outside.now) };
    const round = { ...plan, slotAt: outside.now() };
    const seen: ProofSeen = {
      rest: await runLoop(outside, agoraRestDriver(outside), rest, round, context),
      sdk: await runLoop(outside, agoraSdkDriver(outside), sdk, round, context),
    };
    return Response.json(seen);
  },
};
