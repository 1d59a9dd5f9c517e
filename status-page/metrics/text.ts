// Families of metrics as text: OpenMetrics 1.0 (its section "Text format") and Prometheus' text format 0.0.4. Pure; called by the
// route. Never decides what is shown. Lines end in LF; label values are escaped, without unseen characters, and limited.

import type { Family, Labels } from "../../workers/metrics/family.ts";
import { plainLabel } from "../labels.ts";
import type { Format } from "./accept.ts";

/** The whole answer. */
export function writeMetrics(families: readonly Family[], format: Format): string {
  const write = linesOf(format);
  const lines = families.flatMap((family) => [...headOf(family, format), ...write(family)]);
  if (format === "openmetrics") lines.push("# EOF");
  return `${lines.join("\n")}\n`;
}

/** OpenMetrics names the family; the older format names each metric as it stands in its samples. */
function headOf({ name, type, unit, help }: Family, format: Format): readonly string[] {
  if (format === "openmetrics") {
    const units = unit === null ? [] : [`# UNIT ${name} ${unit}`];
    return [`# TYPE ${name} ${type}`, ...units, `# HELP ${name} ${escaped(help)}`];
  }
  const suffix = type === "counter" ? "_total" : type === "info" ? "_info" : "";
  // It knows neither.
  const known = type === "stateset" || type === "info" ? "gauge" : type;
  return [`# HELP ${name}${suffix} ${help.replaceAll("\\", "\\\\")}`, `# TYPE ${name}${suffix} ${known}`];
}

/** Writes the samples of a family; the labels of a series, which many families share, are written once. */
function linesOf(format: Format): (family: Family) => readonly string[] {
  const kept = new Map<Labels, string>();
  const joined = (labels: Labels): string => {
    const found = kept.get(labels) ?? Object.entries(labels).map(pair).join(",");
    kept.set(labels, found);
    return found;
  };
  const sample = (name: string, labels: Labels, value: number, more = ""): string => {
    const own = joined(labels);
    const all = own !== "" && more !== "" ? `${own},${more}` : own + more;
    return `${name}${all === "" ? "" : `{${all}}`} ${number(value)}`;
  };
  const created = (name: string, labels: Labels, startedAt: number): readonly string[] =>
    format === "openmetrics" ? [sample(`${name}_created`, labels, startedAt / 1000)] : [];
  return (family) => {
    const { name } = family;
    switch (family.type) {
      case "gauge":
        return family.points.map(({ labels, value }) => sample(name, labels, value));
      case "info":
        return family.points.map(({ labels }) => sample(`${name}_info`, labels, 1));
      case "counter":
        return family.points.flatMap(({ labels, value, startedAt }) => [
          sample(`${name}_total`, labels, value),
          ...created(name, labels, startedAt),
        ]);
      case "stateset":
        return family.points.flatMap(({ labels, state }) =>
          family.states.map((one) => sample(name, labels, one === state ? 1 : 0, pair([name, one]))),
        );
      case "summary":
        return family.points.flatMap(({ labels, sum, count, startedAt }) => [
          sample(`${name}_sum`, labels, sum),
          sample(`${name}_count`, labels, count),
          ...created(name, labels, startedAt),
        ]);
      case "histogram":
        return family.points.flatMap(({ labels, buckets, count, startedAt }) => [
          ...[...buckets, [Infinity, count] as const].map(([limitS, upTo]) =>
            sample(`${name}_bucket`, labels, upTo, `le="${canonical(limitS)}"`),
          ),
          // Messages that never came have no time, so there is no sum; without it OpenMetrics wants no count either.
          ...(format === "prometheus" ? [sample(`${name}_count`, labels, count)] : []),
          ...created(name, labels, startedAt),
        ]);
    }
  };
}

function pair([name, value]: readonly [string, string]): string {
  return `${name}="${escaped(plainLabel(value.toWellFormed(), "", 200))}"`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+Inf" : value < 0 ? "-Inf" : "NaN";
}

/** Limits are labels, so they must be spelt as everybody spells them: 1.0, not 1. */
function canonical(limitS: number): string {
  return Number.isInteger(limitS) ? `${limitS}.0` : number(limitS);
}
