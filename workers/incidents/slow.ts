// What is bad without being an outage: a few messages lost for long, or many late. Looks at blocks of 20 messages: a round, or as
// many small ones as make 20. Scheduled rounds only: a confirm round is run because something was bad, and would count it twice.
// Plain data, bounded. Pure; called by `detector.ts`.

import { CUSUM_ALARM, cusumAfter } from "./cusum.ts";
import type { Signal } from "./signal.ts";

const BLOCK = 20;
/** Late or bad among the last 100: 10 are an alarm (7.6e-8 a window at a lateness of 1 %), 3 are peace. */
export const LATE_OF = 100;
export const LATE_ALARM = 10;
/** So many of the ten lie outside of the worst block: the figure is one of independent messages, and a block is often one burst. */
const LATE_ELSEWHERE = 5;
const LATE_CALM = 3;
/** So long without slow loss, and it is over. */
const CALM_MS = 15 * 60_000;

interface Block {
  /** The slot of its first round. */
  readonly at: number;
  readonly attempted: number;
  readonly bad: number;
  readonly late: number;
}

/** Since slow trouble began: counts up to the last round that had some. */
export interface Trouble {
  readonly at: number;
  readonly attempted: number;
  readonly bad: number;
  readonly late: number;
  /** Messages since then, without trouble so far. */
  readonly beyond: { readonly attempted: number; readonly late: number };
  /** The worst block; of 0 while none is full. */
  readonly worst: { readonly attempted: number; readonly bad: number };
}

export interface Slow {
  readonly score: number;
  /** Since when the score is 0; null: it is not, or nothing is known. */
  readonly zeroSince: number | null;
  /** Full ones, oldest first: just as many as hold 100 messages. */
  readonly blocks: readonly Block[];
  readonly pending: Block | null;
  readonly trouble: Trouble | null;
  /** Slot of the first block without many late ones, when few of the last 100 were late again; null: many are, or there are not 100 yet. */
  readonly calmAt: number | null;
}

export const NOTHING_SLOW: Slow = { score: 0, zeroSince: null, blocks: [], pending: null, trouble: null, calmAt: null };

/** After one more fit, scheduled round. `keep`: what began the trouble is still needed, though all is calm. */
export function slowAfter(slow: Slow, signal: Signal, keep: boolean): Slow {
  const pending = joined(slow.pending, signal);
  const trouble = troubleAfter(slow.trouble, signal);
  return pending.attempted < BLOCK
    ? { ...slow, pending, trouble }
    : blockDone({ ...slow, trouble }, pending, signal, keep);
}

/** After rounds that prove nothing: what was late before them says little of now, and peace must be seen. The score is kept. */
export function slowAfterBlindness(slow: Slow): Slow {
  return { ...slow, zeroSince: null, blocks: [], pending: null, calmAt: null };
}

/** S >= 15, or late >= 10 of 100; never because of one block. */
export function isSlow(slow: Slow): boolean {
  const { attempted, late } = totalOf(slow.blocks);
  const worst = slow.blocks.reduce((most, block) => Math.max(most, block.late + block.bad), 0);
  // In proportion where blocks do not make just 100; and ten of fewer are ten of a hundred already.
  const isLate = late >= (LATE_ALARM * Math.max(LATE_OF, attempted)) / LATE_OF;
  return slow.score >= CUSUM_ALARM || (isLate && late - worst >= LATE_ELSEWHERE);
}

/** S = 0 for 15 min and late <= 3 of 100. `at`: ms since the epoch. */
export function isCalm(slow: Slow, at: number): boolean {
  return slow.zeroSince !== null && at - slow.zeroSince >= CALM_MS && slow.calmAt !== null;
}

function blockDone(slow: Slow, block: Block, signal: Signal, keep: boolean): Slow {
  const score = cusumAfter(slow.score, block.attempted, block.bad);
  const blocks = newest([...slow.blocks, block]);
  const { attempted, late } = totalOf(blocks);
  const fewLate = late * LATE_OF <= LATE_CALM * Math.max(LATE_OF, attempted);
  const trouble = slow.trouble === null ? null : { ...slow.trouble, worst: worse(slow.trouble.worst, block) };
  return {
    score,
    zeroSince: score === 0 ? (slow.zeroSince ?? signal.endedAt) : null,
    blocks,
    pending: null,
    trouble: score === 0 && fewLate && !keep ? null : trouble,
    calmAt: fewLate && attempted >= LATE_OF ? (slow.calmAt ?? blocks.find(isPrompt)?.at ?? block.at) : null,
  };
}

/** A few late ones among good ones are how any service is. */
function isPrompt({ attempted, late }: Pick<Block, "attempted" | "late">): boolean {
  return late * LATE_OF <= LATE_CALM * attempted;
}

function joined(pending: Block | null, signal: Signal): Block {
  const { attempted, bad, late } = pending ?? { attempted: 0, bad: 0, late: 0 };
  return {
    at: pending?.at ?? signal.slotAt,
    attempted: attempted + signal.attempted,
    bad: bad + signal.bad,
    late: late + signal.late,
  };
}

/** The newest blocks that hold 100 messages together, no more than it takes. */
function newest(blocks: readonly Block[]): readonly Block[] {
  const [, ...others] = blocks;
  return totalOf(others).attempted >= LATE_OF ? newest(others) : blocks;
}

/** `late`: late or bad. */
function totalOf(blocks: readonly Block[]): { attempted: number; late: number } {
  const sum = (of: (block: Block) => number): number => blocks.reduce((total, block) => total + of(block), 0);
  return { attempted: sum((block) => block.attempted), late: sum((block) => block.late + block.bad) };
}

function troubleAfter(known: Trouble | null, signal: Signal): Trouble | null {
  const { attempted, bad, late, slotAt, runs } = signal;
  if (known === null && bad + late === 0) return null;
  const at = runs.find((run) => !run.ok)?.at ?? slotAt;
  const before = known ?? { at, attempted: 0, bad: 0, late: 0, beyond: NOTHING_BEYOND, worst: NOTHING_WORST };
  const beyond = { attempted: before.beyond.attempted + attempted, late: before.beyond.late + late };
  if (bad === 0 && isPrompt(signal)) return { ...before, beyond };
  return {
    ...before,
    attempted: before.attempted + beyond.attempted,
    bad: before.bad + bad,
    late: before.late + beyond.late,
    beyond: NOTHING_BEYOND,
  };
}

const NOTHING_BEYOND = { attempted: 0, late: 0 } as const;
const NOTHING_WORST = { attempted: 0, bad: 0 } as const;

function worse(a: Trouble["worst"], b: Trouble["worst"]): Trouble["worst"] {
  return a.attempted === 0 || b.bad * a.attempted > a.bad * b.attempted ? { attempted: b.attempted, bad: b.bad } : a;
}
