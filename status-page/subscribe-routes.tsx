// The routes of subscriptions: the form, the link that confirms, and the link that changes and ends. GET changes nothing, since mail
// scanners open every link; each act is a POST. Nothing that names a subscription is kept by anybody, and no answer tells whether an
// address is subscribed. Mounted by app.tsx; there only where the configuration offers it. Needs no D1.

import { Hono } from "hono";
import { createHash } from "node:crypto";

import type { Config } from "../workers/config/config.ts";
import type {
  HeraldDesk,
  KeptChoice,
  SubscriberChannel,
  SubscriptionAnswer,
  SubscriptionAsk,
} from "../workers/alerts/subscription.ts";
import { addressOf } from "./api/limits.ts";
import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import type { PageBindings } from "./front.ts";
import { CACHED, htmlHeaders, matches, PRIVATE, RETRY_AFTER_S, securityOf } from "./headers.ts";
import { plainLabel } from "./labels.ts";
import { ConfirmPage, OwnPage, SaidPage, SecretPage, SubscribePage } from "./pages/subscribe.tsx";
import type { SubscribeProps } from "./pages/subscribe.tsx";
import { toBytes } from "./render.tsx";
import { askOf, choiceOf, endsByOneClick, formOf, isOwnForm } from "./subscribe-form.ts";
import { subscribeWordsOf } from "./words/languages.ts";
import type { SubscribeTrouble } from "./words/subscribe-words.ts";

type Page = Parameters<typeof toBytes>[0];

interface Own {
  readonly door: PageDoor;
  readonly config: Config;
  readonly deskOf: (c: PageContext) => HeraldDesk | null;
}

const STATUS: Readonly<Record<SubscribeTrouble, number>> = {
  address: 422,
  choice: 422,
  channel: 422,
  unproven: 422,
  closed: 404,
  unknown: 404,
  form: 403,
  often: 429,
  busy: 429,
  full: 503,
  away: 503,
};
/** Of an address that is shown again: the longest that there may be. */
const ADDRESS_CHARS_MAX = 2_048;
/** What the form itself can mend is said above the form. */
const MENDED: ReadonlySet<SubscribeTrouble> = new Set(["address", "choice", "channel"]);

/** `deskOf`: null where the Worker has nobody who knows. */
export function subscribePages(door: PageDoor, deskOf: (env: PageBindings) => HeraldDesk | null): Hono<PageEnv> {
  const { config } = door;
  const app = new Hono<PageEnv>({ strict: false });
  if (config === null || config.subscriptions === null) return app;
  const own: Own = { door, config, deskOf: (c) => deskOf(c.env) };
  for (const base of ["", ...door.languages.map((language) => `/${language}`)]) {
    app.get(`${base}/subscribe`, (c) => formPage(c, own));
    app.post(`${base}/subscribe`, (c) => guarded(c, own, (desk) => ask(c, own, desk)));
    const confirm = `${base}/subscribe/confirm/:token`;
    app.get(confirm, (c) => guarded(c, own, async (desk) => confirmPage(c, own, await desk.unconfirmed(tokenOf(c)))));
    app.post(confirm, (c) => guarded(c, own, (desk) => confirmed(c, own, desk)));
    const kept = `${base}/subscription/:token`;
    app.get(kept, (c) => guarded(c, own, async (desk) => ownPage(c, own, await desk.show(tokenOf(c)))));
    app.post(kept, (c) => guarded(c, own, (desk) => changed(c, own, desk)));
  }
  return app;
}

/** What a visitor wrote is a label, here as everywhere. */
const printed = (kept: KeptChoice): KeptChoice => ({ ...kept, hint: plainLabel(kept.hint, "–") });

const tokenOf = (c: PageContext): string => c.req.param("token") ?? "";

/** Ways in which visitors may be told, in the order of the form. */
function offeredBy({ subscriptions }: Config): readonly SubscriberChannel[] {
  const { email = null, slack = false, webhooks = false } = subscriptions ?? {};
  return [
    ...(email === null ? [] : (["email"] as const)),
    ...(slack ? (["slack"] as const) : []),
    ...(webhooks ? (["webhook"] as const) : []),
  ];
}

/** `path`: of the page, where it may be known; those with a token have none, in no language switch and no header. */
function propsOf(c: PageContext, { door }: Own, path: string | null): SubscribeProps {
  const frame = door.frameOf(c, path);
  return { frame, said: subscribeWordsOf(frame.words.language) };
}

function headersOf(c: PageContext, { frame }: SubscribeProps, isPrivate: boolean): Headers {
  const headers = htmlHeaders(securityOf("desk"), frame.words.tag);
  headers.set("cache-control", isPrivate ? PRIVATE : CACHED);
  // Our own form must say where it comes from; a link that is an authority says nothing to anybody.
  headers.set("referrer-policy", c.req.param("token") === undefined ? "same-origin" : "no-referrer");
  if (isPrivate) headers.set("x-robots-tag", "noindex");
  return headers;
}

function shown(c: PageContext, props: SubscribeProps, page: Page, status = 200): Response {
  const headers = headersOf(c, props, true);
  if (status === 429 || status === 503) headers.set("retry-after", status === 429 ? "60" : RETRY_AFTER_S);
  return new Response(toBytes(page), { status, headers });
}

async function guarded(c: PageContext, own: Own, work: (desk: HeraldDesk) => Promise<Response>): Promise<Response> {
  try {
    const desk = own.deskOf(c);
    if (desk !== null) return await work(desk);
  } catch (problem) {
    // Its name only: words could hold what was sent.
    own.door.report(new Error(`a subscription was not served: ${problem instanceof Error ? problem.name : "unknown"}`));
  }
  return trouble(c, own, "away");
}

