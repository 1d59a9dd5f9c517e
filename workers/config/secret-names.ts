// Names of secrets, as they stand in a configuration. Never sees a secret, and refuses what looks like one.

import * as z from "zod";
import { judged } from "./fields.ts";

/** `example`: a name to write instead. */
export function secretName(example: string): z.ZodType<string> {
  return judged(z.string(), (text) =>
    /^[A-Z][A-Z0-9_]{1,63}$/.test(text)
      ? null
      : {
          problem: "looks like a value, and the configuration is published with the evidence",
          mend: `put it in a secret (npx wrangler secret put ${example}) and write the name: "${example}"`,
        },
  );
}
