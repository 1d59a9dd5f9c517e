// What the page about the method says, as one interface that every language fills completely: its sections in their order, each a function
// of the facts in force. Pure. Sentences hold no number of the configuration; they are given.

import type { MethodFacts, MethodTarget } from "../method-facts.ts";

/** In the order of the page; also the anchors. */
export const METHOD_SECTIONS = [
  "outcomes",
  "minutes",
  "availability",
  "latency",
  "evidence",
  "incidents",
  "mesh",
  "targets",
  "limits",
  "watchers",
  "raw",
  "version",
] as const;
export type MethodSection = (typeof METHOD_SECTIONS)[number];

/** A piece of a section. What stands between backticks is code. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "formula"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "terms"; readonly rows: readonly (readonly [term: string, meaning: string])[] }
  | {
      readonly kind: "table";
      readonly title: string;
      readonly heads: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: "links"; readonly links: readonly (readonly [href: string, text: string])[] };

/** Our addresses that exist, as the sections may name them. */
export interface MethodAddresses {
  /** Null: there is no such page. */
  readonly api: string | null;
  readonly fleet: string | null;
  readonly history: string | null;
  readonly reports: string | null;
  readonly incidents: string | null;
  /** Raw figures as files. */
  readonly files: readonly string[];
}

/** What a section is told. `name`: of a target, made safe. */
export interface MethodTold extends MethodFacts {
  readonly addresses: MethodAddresses;
  readonly name: (target: MethodTarget) => string;
}

export interface MethodWords {
  readonly title: string;
  readonly lead: string;
  readonly contents: string;
  /** The configuration is refused, so this is of the newest figures. */
  readonly refused: string;
  readonly sections: Readonly<
    Record<MethodSection, { readonly title: string; readonly blocks: (told: MethodTold) => readonly Block[] }>
  >;
}
