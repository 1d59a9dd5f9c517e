// Which measuring region is nearest to a visitor, from what the platform says of his connection. Pure; called by here-view.ts. Nothing
// of it is kept, and nothing finer than a country is ever printed.

import { LOCATION_HINTS, type LocationHint } from "../schema/words.ts";

/** What Cloudflare says of a request (`request.cf`); anything may be missing, and degrees come as text. */
export interface Whereabouts {
  readonly continent: string | null;
  readonly country: string | null;
  readonly colo: string | null;
  /** Degrees; both or none. */
  readonly point: Point | null;
}

interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** What it was judged by. */
export type JudgedBy = "coordinates" | "continent" | "choice";

export interface Near<Region> {
  readonly region: Region;
  readonly by: JudgedBy;
  /** Whole km as the crow flies to where the region's prober is asked to be; null: not known. */
  readonly km: number | null;
}

/** The large data centres that each hint stands for: where a prober usually runs. Degrees north and east. */
const CENTRES: Readonly<Record<LocationHint, Point>> = {
  wnam: { latitude: 37.4, longitude: -121.9 },
  enam: { latitude: 39, longitude: -77.5 },
  weur: { latitude: 50.1, longitude: 8.7 },
  eeur: { latitude: 52.2, longitude: 21 },
  "apac-ne": { latitude: 35.7, longitude: 139.7 },
  "apac-se": { latitude: 1.35, longitude: 103.8 },
  oc: { latitude: -33.9, longitude: 151.2 },
};

/** Best first, where only the continent is known. */
const BY_CONTINENT: Readonly<Record<string, readonly LocationHint[]>> = {
  NA: ["enam", "wnam"],
  SA: ["enam", "wnam"],
  EU: ["weur", "eeur"],
  AF: ["weur", "eeur"],
  AS: ["apac-se", "apac-ne"],
  OC: ["oc", "apac-se"],
};

const EARTH_KM = 6371;
const radians = (angle: number): number => (angle * Math.PI) / 180;

/** The haversine formula, on a sphere: right to half a percent, which is finer than anybody's position here. */
export function kmBetween(a: Point, b: Point): number {
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const h =
    half(a.latitude, b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

const textIn = (value: unknown, pattern: RegExp): string | null =>
  typeof value === "string" && pattern.test(value) ? value : null;

function degrees(value: unknown, most: number): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Math.abs(number) <= most ? number : null;
}

/** Of whatever stands in `request.cf`. Null: it says nothing of a place. */
export function whereaboutsOf(cf: unknown): Whereabouts | null {
  if (typeof cf !== "object" || cf === null) return null;
  const of = (name: string): unknown => Reflect.get(cf, name);
  const [latitude, longitude] = [degrees(of("latitude"), 90), degrees(of("longitude"), 180)];
  const found = {
    continent: textIn(of("continent"), /^[A-Z]{2}$/),
    // XX and T1 (Tor) are no countries.
    country: textIn(of("country"), /^(?!XX)[A-Z]{2}$/),
    colo: textIn(of("colo"), /^[A-Z]{3}$/),
    point: latitude === null || longitude === null ? null : { latitude, longitude },
  };
  return found.continent === null && found.point === null ? null : found;
}

interface Placed {
  readonly hint: string;
}

/** The nearest of the regions that measure; null: none of them can be told to be near. */
export function nearestOf<Region extends Placed>(regions: readonly Region[], at: Whereabouts): Near<Region> | null {
  const { point, continent } = at;
  if (point !== null) {
    const [first] = regions
      .flatMap((region) => {
        const hint = LOCATION_HINTS.find((one) => one === region.hint);
        return hint === undefined ? [] : [{ region, km: kmBetween(point, CENTRES[hint]) }];
      })
      .toSorted((a, b) => a.km - b.km);
    if (first !== undefined) return { region: first.region, by: "coordinates", km: Math.round(first.km) };
  }
  for (const hint of BY_CONTINENT[continent ?? ""] ?? []) {
    const region = regions.find((one) => one.hint === hint);
    if (region !== undefined) return { region, by: "continent", km: null };
  }
  return null;
}
