// The form in the foot by which a visitor chooses the zone of all times. Pure; called by layout.tsx. A GET form of one field: it works
// without script, and the choice stands in the address alone.

import { zoneOptions } from "../zones.ts";
import type { Frame } from "./layout.tsx";

type ZonesProps = Pick<Frame, "words" | "zone" | "ownZone" | "path">;

/** Nothing where the page has no address that it could be asked for again by. */
export function Zones({ words, zone, ownZone, path }: ZonesProps) {
  if (path === null) return null;
  const [way = "", query = ""] = path.split("?");
  return (
    <form id="zones" action={`/${words.language}${way}`} data-zone={zone} data-offer={words.zoneOffer}>
      {[...new URLSearchParams(query)].map(([key, value]) => (
        <input type="hidden" name={key} value={value} />
      ))}
      <label>
        {words.zoneOfTimes}{" "}
        <select name="zone">
          {zoneOptions(zone, ownZone).map((one) => (
            <option value={one.zone} selected={one.selected}>
              {one.offered === null ? one.zone : words.zones[one.offered]}
            </option>
          ))}
        </select>
      </label>
      <button>{words.showTimes}</button>
    </form>
  );
}
