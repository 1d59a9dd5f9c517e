// Which text format a scraper wants, by its Accept header and the q-values in it (RFC 9110, 12.5.1). Pure; called by the route.
// Nothing that we have is refused: as Prometheus' own libraries do, a header that fits nothing gets the plain text.

export type Format = "openmetrics" | "prometheus";

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

/** A header is read up to here: nobody's scraper says more. */
const HEADER_CHARS_MAX = 1_000;

/** OpenMetrics where it is named with at least the plain text's q-value: it says more. Wildcards, and browsers, get plain text. */
export function formatFor(accept: string | undefined): Format {
  const ranges = (accept ?? "").slice(0, HEADER_CHARS_MAX).split(",").map(rangeOf);
  const best = (type: string, version: string): number =>
    Math.max(
      0,
      ...ranges.filter((range) => range.type === type && [null, version].includes(range.version)).map(({ q }) => q),
    );
  const openmetrics = best("application/openmetrics-text", "1.0.0");
  return openmetrics > 0 && openmetrics >= best("text/plain", "0.0.4") ? "openmetrics" : "prometheus";
}

function rangeOf(text: string): { readonly type: string; readonly version: string | null; readonly q: number } {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const valueOf = (name: string): string | null => {
    const found = parameters.find((parameter) => parameter.startsWith(`${name}=`));
    return found?.slice(name.length + 1).replaceAll('"', "") ?? null;
  };
  const q = valueOf("q");
  // What is no number between 0 and 1 is not understood, and so not wanted.
  const weight = q === null ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q) : 0;
  return { type, version: valueOf("version"), q: weight };
}
