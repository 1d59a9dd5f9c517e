// The Worker of a load test: one Durable Object that runs it in the runtime that the probers run in. Started on this machine
// only, by `load.cli.ts`; it is part of no deploy.

import { DurableObject } from "cloudflare:workers";

import type { Target } from "../../config/config.ts";
import { fillPlaceholders } from "../../config/placeholders.ts";
import { outside } from "../../outside.ts";
import { openGate } from "../../probes/gate.ts";
import { wayOf } from "../../probes/round.probe.ts";
import type { LoadPlan, LoadReport } from "../load.ts";
import { Load } from "../load.probe.ts";

interface LoadBindings {
  readonly RUNNER: DurableObjectNamespace<Runner>;
  /** JSON of a LoadInput. */
  readonly LOAD: string;
}

/** What the command line hands over. `secrets`: values by the names that the target uses. */
export interface LoadInput {
  readonly target: Target;
  readonly plan: LoadPlan;
  readonly secrets: Readonly<Record<string, string>>;
}

/** How it goes. `refusal`: why it could not begin. */
export interface LoadState {
  readonly isOver: boolean;
  readonly report: LoadReport | null;
  readonly refusal: string | null;
}

export class Runner extends DurableObject<LoadBindings> {
  #load: Load | null = null;
  #isOver = false;

  /** Begins, and answers at once: who asked would give up waiting long before a load of ten minutes ends. */
  async begin(): Promise<LoadState> {
    const { target, plan, secrets } = JSON.parse(this.env.LOAD) as LoadInput;
    const { region } = plan;
    const secret = (name: string): string | null => secrets[name] ?? null;
    const way = await wayOf(outside, { target, region, secret, gate: openGate(outside.now) });
    if (typeof way === "string") return { isOver: true, report: null, refusal: way };
    const filled = fillPlaceholders(target.channel, { target: target.id, region });
    const channel = `${filled}${way.driver.capabilities.channelSeparator}load`;
    this.#load = new Load({ ...target, way, plan, channel });
    void this.#load.run().then(() => (this.#isOver = true));
    return this.state();
  }

  state(): LoadState {
    return { isOver: this.#isOver, report: this.#load?.report() ?? null, refusal: null };
  }
}

export default {
  async fetch(request, bindings): Promise<Response> {
    const runner = bindings.RUNNER.get(bindings.RUNNER.idFromName("load"));
    const path = new URL(request.url).pathname;
    return Response.json(path === "/begin" ? await runner.begin() : await runner.state());
  },
} satisfies ExportedHandler<LoadBindings>;
