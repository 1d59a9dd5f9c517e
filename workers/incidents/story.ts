// The incidents of one target while a decision is being made: what is open, which region is whose, and the events written so far.
// Each act on a story writes its event and moves the story, so that later rules see it. Pure; holds no rule of its own: those
// are in `decide.ts`, its only caller.

import type { AlertSeverity } from "../../schema/words.ts";
import type { Audience } from "../config/alerts/alerting.ts";
import { SONDE } from "./incident.ts";
import type { Impact, Incident, IncidentChange, NewIncidentEvent, Sentence } from "./incident.ts";
import type { Spell, WatchedKind } from "./spells.ts";

export interface Story {
  readonly id: string;
  readonly number: number;
  readonly kind: WatchedKind;
  readonly scope: "region" | "global";
  severity: AlertSeverity;
  readonly startedAt: number;
  /** The newest event before this decision: part of keys, so that the same decision on the same story has the same ones. */
  readonly known: number;
  readonly regions: Set<string>;
  readonly bad: Set<string>;
  readonly impact: ReadonlyMap<string, Impact>;
  /** What was said of it before; null: nothing yet. */
  readonly sentence: Sentence | null;
  /** It was good again before this look. */
  readonly wasOver: boolean;
  flapping: boolean;
  state: "open" | "restored" | "over";
  impactEnd: number | null;
}

/** What a sentence is made from. */
export interface StoryFacts {
  readonly kind: WatchedKind;
  readonly scope: "region" | "global";
  /** Bad now, or the last that were. */
  readonly regions: readonly string[];
  readonly impact: readonly Impact[];
  /** Why nothing is measured, of `blind`; null: nobody knows. */
  readonly reason: string | null;
}

/** What the stories begin from. */
export interface BookFacts {
  readonly target: string;
  readonly now: number;
  readonly nextNumber: number;
  readonly sentenceOf: (story: StoryFacts) => Sentence;
}

const AUDIENCE: Readonly<Record<WatchedKind, Audience>> = { outage: "service", brownout: "service", blind: "keepers" };

export class Book {
  readonly events: NewIncidentEvent[] = [];
  readonly #stories: Story[];
  readonly #facts: BookFacts;
  #next: number;

  constructor(incidents: readonly Incident[], facts: BookFacts) {
    this.#facts = facts;
    this.#next = facts.nextNumber;
    this.#stories = incidents.flatMap((incident) => storyOf(incident) ?? []).sort((a, b) => a.number - b.number);
  }

  /** Ascending by number. */
  of(kind: WatchedKind, state: Story["state"]): readonly Story[] {
    return this.#stories.filter((story) => story.kind === kind && story.state === state);
  }

  /** Whose region this is now. */
  holder(kind: WatchedKind, region: string): Story | null {
    return this.of(kind, "open").find((story) => story.bad.has(region)) ?? null;
  }

  open(kind: WatchedKind, scope: Story["scope"], severity: AlertSeverity, spells: readonly Spell[], startedAt: number) {
    const regions = spells.map(({ region }) => region);
    const story: Story = {
      id: `${this.#facts.target}-${this.#next}`,
      number: this.#next,
      kind,
      scope,
      severity,
      startedAt,
      known: 0,
      regions: new Set(regions),
      bad: new Set(regions),
      impact: new Map(),
      sentence: null,
      wasOver: false,
      flapping: false,
      state: "open",
      impactEnd: null,
    };
    this.#next += 1;
    this.#stories.push(story);
    const sentence = this.sentence(story, spells);
    const audience = AUDIENCE[kind];
    const opened = { of: kind, audience, severity, scope, regions, about: null, sentence, drill: false } as const;
    this.#write(story, startedAt, "opened", { kind: "opened", ...opened });
    return story;
  }

  join(story: Story, { region, startedAt }: Spell): void {
    story.regions.add(region);
    story.bad.add(region);
    this.#write(story, startedAt, `joined/${region}/${story.known}`, { kind: "joined", region });
  }

