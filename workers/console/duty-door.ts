// What the doors for acts need of a target's Duty, and whose Duty an incident is. Shapes and one name, pure; the Worker's entry gives
// the real ones.

import type { AckToken } from "../alerts/ack-link.ts";
import type {
  ActAnswer,
  DeliveryReport,
  IncidentReport,
  LinkAnswer,
  Order,
  TestAnswer,
} from "../alerts/duty-answers.ts";

/** Each rejects when the Duty does not answer: then nobody knows what was done, and the same may be asked again. */
export interface DutyDoor {
  link(target: string, token: AckToken): Promise<LinkAnswer>;
  follow(target: string, token: AckToken): Promise<LinkAnswer>;
  incident(target: string, id: string): Promise<IncidentReport | null>;
  act(target: string, order: Order): Promise<ActAnswer>;
  tryOut(target: string, channel: string, who: string): Promise<TestAnswer>;
  /** Newest first. */
  deliveries(limit: number): Promise<readonly DeliveryReport[]>;
}

/** The Duty of that name. */
export type DutyOf = (target: string) => DutyDoor;

/** `chat` of `chat-7`; null for what is no incident's id. */
export function targetOf(incident: string): string | null {
  return /^([^/\s]{1,100})-[1-9]\d{0,14}$/.exec(incident)?.[1] ?? null;
}
