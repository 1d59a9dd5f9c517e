// Reads `access` (whose visitors Cloudflare Access vouches for) and `records` (the name of the secret that signs what is written
// down about contracts). Called by `parse.ts`. Lets nobody in itself.

import * as z from "zod";
import type { Access } from "./config.ts";
import { field, judged, readFields } from "./fields.ts";
import type { Plain } from "./plain.ts";
import type { Path, Refusal, Report } from "./problems.ts";
import { secretName } from "./secret-names.ts";

const RECORDS_SECRET = "SONDE_RECORDS_SECRET";

const ACCESS_FIELDS = {
  team: field(judged(z.string(), refusalOfTeam), 'team: "acme"'),
  audience: field(judged(z.string(), refusalOfAudience), 'audience: "the AUD tag of the application, 64 hex digits"'),
};

const RECORDS_FIELDS = { secret: field(secretName(RECORDS_SECRET), `secret: "${RECORDS_SECRET}"`) };

/** Null: absent, or bad and reported. */
export function readAccess(value: Plain, path: Path, report: Report): Access | null {
  if (value === undefined) return null;
  const { team, audience } = readFields(ACCESS_FIELDS, value, path, report);
  return team === undefined || audience === undefined ? null : { team, audience };
}

/** The name of the secret. Null: absent, or bad and reported. */
export function readRecords(value: Plain, path: Path, report: Report): string | null {
  return value === undefined ? null : (readFields(RECORDS_FIELDS, value, path, report).secret ?? null);
}

/** The team's name becomes a host: nothing but the one label may come in. */
function refusalOfTeam(text: string): Refusal | null {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return null;
  const inside = /^(?:https:\/\/)?([a-z0-9-]{1,63})\.cloudflareaccess\.com\/?$/i.exec(text)?.[1];
  const mend = `write team: "${inside === undefined ? "acme" : inside.toLowerCase()}"`;
  return { problem: "is not the name of a team, the part before .cloudflareaccess.com", mend };
}

function refusalOfAudience(text: string): Refusal | null {
  if (/^[0-9a-f]{64}$/.test(text)) return null;
  const mend = "write the Application Audience (AUD) tag that Zero Trust shows for the application: 64 of 0-9 and a-f";
  return { problem: "is not an audience tag", mend };
}
