// The pages about subscriptions: the form, what was done, and a subscription of one's own. Pure; they decide nothing. Every act is a
// form with a button, since links are opened by machines that read mail. Called by subscribe-routes.tsx.

import type { Child } from "hono/jsx";

import type { Config } from "../../workers/config/config.ts";
import type { Choice, KeptChoice, SubscriberChannel } from "../../workers/alerts/subscription.ts";
import { plainLabel } from "../labels.ts";
import { Notice } from "../parts/hero.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import { wordsOf } from "../words/languages.ts";
import type { SubscribeWords } from "../words/subscribe-words.ts";

type Offer = Pick<Config, "targets" | "regions">;

export interface SubscribeProps {
  readonly frame: Frame;
  readonly said: SubscribeWords;
}

interface DeskProps extends SubscribeProps {
  readonly title: string;
  readonly notice: string | null;
  readonly children: Child;
}

function Desk({ frame, title, notice, children }: DeskProps) {
  return (
    <Layout {...frame} title={frame.words.title(title, frame.name)} state="unmeasured" more="desk" raw={null}>
      <div class="sub">
        <Notice text={notice} />
        <h1>{title}</h1>
        {children}
      </div>
    </Layout>
  );
}

interface ChoiceProps extends SubscribeProps {
  readonly offer: Offer;
  readonly choice: Choice;
}

/** Ticks and the language: the same for who subscribes and who changes it. */
function ChoiceFields({ frame, said, offer, choice }: ChoiceProps) {
  const { language } = frame.words;
  const lists = [
    ["target", said.targets, offer.targets, choice.targets],
    ["region", said.regions, offer.regions, choice.regions],
  ] as const;
  return (
    <>
      {lists.map(([name, legend, all, chosen]) => (
        <fieldset>
          <legend>{legend}</legend>
          <p class="soft">{said.noneIsAll}</p>
          {all.map(({ id, label }) => (
            <label>
              <input type="checkbox" name={name} value={id} checked={chosen?.includes(id) ?? false} />
              {plainLabel(label[language], id)}
            </label>
          ))}
        </fieldset>
      ))}
      <label class="line">
        {said.language}
        <select name="language">
          {frame.languages.map((one) => (
            <option value={one} lang={wordsOf(one).tag} selected={one === choice.language}>
              {wordsOf(one).ownName}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

interface FormProps extends ChoiceProps {
  readonly offered: readonly SubscriberChannel[];
  /** As they were filled in. */
  readonly channel: SubscriberChannel | null;
  readonly address: string;
  /** Why the form is shown again. */
  readonly trouble: readonly [string, string] | null;
}

export function SubscribePage(props: FormProps) {
  const { frame, said, offered, channel, address, trouble } = props;
  const mailOnly = offered.length === 1 && offered[0] === "email";
  return (
    <Desk {...props} title={said.subscribe} notice={trouble === null ? null : trouble.join(" · ")}>
      <p>{said.lead}</p>
      <form method="post" action={`/${frame.words.language}/subscribe`}>
        <fieldset>
          <legend>{said.how}</legend>
          {offered.map((one, i) => (
            <label>
              <input
                type="radio"
                name="channel"
                value={one}
                required
                checked={one === channel || (channel === null && i === 0)}
              />
              {said.channels[one]}
            </label>
          ))}
        </fieldset>
        <label class="line">
          {said.address}
          <input
            name="address"
            required
            maxlength={2048}
            value={address}
            autocomplete={mailOnly ? "email" : "off"}
            inputmode={mailOnly ? "email" : "text"}
            aria-describedby="address-help"
            aria-invalid={trouble === null ? undefined : "true"}
          />
        </label>
        <ul class="says soft" id="address-help">
          {offered.map((one) => (
            <li>{said.addressOf[one]}</li>
          ))}
        </ul>
        <ChoiceFields {...props} />
        <button>{said.send}</button>
      </form>
      <Told title={said.whatIsSent} lines={said.sent} />
      <Told title={said.whatIsKept} lines={said.kept} />
    </Desk>
  );
}

function Told({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul class="says">
        {lines.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** One sentence, and perhaps a way on. */
export function SaidPage(
  props: SubscribeProps & { readonly title: string; readonly more: string; readonly own: string | null },
) {
  const { frame, said, more, own } = props;
  return (
    <Desk {...props} notice={null}>
      <p>{more}</p>
      <p>
        {own !== null && <a href={`/${frame.words.language}/subscription/${own}`}>{said.toOwn}</a>}
        {own === null && <a href={`/${frame.words.language}/subscribe`}>{said.subscribe}</a>}
      </p>
    </Desk>
  );
}

/** The secret of a webhook, shown once, and the button that asks its receiver to prove itself. */
export function SecretPage(props: SubscribeProps & { readonly secret: string; readonly token: string }) {
  const { frame, said, secret, token } = props;
  return (
    <Desk {...props} title={said.secretTitle} notice={null}>
      <p>{said.secretMore}</p>
      <p>
        {said.secretLabel}
        <code>{secret}</code>
      </p>
      <form method="post" action={`/${frame.words.language}/subscribe/confirm/${token}`}>
        <button name="act" value="confirm">
          {said.prove}
        </button>
      </form>
    </Desk>
  );
}

/** What the link in a message leads to, before anything is confirmed. */
export function ConfirmPage(props: SubscribeProps & { readonly kept: KeptChoice; readonly token: string }) {
  const { frame, said, kept, token } = props;
  return (
    <Desk {...props} title={said.confirmTitle} notice={null}>
      <p>{said.to(kept.hint, said.channels[kept.channel])}</p>
      <form method="post" action={`/${frame.words.language}/subscribe/confirm/${token}`}>
        <button name="act" value="confirm">
          {kept.channel === "webhook" ? said.prove : said.confirm}
        </button>
      </form>
    </Desk>
  );
}

/** A subscription of one's own, to change or to end. */
export function OwnPage(
  props: SubscribeProps & { readonly offer: Offer; readonly kept: KeptChoice; readonly isChanged: boolean },
) {
  const { frame, said, offer, kept, isChanged } = props;
  const action = `/${frame.words.language}/subscription/${kept.token}`;
  return (
    <Desk {...props} title={said.ownTitle} notice={isChanged ? said.changed : null}>
      <p>{said.to(kept.hint, said.channels[kept.channel])}</p>
      <form method="post" action={action}>
        <ChoiceFields frame={frame} said={said} offer={offer} choice={kept} />
        <button name="act" value="change">
          {said.change}
        </button>
      </form>
      <h2>{said.endTitle}</h2>
      <p>{said.endMore}</p>
      <form method="post" action={action}>
        <button class="quiet" name="act" value="end">
          {said.end}
        </button>
      </form>
    </Desk>
  );
}
