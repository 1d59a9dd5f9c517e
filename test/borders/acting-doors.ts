// The doors for acts before a real Duty whose target has an outage: what the tests of the link in a message and of the API share.
// Checks nothing itself.

import { ackDoor } from "../../workers/console/ack.entry.tsx";
import type { AckOptions } from "../../workers/console/ack.entry.tsx";
import { actsApi } from "../../workers/console/acts.entry.ts";
import type { ActsOptions } from "../../workers/console/acts.entry.ts";
import type { DutyDoor } from "../../workers/console/duty-door.ts";
import { KEEPERS } from "../../workers/alerts/duty.do.ts";
import { secretOf } from "../../workers/bindings.ts";
import type { Incident } from "../../workers/incidents/incident.ts";
import { outside } from "../../workers/outside.ts";
import { negotiate } from "../../status-page/words/languages.ts";
import { must } from "../observations.ts";
import { ALERTS, BAD, GOOD, onDuty } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";

export const ORIGIN = "https://status.example.com";
export const TOKEN = "t0ken-of-the-operators-of-this-place";

export interface Doors {
  readonly on: OnDuty;
  /** For the log of both doors. */
  readonly reports: string[];
  link(path: string, init?: RequestInit, more?: Partial<AckOptions>): Promise<Response>;
  api(path: string, init?: RequestInit, more?: Partial<ActsOptions>): Promise<Response>;
  incident(id?: string): Promise<Incident>;
  /** How many events it has. */
  events(id?: string): Promise<number>;
}

/** `chat` has an outage in weur since two minutes: incident `chat-1`, one page at `ops`. */
export async function doors(): Promise<Doors> {
  const on = await onDuty({ ...ALERTS, token: "OPS_TOKEN" });
  const { bindings } = on.fleet;
  Object.assign(bindings, { OPS_TOKEN: TOKEN });
  await on.minutes(2, { weur: BAD, enam: GOOD, oc: GOOD });
  const { config } = await on.fleet.current();
  const reports: string[] = [];
  const shared = {
    config,
    secretOf: (name: string) => secretOf(bindings, name),
    dutyOf: (name: string) => on.fleet.duty(name) as unknown as DutyDoor,
    report: (problem: string) => void reports.push(problem),
  };
  const languageOf = (header: string | undefined) => negotiate(header, ["en", "zh"]);
  const guardOf = () => () => Promise.resolve({ ok: true, who: "ada@acme.example" } as const);
  const incident = async (id = "chat-1"): Promise<Incident> => {
    const report = await on.during("chat", (duty) => duty.incident("chat", id));
    return must(report ?? undefined).incident;
  };
  return {
    on,
    reports,
    link: (path, init, more) =>
      ackDoor({ ...shared, now: () => outside.now(), languageOf, ...more })(new Request(`${ORIGIN}${path}`, init)),
    api: (path, init, more) =>
      actsApi({ ...shared, guardOf, keepers: KEEPERS, ...more })(new Request(`${ORIGIN}/api/v1${path}`, init)),
    incident,
    events: async (id) => (await incident(id)).events,
  };
}

const cutting = /<style>.*?<\/style>|<[^>]*>/gs;
/** What a person reads: no markup, no style. */
export const read = async (answer: Response): Promise<string> =>
  (await answer.text()).replace(cutting, " ").replace(/\s+/g, " ").trim();
