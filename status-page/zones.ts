// The visitor's choice of time zone: `?zone=Asia/Tokyo` on any page. Pure; called by app.tsx and parts/layout.tsx. The address is all
// that decides what is printed, so there is no cookie, and a shared link shows what its sender saw. A zone that is not known is not
// an error and is never repeated: the page is then in its own zone.

import { refusalOfZone } from "../workers/config/zones.ts";

/** Offered to everybody, by continent; any other that the runtime knows may stand in the address. */
export const ZONES = [
  "UTC",
  "America/Los_Angeles",
  "America/Denver",
  "America/Chicago",
  "America/New_York",
  "America/Mexico_City",
  "America/Sao_Paulo",
  "Europe/London",
  "Europe/Berlin",
  "Europe/Istanbul",
  "Europe/Moscow",
  "Africa/Lagos",
  "Africa/Cairo",
  "Africa/Johannesburg",
  "Africa/Nairobi",
  "Asia/Dubai",
  "Asia/Karachi",
  "Asia/Kolkata",
  "Asia/Bangkok",
  "Asia/Singapore",
  "Asia/Shanghai",
  "Asia/Seoul",
  "Asia/Tokyo",
  "Australia/Perth",
  "Australia/Sydney",
  "Pacific/Auckland",
] as const;
export type OfferedZone = (typeof ZONES)[number];

const names = new Map<string, string | null>();
/** There are about 600 names, and as many ways to write each as somebody cares to try. */
const NAMES_MAX = 1000;

const intlName = (zone: string): string => new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
/** Intl keeps old names: its Asia/Calcutta is our Asia/Kolkata. Made for the first who asks. */
let offeredNames: ReadonlyMap<string, string> | null = null;

/** The zone as we offer it, else as Intl calls it: "asia/shanghai" is Asia/Shanghai and Etc/UTC is UTC; null: it is not known. */
export function zoneNamed(asked: string): string | null {
  const known = names.get(asked);
  if (known !== undefined) return known;
  offeredNames ??= new Map(ZONES.map((zone) => [intlName(zone), zone]));
  const intl = refusalOfZone(asked) === null ? intlName(asked) : null;
  const name = intl === null ? null : (offeredNames.get(intl) ?? intl);
  // What is no zone may be long, and is never asked for again by an honest visitor.
  if (name === null) return null;
  if (names.size >= NAMES_MAX) names.clear();
  names.set(asked, name);
  return name;
}

/** The zone of a page: what was asked for where that is a zone, else its own. */
export function zoneFor(asked: string | undefined, own: string): { readonly zone: string; readonly chosen: boolean } {
  const zone = asked === undefined ? null : zoneNamed(asked);
  return zone === null || zone === zoneNamed(own) ? { zone: own, chosen: false } : { zone, chosen: true };
}

interface ZoneOption {
  readonly zone: string;
  /** Null: only its name is known. */
  readonly offered: OfferedZone | null;
  readonly selected: boolean;
}

/** What the form offers: the page's own zone first, the visitor's where it is another, then the known ones; each once. */
export function zoneOptions(zone: string, own: string): readonly ZoneOption[] {
  const seen = new Set<string>();
  return [own, zone, ...ZONES].flatMap((each) => {
    const name = zoneNamed(each) ?? each;
    if (seen.has(name)) return [];
    seen.add(name);
    const offered = ZONES.find((one) => zoneNamed(one) === name) ?? null;
    return [{ zone: offered ?? each, offered, selected: name === (zoneNamed(zone) ?? zone) }];
  });
}

/** A link to a page of ours as JSX printed it; what has a dot in its last part is a file, and has no zone. */
const PAGE_LINK = /(<a\b[^>]*?\shref=")(\/[a-z]{2}(?:\/[^"#?.]*)?)(\?[^"#]*)?(#[^"]*)?"/g;

/** The finished page with the visitor's zone on each of its links to pages, so that no page has to think of it. */
export function carryZone(html: string, zone: string): string {
  const own = `zone=${encodeURIComponent(zone)}`;
  return html.replace(PAGE_LINK, (all, before: string, path: string, query: string | undefined, hash = "") =>
    query !== undefined && /[?;&]zone=/.test(query)
      ? all
      : `${before}${path}${query === undefined ? "?" : `${query}&amp;`}${own}${hash}"`,
  );
}
