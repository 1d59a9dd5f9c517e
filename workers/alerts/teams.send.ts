// Microsoft Teams by a Power Automate workflow ("When a Teams webhook request is received") with an Adaptive Card. Its own word is
// 202. Everything stands in text runs, which know no Markdown and no mentions. Called by the map of channels.

import { accepted, byStatus, codeOf, NEVER, objectOf, quote, refused, type Said } from "./answer.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { FACT_NAME_CHARS_MAX, FACT_VALUE_CHARS_MAX, fit, linksOf, partsOf, sizeInBytes } from "./text.ts";

/** Teams takes 28 KB; with these a card has 16 KB at most. */
const TITLE_CHARS_MAX = 250;
const SENTENCE_BYTES_MAX = 5_000;
const FACTS_MAX = 10;
/** Each is a block of its own. */
const LINES_MAX = 50;

export const sendTeams: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  return deliver(world, { alert, url: address.value, body: JSON.stringify(bodyOf(alert)) }, judge);
};

const COLOURS = { critical: "Attention", error: "Attention", warning: "Warning", info: "Accent" } as const;

const run = (text: string, look: object = {}): object => ({ type: "TextRun", text, ...look });
const block = (...inlines: object[]): object => ({ type: "RichTextBlock", inlines });

function bodyOf(alert: Alert): object {
  const { title, source, sentence, facts } = partsOf(alert);
  const color = alert.kind === "resolve" ? "Good" : COLOURS[alert.severity];
  const heading = fit(title, { max: TITLE_CHARS_MAX });
  const told = fit(sentence, { max: SENTENCE_BYTES_MAX, sizeOf: sizeInBytes });
  const lines = told.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.length > LINES_MAX ? [...lines.slice(0, LINES_MAX), "…"] : lines;
  const body = [
    block(run(heading, { weight: "Bolder", size: "Large", color })),
    ...shown.map((line) => block(run(line))),
    ...facts.slice(0, FACTS_MAX).map(({ name, value }) => {
      const label = run(`${fit(name, { max: FACT_NAME_CHARS_MAX })}: `, { weight: "Bolder" });
      return block(label, run(fit(value, { max: FACT_VALUE_CHARS_MAX })));
    }),
    block(run(fit(source, { max: FACT_NAME_CHARS_MAX }), { isSubtle: true, size: "Small" })),
  ];
  const card = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    fallbackText: heading,
    msteams: { width: "Full" },
    body,
    actions: linksOf(alert).map(({ text, url }) => ({ type: "Action.OpenUrl", title: text, url })),
  };
  const attachment = { contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content: card };
  return { type: "message", attachments: [attachment] };
}

function judge(said: Said): ChannelAnswer {
  const error = objectOf(said.json?.["error"]);
  const code = codeOf(error?.["code"]);
  const words = quote(error?.["message"]);
  if (said.status === 202) return accepted(said, null, "202 Accepted");
  // Sent again it may be shown again: whoever answers 200 has done something with it.
  if (said.status >= 200 && said.status < 300) {
    return refused(
      said,
      code,
      `A Teams workflow answers 202, this address ${said.status}: set the workflow's URL.`,
      NEVER,
    );
  }
  if (said.status === 401 || said.status === 403) {
    return refused(said, code, `The URL's signature is not valid${words}: copy the workflow's URL again.`, NEVER);
  }
  if (said.status === 404 || said.status === 410) {
    return refused(said, code, `The workflow is gone${words}: make a new one in Teams.`, NEVER, true);
  }
  if (code === "WorkflowTriggerIsNotEnabled") {
    return refused(said, code, `The workflow is switched off${words}: switch it on in Power Automate.`, NEVER);
  }
  return byStatus(said, code);
}
