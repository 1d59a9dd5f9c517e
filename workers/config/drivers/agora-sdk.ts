// What a target of the driver `agora-sdk` may say. The SDK finds its access points by itself: the address is the one that a
// failed login is diagnosed with.

import { field } from "../fields.ts";
import { APP_ID, refusalOfName, refusedAddresses, USER, USER_FALLBACK } from "./agora.ts";
import type { Conflict, DriverRules } from "./rules.ts";

export interface AgoraSdkInput {
  readonly driver: "agora-sdk";
  readonly credentials: { readonly appCertificate: string };
  readonly options: {
    /** 32 hexadecimal digits. */
    readonly appId: string;
    /** Who logs in, with "-pub" and "-sub" behind it. Default "sonde-{target}-{region}". */
    readonly user?: string;
    /** Default "sonde-{target}-{region}". */
    readonly channel?: string;
  };
}

const EXAMPLE = "https://ap-web-1.agora.io";

export const AGORA_SDK_RULES: DriverRules = {
  schemes: ["https"],
  example: EXAMPLE,
  canReceive: true,
  alone: true,
  credentials: ["appCertificate"],
  options: {
    appId: APP_ID,
    user: field(USER.default(USER_FALLBACK), `user: "${USER_FALLBACK}"`),
  },
  channel: { option: "channel", fallback: "sonde-{target}-{region}", judge: refusalOfName },
  conflicts: ({ addresses, secrets }) => [...refusedAddresses(addresses, EXAMPLE), ...missingCertificate(secrets)],
};

function missingCertificate(secrets: Readonly<Record<string, string>>): Conflict[] {
  if (secrets["appCertificate"] !== undefined) return [];
  const refusal = {
    problem: "is missing: the SDK logs in with a token, and the token is signed with the App Certificate",
    mend: 'write credentials: { appCertificate: "AGORA_APP_CERTIFICATE" }',
  };
  return [{ path: ["credentials", "appCertificate"], value: undefined, refusal }];
}