  leave(story: Story, region: string, at: number, isRemoved = false): void {
    story.bad.delete(region);
    const change = isRemoved ? ({ kind: "left", region, removed: true } as const) : ({ kind: "left", region } as const);
    this.#write(story, at, `left/${region}/${story.known}`, change);
  }

  restore(story: Story, at: number): void {
    story.bad.clear();
    story.state = "restored";
    story.impactEnd = Math.max(at, story.startedAt);
    // It may come back and end again within one look.
    const key = `restored/${story.known}`;
    const times = this.events.filter((event) => event.key.startsWith(`${story.id}/${key}`)).length;
    this.#write(story, at, times === 0 ? key : `${key}/${times + 1}`, { kind: "restored" });
  }

  reopen(story: Story, { region, startedAt }: Spell): void {
    story.state = "open";
    story.impactEnd = null;
    // How bad it is this time is still to be said.
    story.severity = "info";
    story.regions.add(region);
    story.bad.add(region);
    const change = { kind: "reopened", region, note: "" } as const;
    this.#write(story, startedAt, `reopened/${region}/${story.known}`, change);
  }

  /** `regions`: bad ones that go along. */
  merge(from: Story, into: Story, regions: readonly string[]): void {
    const { now } = this.#facts;
    this.#write(from, now, "merged", { kind: "merged", into: into.id });
    this.#write(into, now, `absorbed/${from.id}`, { kind: "absorbed", incident: from.id, regions });
    for (const region of regions) {
      into.regions.add(region);
      into.bad.add(region);
    }
    from.bad.clear();
    from.state = "over";
  }

  measure(story: Story, severity: AlertSeverity, impact: readonly Impact[], sentence: Sentence): void {
    const change = { kind: "measured", severity, sentence, impact } as const;
    this.#write(story, this.#facts.now, `measured/${story.known}`, change);
  }

  resolve(story: Story, note = ""): void {
    story.state = "over";
    this.#write(story, this.#facts.now, `resolved/${story.known}`, { kind: "resolved", note });
  }

  flap(story: Story, on: boolean): void {
    story.flapping = on;
    this.#write(story, this.#facts.now, `flapping/${story.known}`, { kind: "flapping", on });
  }

  /** From the spells that are its own. */
  sentence({ kind, scope, bad, regions }: Story, own: readonly Spell[]): Sentence {
    const reason = own.find((spell) => spell.reason !== null)?.reason ?? null;
    return this.#facts.sentenceOf({
      kind,
      scope,
      regions: [...(bad.size > 0 ? bad : regions)],
      impact: impactOf(own),
      reason,
    });
  }

  #write(story: Story, at: number, what: string, change: IncidentChange): void {
    this.events.push({ incident: story.id, key: `${story.id}/${what}`, at, author: SONDE, change });
  }
}

/** The counts of spells that count anything: blind ones do not. */
export function impactOf(spells: readonly Spell[]): Impact[] {
  return spells.flatMap(({ region, attempted, bad }) => (attempted > 0 ? [{ region, attempted, bad }] : []));
}

/** Null: nothing that is decided here. A drill is a person's from beginning to end. */
function storyOf(incident: Incident): Story | null {
  const { id, kind, state, drill, scope, severity, sentence, impactStart, impactEnd, flapping } = incident;
  if (drill || kind === "budget" || kind === "support") return null;
  if (state !== "open" && state !== "restored") return null;
  return {
    id,
    number: Number(id.slice(id.lastIndexOf("-") + 1)),
    kind,
    scope,
    severity,
    startedAt: impactStart,
    known: incident.events,
    regions: new Set(incident.regions),
    bad: new Set(incident.badRegions),
    impact: new Map(incident.impact.map((impact) => [impact.region, impact])),
    sentence,
    wasOver: state === "restored",
    flapping,
    state,
    impactEnd,
  };
}
