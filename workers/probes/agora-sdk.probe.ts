// Agora Signaling by Agora's own SDK (npm agora-rtm 2.3.0, unmodified): two users of one region, publisher to subscriber, on a
// message channel. Experimental and opt-in. Proven in workerd: it loads, asks the access points for the way with our token,
// and ends. Not proven without an App ID: the way to an edge, and messages. `npm run agora:prove` proves it for who has one.

import type { RTMClient, RTMEvents } from "agora-rtm";

import { fillPlaceholders } from "../config/placeholders.ts";
import type { Outside } from "../outside.ts";
import { TimeoutError, within } from "../outside.ts";
import { loadAsInBrowser, openScope, type Scope } from "./agora-browser.probe.ts";
import { failureOfSdk } from "./agora-codes.ts";
import { signAgoraTokenNow } from "./agora-sign.probe.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Answer, Driver, DriverContext, Endpoint, Failure, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { inTime } from "./opening.probe.ts";

const USER_BYTES_MAX = 64;

/** Options: `appId`, `user`. Secrets: `appCertificate`. */
export function agoraSdkDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES["agora-sdk"],
    connect: (endpoint, role, context) => connect(outside, endpoint, role, context),
    diagnose: (endpoint, failure, context) => lookAgain(outside, endpoint, failure, context),
  };
}

/** The SDK has no word for a way that is closed, and goes on trying. A layer that fails says more; an open way, nothing new. */
async function lookAgain(
  outside: Outside,
  endpoint: Endpoint,
  failure: Failure,
  context: DriverContext,
): Promise<Failure> {
  if (failure.sure || failure.phase !== "connect") return failure;
  const seen = await diagnose(outside, hostOf(endpoint.address), { ...failure, kind: "tcp" }, context.gate);
  return seen.kind === "handshake" ? failure : seen;
}

async function connect(
  outside: Outside,
  endpoint: Endpoint,
  role: "publisher" | "subscriber",
  context: DriverContext,
): Promise<Session> {
  const { options, secrets } = endpoint;
  const appId = String(options["appId"]);
  // Two users: one that logs in twice is logged out.
  const user = `${fillPlaceholders(String(options["user"]), endpoint.names ?? {})}-${role.slice(0, 3)}`;
  const bytes = new TextEncoder().encode(user).length;
  if (bytes > USER_BYTES_MAX) {
    throw failed(
      "config",
      "connect",
      `the user id has ${bytes} bytes with its role, and Agora takes ${USER_BYTES_MAX}`,
    );
  }
  const Client = await loadClient();
  const token = await signAgoraTokenNow(outside, { appId, appCertificate: secrets["appCertificate"] ?? "", user });
  const { connectMs, closeMs } = context.deadlines;
  const scope = openScope(outside, context.gate);
  const askedAt = outside.now();
  let client: RTMClient | null = null;
  try {
    const opened = scope.run(() => new Client(appId, user, { logLevel: "none", logUpload: false }));
    client = opened;
    await within(
      outside,
      connectMs,
      "login",
      scope.run(() => opened.login({ token })),
    );
    // The SDK does the handshake and the login in one, and does not tell them apart. Its requests wait for places side by side.
    const queuedMs = scope.queuedMs();
    const timing = { queuedMs, handshakeMs: 0, loginMs: outside.now() - askedAt - queuedMs };
    return sessionOn(outside, opened, scope, timing, context);
  } catch (problem) {
    if (client !== null) await end(outside, client, scope, closeMs);
    throw problem instanceof TimeoutError
      ? failed("timeout", "connect", `no login within ${connectMs} ms`, { transient: true, sure: false })
      : failureOfSdk(problem, "connect");
  }
}

/** The class of the SDK, or why it is not there. */
async function loadClient(): Promise<typeof RTMClient> {
  const module: object = await loadAsInBrowser(() => import("agora-rtm"));
  const sdk: object = "default" in module ? Object(module.default) : module;
  if ("RTM" in sdk) return sdk.RTM as typeof RTMClient;
  const mend = 'npm install agora-rtm@2.3.0, and take "agora-rtm" out of [alias] in wrangler.toml';
  throw failed("config", "connect", `Agora's SDK is not part of this Worker: ${mend}`);
}

/** Ends the SDK's own reconnecting first, then whatever is still open. Never rejects. */
async function end(outside: Outside, client: RTMClient, scope: Scope, closeMs: number): Promise<void> {
  await within(
    outside,
    closeMs,
    "logout",
    scope.run(() => client.logout()),
  ).catch(() => {});
  scope.run(() => client.removeAllListeners());
  scope.close();
}

function sessionOn(
  outside: Outside,
  client: RTMClient,
  scope: Scope,
  timing: Session["timing"],
  context: DriverContext,
): Session {
  const { subscribeMs, closeMs } = context.deadlines;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let ending = false;
  let failure: Failure | null = null;
  let tell: ((failure: Failure) => void) | null = null;
  let settle = (): void => {};
  const closed = new Promise<Answer>((resolve) => {
    settle = () => resolve({ kind: "none" });
  });
  client.addEventListener("linkState", ({ currentState }: RTMEvents.LinkStateEvent) => {
    if (ending || failure !== null || currentState === "CONNECTED") return;
    failure = failed("closed", "deliver", "the SDK has lost its connection", { transient: true });
    // One session is one try: its reconnecting ends here.
    scope.close();
    const lost = failure;
    scope.leave(() => tell?.(lost));
  });
  return {
    timing,
    async subscribe(channel, onMessage) {
      client.addEventListener("message", ({ channelName, message }: RTMEvents.MessageEvent) => {
        const receivedAt = outside.now();
        if (channelName !== channel) return;
        const data = typeof message === "string" ? encoder.encode(message) : message;
        scope.leave(() => onMessage({ data, receivedAt }));
      });
      const wanted = { withMessage: true, withPresence: false, withMetadata: false, withLock: false };
      const asked = scope
        .run(() => client.subscribe(channel, wanted))
        .catch((problem: unknown) => {
          throw failureOfSdk(problem, "subscribe");
        });
      await inTime(outside, { phase: "subscribe", what: "subscription", timeoutMs: subscribeMs }, asked);
    },
    publish(channel, data) {
      const text = decoder.decode(data);
      const sentAt = outside.now();
      const said = scope
        .run(() => client.publish(channel, text, { channelType: "MESSAGE" }))
        .then(
          (): Answer => ({ kind: "acknowledged", receivedAt: outside.now() }),
          (problem: unknown): Answer =>
            ending ? { kind: "none" } : { kind: "refused", failure: failureOfSdk(problem, "publish") },
        );
      return { sentAt, answer: Promise.race([said, closed]) };
    },
    onClosed(listener) {
      tell = listener;
      if (failure !== null) listener(failure);
    },
    async close() {
      if (ending) return;
      ending = true;
      settle();
      await end(outside, client, scope, closeMs);
    },
  };
}
