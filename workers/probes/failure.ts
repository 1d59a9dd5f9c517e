// Makes failures, in our own words: a server's text never gets in, so neither does a secret that it echoes.

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";

/** `sure` unless said otherwise; not transient unless said otherwise. */
export function failed(
  kind: FailureKind,
  phase: Phase,
  detail: string,
  more: { readonly code?: string | number; readonly transient?: boolean; readonly sure?: boolean } = {},
): Failure {
  const failure = { kind, phase, detail, transient: more.transient ?? false, sure: more.sure ?? true };
  return more.code === undefined ? failure : { ...failure, code: more.code };
}

/** Whether something that was thrown is a Failure of a driver, and no defect of ours. */
export function isFailure(problem: unknown): problem is Failure {
  return typeof problem === "object" && problem !== null && "kind" in problem && "phase" in problem;
}
