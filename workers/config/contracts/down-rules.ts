// Reads `downIf` of an objective: when a slot counts as down. Pure; called by `objective-fields.ts`. Whether the target sends enough
// messages for the rule is judged in `contract-conflicts.ts`.

import * as z from "zod";
import { field, isRecord, readFields } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Refusal, Report } from "../problems.ts";
import type { DownRule } from "./contract.ts";
import { textOf } from "./term-fields.ts";

const COUNT_MAX = 1_000_000;
const MEND = 'write downIf: { rate: ">= .2" }, { count: 5 }, "all-fail" or "fractional"';

const RATE_FIELDS = { rate: field(textOf(rateOf), 'rate: ">= .2"') };
const COUNT_FIELDS = { count: field(z.number().int().min(1).max(COUNT_MAX), "count: 5") };

/** Absent: from a fifth of the messages on, as the page has it. Null: bad, and reported. */
export function readDownRule(value: Plain, path: Path, report: Report): DownRule | null {
  if (value === undefined) return { rule: "rate", op: ">=", value: 0.2 };
  if (value === "all-fail" || value === "fractional") return { rule: value };
  if (isRecord(value) && value["rate"] !== undefined) {
    const { rate } = readFields(RATE_FIELDS, value, path, report);
    return rate === undefined ? null : { rule: "rate", ...rate };
  }
  if (isRecord(value) && value["count"] !== undefined) {
    const { count } = readFields(COUNT_FIELDS, value, path, report);
    return count === undefined ? null : { rule: "count", gte: count };
  }
  if (value !== REFUSED) report.add(path, value, { problem: "is not a rule", mend: MEND });
  return null;
}

interface Rate {
  readonly op: ">" | ">=";
  readonly value: number;
}

/** "> .01": a slot is down when more than that share of its messages is bad. */
function rateOf(text: string): { readonly value: Rate } | Refusal {
  const match = /^\s*(>=?)\s*(\d{0,9}(?:\.\d{1,9})?)(%?)\s*$/.exec(text);
  const op = match?.[1] === ">" ? ">" : ">=";
  const number = Number.parseFloat(match?.[2] ?? "");
  if (match === null || Number.isNaN(number)) {
    return { problem: "is not a rate", mend: 'write rate: ">= .2" or "> .01": > or >=, then a proportion' };
  }
  if (match[3] === "%" || number > 1) {
    const proportion = String(Number((number / 100).toPrecision(12))).replace(/^0\./, ".");
    const mend = number > 100 ? 'write rate: ">= .2"' : `write rate: "${op} ${proportion}"`;
    return { problem: "is not a proportion of at most 1: it looks like a percentage", mend };
  }
  if (number === 0)
    return { problem: "is a share of nothing", mend: "write downIf: { count: 1 }: one bad message is enough" };
  if (number === 1 && op === ">") return { problem: "can never be", mend: 'write downIf: "all-fail"' };
  return { value: { op, value: number } };
}
