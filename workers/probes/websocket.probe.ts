// Any WebSocket gateway whose frames are JSON or text: it says in its options how to log in, subscribe and publish, and how
// its answers are known (`gateway.ts`). One session is one try: no reconnect, no queue, no frame that was not asked for.

import { asItIs, fillTemplate, type Template, type Values } from "../config/templates.ts";
import type { Outside } from "../outside.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Driver, DriverContext, Endpoint, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { type Gateway, gatewayOf } from "./gateway.ts";
import { Talk } from "./gateway-talk.probe.ts";
import { throughGate, timingOf } from "./opening.probe.ts";
import { openWebSocket } from "./websocket-open.probe.ts";

/** The driver, on a given outside. Options: `WebSocketInput`. Secrets: `user`, `password`, `token`. */
export function websocketDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.websocket,
    connect: (endpoint, _role, context) => connect(outside, endpoint, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, hostOf(endpoint.address), failure, context.gate),
  };
}

async function connect(outside: Outside, endpoint: Endpoint, context: DriverContext): Promise<Session> {
  const { connectMs } = context.deadlines;
  const gateway = gatewayOf(endpoint.options);
  const constants = constantsOf(gateway, endpoint);
  const headers = headersOf(gateway, constants);
  const protocols = gateway.protocols.map((one) => tokenOf(one, constants));
  const cut = new AbortController();
  const opening = await throughGate(outside, context, () =>
    openWebSocket(outside, endpoint.address, protocols, connectMs, headers, cut),
  );
  const talk = new Talk(outside, opening.value, gateway, constants, context.deadlines, () => cut.abort());
  try {
    await talk.login(opening.leftMs);
  } catch (problem) {
    // Unheard: whoever waits for this connect has waited long enough.
    void talk.close();
    throw problem;
  }
  return {
    timing: timingOf(outside, opening),
    subscribe: (channel, onMessage) => talk.subscribe(channel, onMessage),
    publish: (channel, data) => talk.publish(channel, data),
    onClosed: (listener) => talk.onClosed(listener),
    close: () => talk.close(),
  };
}

/** Secrets and vars: what stays the same in all frames. */
function constantsOf(gateway: Gateway, endpoint: Endpoint): Values {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(endpoint.secrets)) values.set(`secret.${name}`, value);
  for (const [name, value] of Object.entries(gateway.vars)) values.set(`var.${name}`, String(value));
  return (name) => values.get(name) ?? "";
}

function headersOf(gateway: Gateway, constants: Values): Record<string, string> {
  return Object.fromEntries(
    gateway.headers.map(([name, template]) => {
      const value = fillTemplate(template, constants, asItIs);
      // A line break would begin another header; fetch refuses other characters with words of its own.
      if (!/^[\x20-\x7e]*$/.test(value)) {
        throw failed("config", "connect", `the secret in the header ${name} holds what is not printable ASCII`);
      }
      return [name, value];
    }),
  );
}

function tokenOf(template: Template, constants: Values): string {
  const value = fillTemplate(template, constants, asItIs);
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value)) return value;
  throw failed("config", "connect", "the secret in a subprotocol holds what no subprotocol can");
}
