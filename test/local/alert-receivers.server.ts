// Receivers of alerts on loopback, one for each dialect: each speaks what its vendor documents and complains when misused (wrong
// signature, keyword missing, too long, a mention that would ring). `reply` puts a trouble in place of the contract. It proves that
// Sonde speaks as documented, not that the vendors answer so. Started by the tests of the channels.

import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { ChannelName } from "../../schema/words.ts";

export type Dialect = Exclude<ChannelName, "email">;

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** `hang`: nothing. `drip`: headers, then nothing. `cut`: closed before a word. `torn`: closed within the body. `huge`: 1 MB. */
export type Reply = Answer | "hang" | "drip" | "cut" | "torn" | "huge";

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Rules {
  /** What the receiver knows as its secret; null: it asks for none. */
  readonly key: string | null;
  readonly keyword: string | null;
}

export interface Receiver {
  /** http://127.0.0.1:port */
  readonly origin: string;
  readonly seen: Seen[];
  /** In place of what the contract says. */
  reply: Reply | null;
  close(): Promise<void>;
}

type Contract = (seen: Seen, rules: Rules, memory: Map<string, string>) => Answer;

export async function startReceiver(dialect: Dialect, rules: Rules): Promise<Receiver> {
  const seen: Seen[] = [];
  const memory = new Map<string, string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://receiver");
      const { method = "", headers } = request;
      const one = { method, path: url.pathname, query: url.searchParams, headers, body: String(Buffer.concat(chunks)) };
      seen.push(one);
      act(response, receiver.reply ?? CONTRACTS[dialect](one, rules, memory));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    reply: null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
  return receiver;
}

function act(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "cut") return void response.destroy();
  if (reply === "drip") return void response.writeHead(200).write("o");
  if (reply === "torn") {
    response.writeHead(200, { "content-length": "100" }).write('{"ok":tru');
    return void setTimeout(() => response.destroy(), 20);
  }
  if (reply === "huge") return void response.writeHead(200).end(`${"x".repeat(1_000_000)}`);
  response.writeHead(reply.status, reply.headers).end(reply.body ?? "");
}

type Json = Readonly<Record<string, unknown>>;

/** What a contract reads of a body; a wrong shape is a complaint, by a throw. */
const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Json | undefined)?.[step], value);
const textAt = (value: unknown, ...path: readonly (string | number)[]): string => {
  const text = at(value, ...path);
  if (typeof text !== "string") throw new TypeError(`no text at ${path.join("/")}`);
  return text;
};
const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const list = at(value, ...path) ?? [];
  if (!Array.isArray(list)) throw new TypeError(`no list at ${path.join("/")}`);
  return list;
};
const bytes = (text: string): number => Buffer.byteLength(text);
const json = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });

/** The contract with a body that is parsed; `bad` for whatever is no JSON or has the wrong shape. */
function parsed(
  bad: (why: string) => Answer,
  judge: (body: unknown, ...rest: Parameters<Contract>) => Answer,
): Contract {
  return (seen, rules, memory) => {
    try {
      if (seen.method !== "POST") return bad(`method ${seen.method}`);
      if (!seen.headers["content-type"]?.startsWith("application/json")) return bad("content-type");
      return judge(JSON.parse(seen.body), seen, rules, memory);
    } catch (problem) {
      return bad(String(problem));
    }
  };
}

const slackBad = (why: string): Answer => ({
  status: 400,
  body: "invalid_payload",
  headers: { "x-why": why.slice(0, 80) },
});
const slack = parsed(slackBad, (body, seen) => {
  const blocks = listAt(body, "blocks");
  const texts = [textAt(body, "text")];
  for (const block of blocks) {
    const type = textAt(block, "type");
    const inner = [
      at(block, "text"),
      ...listAt(block, "fields"),
      ...(type === "context" ? listAt(block, "elements") : []),
    ];
    for (const object of inner.filter((each) => each !== undefined)) {
      if (textAt(object, "type") !== "plain_text") return slackBad("mrkdwn");
      const max = type === "header" ? 150 : at(block, "text") === object ? 3_000 : 2_000;
      const text = textAt(object, "text");
      if (text.length > max || text === "") return slackBad(`${type} ${text.length}`);
      texts.push(text);
    }
    if (listAt(block, "fields").length > 10) return slackBad("fields");
  }
  // An open bracket that is no entity would be a mention or a link.
  if (texts.some((text) => /[<>]/.test(text))) return slackBad("control characters");
  return blocks.length > 50 || seen.body.length > 13_000 ? slackBad("too long") : { status: 200, body: "ok" };
});

