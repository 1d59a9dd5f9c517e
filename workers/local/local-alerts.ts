// Who hears of alerts on this machine: the terminal, and nobody else. The user's own channels stay, so that one can be tried out on
// purpose, but no route leads to them: a network that is broken for practice must wake no one. Pure.

import type { AlertsInput } from "../config/alerts/define-alerts.ts";
import type { ConfigInput } from "../config/define.ts";

/** Secrets by the names that the local configuration uses where the user's has none. */
export const ALERT_SECRETS = {
  url: "SONDE_LOCAL_ALERTS_URL",
  key: "SONDE_LOCAL_ALERTS_KEY",
  links: "SONDE_LOCAL_LINKS",
  token: "SONDE_LOCAL_TOKEN",
} as const;

const TERMINAL = "this-terminal";

/** `pageUrl`: where the page is on this machine. The result is parsed as any configuration is. */
export function localAlerts(config: ConfigInput, pageUrl: string): ConfigInput {
  const own: Partial<AlertsInput> = config.alerts ?? {};
  const { url, key, links, token } = ALERT_SECRETS;
  const audiences = ["service", "keepers", "support"] as const;
  return {
    ...config,
    url: pageUrl,
    alerts: {
      ...own,
      channels: [...(own.channels ?? []), { id: TERMINAL, channel: "webhook", url, key }],
      routes: audiences.map((audience) => ({ id: audience, audience, to: [TERMINAL] })),
      links,
      token: own.token ?? token,
    },
  };
}