function trouble(c: PageContext, own: Own, what: SubscribeTrouble): Response {
  const props = propsOf(c, own, null);
  const [title, more] = props.said.troubles[what];
  return shown(c, props, <SaidPage {...props} title={title} more={more} own={null} />, STATUS[what]);
}

function formPage(c: PageContext, own: Own): Response {
  const props = propsOf(c, own, "/subscribe");
  const bytes = toBytes(filledForm(props, own, null, null));
  const etag = `W/"subscribe-${createHash("sha256").update(bytes).digest("hex").slice(0, 24)}"`;
  const headers = headersOf(c, props, false);
  headers.set("etag", etag);
  if (!matches(c.req.header("if-none-match"), etag)) return new Response(bytes, { headers });
  headers.delete("content-type");
  return new Response(null, { status: 304, headers });
}

/** `asked`: as it was filled in; `refused`: why it is shown again. */
function filledForm(
  props: SubscribeProps,
  { config }: Own,
  asked: SubscriptionAsk | null,
  refused: SubscribeTrouble | null,
) {
  const choice = asked ?? { language: props.frame.words.language, targets: null, regions: null };
  return (
    <SubscribePage
      {...props}
      offer={config}
      offered={offeredBy(config)}
      choice={choice}
      channel={asked?.channel ?? null}
      address={plainLabel(asked?.address, "", ADDRESS_CHARS_MAX)}
      trouble={refused === null ? null : props.said.troubles[refused]}
    />
  );
}

async function ask(c: PageContext, own: Own, desk: HeraldDesk): Promise<Response> {
  if (!isOwnForm(c.req.raw)) return trouble(c, own, "form");
  const form = await formOf(c.req.raw);
  if (form === null) return trouble(c, own, "form");
  const visitor = addressOf(c.req.header("cf-connecting-ip") ?? "");
  const counted = await c.env.SUBSCRIBE_RATE?.limit({ key: visitor });
  if (counted?.success === false) return trouble(c, own, "often");
  const props = propsOf(c, own, "/subscribe");
  const asked = askOf(form, choiceOf(form, own.door.languages, props.frame.words.language));
  const answer: SubscriptionAnswer =
    asked === null ? { ok: false, refused: "channel" } : await desk.ask(asked, visitor || null);
  if (!answer.ok) {
    const { refused } = answer;
    if (!MENDED.has(refused)) return trouble(c, own, refused);
    return shown(c, props, filledForm(props, own, asked, refused), STATUS[refused]);
  }
  const { said } = props;
  if (answer.done === "asked" && answer.secret !== null && answer.token !== null) {
    return shown(c, props, <SecretPage {...props} secret={answer.secret} token={answer.token} />);
  }
  return shown(c, props, <SaidPage {...props} title={said.asked} more={said.askedMore} own={null} />);
}

function confirmPage(c: PageContext, own: Own, answer: SubscriptionAnswer): Response {
  if (!answer.ok) return trouble(c, own, answer.refused);
  if (answer.done !== "seen") throw new Error("a look that did something");
  const props = propsOf(c, own, null);
  return shown(c, props, <ConfirmPage {...props} kept={printed(answer.kept)} token={tokenOf(c)} />);
}

/** The token is the authority: mail programs open their pages without an origin. */
async function confirmed(c: PageContext, own: Own, desk: HeraldDesk): Promise<Response> {
  const form = await formOf(c.req.raw);
  if (form?.get("act") !== "confirm") return trouble(c, own, "form");
  const answer = await desk.confirm(tokenOf(c));
  if (!answer.ok) return trouble(c, own, answer.refused);
  if (answer.done !== "confirmed") throw new Error("a confirmation that did not confirm");
  const props = propsOf(c, own, null);
  const { said } = props;
  const { token } = answer.kept;
  return shown(c, props, <SaidPage {...props} title={said.confirmed} more={said.confirmedMore} own={token} />);
}

function ownPage(c: PageContext, own: Own, answer: SubscriptionAnswer): Response {
  if (!answer.ok) return trouble(c, own, answer.refused);
  if (answer.done !== "seen" && answer.done !== "changed") throw new Error("a subscription that is not shown");
  const props = propsOf(c, own, null);
  const page = (
    <OwnPage {...props} offer={own.config} kept={printed(answer.kept)} isChanged={answer.done === "changed"} />
  );
  return shown(c, props, page);
}

/** By the page's buttons, or by a mail program's one click (RFC 8058). */
async function changed(c: PageContext, own: Own, desk: HeraldDesk): Promise<Response> {
  const isMultipart = await endsByOneClick(c.req.raw);
  const form = isMultipart ? null : await formOf(c.req.raw);
  const isEnd = isMultipart || form?.get("List-Unsubscribe") === "One-Click" || form?.get("act") === "end";
  const props = propsOf(c, own, null);
  if (isEnd) {
    const answer = await desk.end(tokenOf(c));
    if (!answer.ok) return trouble(c, own, answer.refused);
    const { said } = props;
    return shown(c, props, <SaidPage {...props} title={said.ended} more={said.endedMore} own={null} />);
  }
  if (form?.get("act") !== "change") return trouble(c, own, "form");
  const choice = choiceOf(form, own.door.languages, props.frame.words.language);
  return ownPage(c, own, await desk.change(tokenOf(c), choice));
}