const teamsBad = (why: string): Answer => json(400, { error: { code: "TriggerInputSchemaMismatch", message: why } });
const teams = parsed(teamsBad, (body, seen) => {
  if (bytes(seen.body) > 28 * 1_024)
    return json(413, { error: { code: "RequestEntityTooLarge", message: "too large" } });
  if (seen.query.get("sig") !== "teams-signature-0123456789") {
    return json(401, { error: { code: "DirectApiAuthorizationRequired", message: "sig" } });
  }
  if (textAt(body, "attachments", 0, "contentType") !== "application/vnd.microsoft.card.adaptive")
    return teamsBad("type");
  const blocks = listAt(body, "attachments", 0, "content", "body");
  // Any other kind of block reads Markdown.
  const isRun = blocks.every(
    (block) =>
      textAt(block, "type") === "RichTextBlock" &&
      listAt(block, "inlines").every((inline) => textAt(inline, "type") === "TextRun" && textAt(inline, "text") !== ""),
  );
  return blocks.length > 0 && isRun ? { status: 202 } : teamsBad("blocks");
});

const discordBad = (why: string): Answer => json(400, { code: 50_035, message: `Invalid Form Body: ${why}` });
const discord = parsed(discordBad, (body, seen) => {
  if (at(body, "allowed_mentions", "parse") === undefined || listAt(body, "allowed_mentions", "parse").length > 0) {
    return discordBad("mentions");
  }
  const embed = at(body, "embeds", 0);
  const fields = listAt(embed, "fields");
  const sizes = [
    [textAt(embed, "title"), 256],
    [textAt({ text: "-", ...(embed as Json) }, at(embed, "description") === undefined ? "text" : "description"), 4_096],
    [textAt(embed, "footer", "text"), 2_048],
    ...fields.flatMap((field) => [[textAt(field, "name"), 256] as const, [textAt(field, "value"), 1_024] as const]),
  ] as const;
  if (fields.length > 25 || sizes.some(([text, max]) => text === "" || text.length > max)) return discordBad("limits");
  if (sizes.reduce((sum, [text]) => sum + text.length, 0) > 6_000) return discordBad("6000");
  if (seen.query.get("wait") !== "true") return { status: 204 };
  // As the real one: the message comes back, each letter that is not ASCII as six.
  const ascii = JSON.stringify({ id: "1311111111111111111", ...(body as object) }).replaceAll(
    /[^\0-\u007f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { status: 200, body: ascii };
});

const telegramBad = (why: string): Answer =>
  json(400, { ok: false, error_code: 400, description: `Bad Request: ${why}` });
const telegram = parsed(telegramBad, (body, seen, rules) => {
  if (seen.path !== `/bot${rules.key}/sendMessage`) {
    return json(404, { ok: false, error_code: 404, description: "Not Found" });
  }
  if (at(body, "chat_id") !== "-1001234567890") return telegramBad("chat not found");
  const text = textAt(body, "text");
  if (text.length > 4_096) return telegramBad("message is too long");
  if (at(body, "parse_mode") !== undefined || /@\w/.test(text)) return telegramBad("somebody would be mentioned");
  return json(200, { ok: true, result: { message_id: 7, from: { id: Number(rules.key?.split(":")[0]) }, text } });
});

const pagerdutyBad = (...errors: string[]): Answer =>
  json(400, { status: "invalid event", message: "Event object is invalid", errors });
const pagerduty = parsed(pagerdutyBad, (body, seen, rules) => {
  if (seen.path !== "/v2/enqueue") return json(404, {});
  if (at(body, "routing_key") !== rules.key) return pagerdutyBad("Length of 'routing_key' is incorrect");
  if (!["trigger", "acknowledge", "resolve"].includes(textAt(body, "event_action")))
    return pagerdutyBad("event_action");
  if (textAt(body, "dedup_key").length > 255) return pagerdutyBad("dedup_key");
  const summary = textAt(body, "payload", "summary");
  if (summary === "" || summary.length > 1_024) return pagerdutyBad("summary");
  if (!["critical", "error", "warning", "info"].includes(textAt(body, "payload", "severity")))
    return pagerdutyBad("severity");
  if (textAt(body, "payload", "source") === "" || textAt(body, "client") === "")
    return pagerdutyBad("source or client");
  return json(202, { status: "success", message: "Event processed", dedup_key: at(body, "dedup_key") });
});

const alertmanagerBad = (why: string): Answer => json(400, `bad request: ${why}`);
const alertmanager = parsed(alertmanagerBad, (body, seen, rules, memory) => {
  if (seen.path !== "/api/v2/alerts") return { status: 404, body: "404 page not found" };
  if (rules.key !== null && seen.headers.authorization !== `Bearer ${rules.key}`)
    return { status: 401, body: "who is there?" };
  for (const alert of listAt(body)) {
    const labels = at(alert, "labels") as Json;
    if (!Object.keys(labels).every((name) => /^[a-zA-Z_]\w*$/.test(name))) return alertmanagerBad("label name");
    const endsAt = textAt(alert, "endsAt");
    if (Date.parse(endsAt) < Date.parse(textAt(alert, "startsAt")))
      return alertmanagerBad("start time must be before end time");
    memory.set(JSON.stringify(labels), endsAt);
  }
  return { status: 200 };
});

const feishuBad = (code: number, msg: string): Answer => json(200, { code, data: {}, msg });
const feishu = parsed(
  (why) => feishuBad(9_499, `Bad Request: ${why}`),
  (body, seen, { key, keyword }) => {
    if (key !== null) {
      const seconds = textAt(body, "timestamp");
      const sign = createHmac("sha256", `${seconds}\n${key}`).digest("base64");
      const isFresh = Math.abs(Date.now() / 1_000 - Number(seconds)) < 3_600;
      if (!isFresh || at(body, "sign") !== sign) {
        return feishuBad(19_021, "sign match fail or timestamp is not within one hour from current time");
      }
    }
    if (bytes(seen.body) > 20_000 || /"(lark_md|markdown|at)"/.test(seen.body)) return feishuBad(9_499, "Bad Request");
    const title = textAt(body, "card", "header", "title", "content");
    const shown = `${title}${JSON.stringify(listAt(body, "card", "elements"))}`;
    if (keyword !== null && !shown.includes(keyword)) return feishuBad(19_024, "Key Words Not Found");
    return title === ""
      ? feishuBad(9_499, "title")
      : json(200, { StatusCode: 0, StatusMessage: "success", code: 0, data: {}, msg: "success" });
  },
);

const dingtalkBad = (errcode: number, errmsg: string): Answer => json(200, { errcode, errmsg });
const dingtalk = parsed(
  (why) => dingtalkBad(40_035, why),
  (body, seen, { key, keyword }) => {
    if (seen.query.get("access_token") !== "dingtalk-token-0123456789")
      return dingtalkBad(300_001, "token is not exist");
    if (key !== null) {
      const ms = seen.query.get("timestamp") ?? "";
      const sign = createHmac("sha256", key).update(`${ms}\n${key}`).digest("base64");
      const isFresh = /^\d{13}$/.test(ms) && Math.abs(Date.now() - Number(ms)) < 3_600_000;
      if (!isFresh || seen.query.get("sign") !== sign) return dingtalkBad(310_000, "sign not match");
    }
    const content = textAt(body, "text", "content");
    if (keyword !== null && !content.includes(keyword)) return dingtalkBad(310_000, "keywords not in content");
    if (bytes(seen.body) > 20_000) return dingtalkBad(460_101, "message too long");
    return at(body, "at", "isAtAll") === false ? dingtalkBad(0, "ok") : dingtalkBad(40_035, "rings for everybody");
  },
);

const wecomBad = (errcode: number, errmsg: string): Answer => json(200, { errcode, errmsg });
const wecom = parsed(
  (why) => wecomBad(47_001, why),
  (body, seen) => {
    if (seen.query.get("key") !== "wecom-key-0123456789") return wecomBad(93_000, "invalid webhook url");
    const content = textAt(body, "text", "content");
    if (bytes(content) > 2_048 || content === "") return wecomBad(45_002, "content size out of limit");
    if (/<@[^>\u2060]/.test(content) || listAt(body, "text", "mentioned_list").length > 0)
      return wecomBad(40_008, "rings");
    return wecomBad(0, "ok");
  },
);

const webhook = parsed(
  (why) => ({ status: 400, body: why }),
  (body, seen, { key }) => {
    const { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signatures } = seen.headers;
    const secret = Buffer.from((key ?? "").replace("whsec_", ""), "base64");
    const expected = `v1,${createHmac("sha256", secret)
      .update(`${String(id)}.${String(seconds)}.${seen.body}`)
      .digest("base64")}`;
    if (!String(signatures).split(" ").includes(expected)) return { status: 401, body: "signature" };
    if (Math.abs(Date.now() / 1_000 - Number(seconds)) > 300) return { status: 401, body: "timestamp" };
    if (/[.\s]/.test(String(id)) || bytes(seen.body) > 20_000) return { status: 400, body: "id or size" };
    return textAt(body, "type").startsWith("incident.") ? { status: 204 } : { status: 400, body: "type" };
  },
);

const emailBad = (status: number, name: string): Answer =>
  json(status, { statusCode: status, name, message: `no: ${name}` });
const emailHttp = parsed(
  () => emailBad(422, "validation_error"),
  (body, seen, { key }, memory) => {
    if (seen.headers.authorization !== `Bearer ${key}`) return emailBad(403, "invalid_api_key");
    const once = String(seen.headers["idempotency-key"] ?? "");
    if (once === "" || once.length > 256) return emailBad(400, "invalid_idempotency_key");
    const known = memory.get(once);
    if (known !== undefined && known !== seen.body) return emailBad(409, "invalid_idempotent_request");
    memory.set(once, seen.body);
    const subject = textAt(body, "subject");
    const isMail = textAt(body, "from").includes("@") && listAt(body, "to").length > 0 && textAt(body, "text") !== "";
    return isMail && subject !== "" && !/[\r\n]/.test(subject)
      ? json(200, { id: `mail-${once}` })
      : emailBad(422, "validation_error");
  },
);

const CONTRACTS: Readonly<Record<Dialect, Contract>> = {
  webhook,
  slack,
  teams,
  discord,
  telegram,
  pagerduty,
  alertmanager,
  feishu,
  dingtalk,
  wecom,
  "email-http": emailHttp,
};
