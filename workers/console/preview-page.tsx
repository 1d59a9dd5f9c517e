// /ops/preview: who would be told what, and when, if these regions of a target went down now. Pure: asking is given. Sends nothing and
// records nothing; says so when nobody would be told.

import type { Preview } from "../alerts/duty-answers.ts";
import type { Target } from "../config/config.ts";
import { ChecksField, Problems, SelectField } from "./fields.tsx";
import type { FieldError, Filled } from "./form.ts";
import { type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";

const PATH = "/ops/preview";

export const previewPage: OpsPage = {
  match: /^\/ops\/preview\/?$/,
  menu: { path: PATH, name: "preview" },

  async get(visit): Promise<Shown> {
    const { words, config, url, fleet } = visit;
    const { duty } = words;
    const asked = askedOf(visit);
    const filled: Filled = { key: "", values: url.searchParams, errors: asked.errors };
    const { target, regions } = asked;
    const read =
      target === null || config.alerting === null
        ? []
        : await readOrNull(visit, `preview of ${target.id}`, fleet.preview(target.id, regions));
    const body = (
      <>
        <Problems words={words} filled={filled} />
        <h1>{words.menu.preview}</h1>
        <p>{duty.previewMore}</p>
        <PreviewForm visit={visit} filled={filled} />
        {target !== null && <Answer visit={visit} target={target} regions={regions} previews={read} />}
      </>
    );
    const title = words.menu.preview;
    if (asked.errors.length > 0) return { status: 422, title: `${words.errorTitle}${words.colon}${title}`, body };
    return { status: read === null ? 503 : 200, title, body };
  },
};

interface Asked {
  /** Null: nobody has asked yet, or not rightly. */
  readonly target: Target | null;
  /** Those that are ticked; all of the target's if none is. */
  readonly regions: readonly string[];
  readonly errors: readonly FieldError[];
}

function askedOf({ words, config, url }: Visit): Asked {
  const { refused, write, duty } = words;
  const id = url.searchParams.get("service") ?? "";
  const ticked = [...new Set(url.searchParams.getAll("regions"))];
  if (id === "" && ticked.length === 0) return { target: null, regions: [], errors: [] };
  const target = config.targets.find((each) => each.id === id);
  if (target === undefined) {
    const text = id === "" ? refused.missing(duty.write.service) : refused.unclear(duty.write.service);
    return { target: null, regions: [], errors: [{ field: "service", text }] };
  }
  const regions = ticked.length === 0 ? target.regions : ticked;
  if (regions.every((region) => target.regions.includes(region))) return { target, regions, errors: [] };
  return { target: null, regions: [], errors: [{ field: "regions", text: refused.unclear(write.regions) }] };
}

/** Sent as an address, since it changes nothing. */
function PreviewForm({ visit, filled }: { readonly visit: Visit; readonly filled: Filled }) {
  const { words, config } = visit;
  const both = { words, filled };
  return (
    <form method="get" action={PATH}>
      <SelectField
        {...both}
        name="service"
        choices={config.targets.map(({ id, label }) => ({ value: id, label: `${label[words.language]} (${id})` }))}
      />
      <ChecksField
        {...both}
        name="regions"
        choices={config.regions.map(({ id, label }) => ({ value: id, label: `${label[words.language]} (${id})` }))}
        optional
      />
      <button type="submit">{words.duty.show}</button>
    </form>
  );
}

interface AnswerProps {
  readonly visit: Visit;
  readonly target: Target;
  readonly regions: readonly string[];
  /** Null: no answer. */
  readonly previews: readonly Preview[] | null;
}

function Answer({ visit, target, regions, previews }: AnswerProps) {
  const { words, config } = visit;
  const { duty } = words;
  const heading = <h2>{duty.previewOf(target.label[words.language], regions.join(", "))}</h2>;
  const plain = (text: string, class_: string) => (
    <>
      {heading}
      <p class={class_}>{text}</p>
    </>
  );
  if (previews === null) return plain(duty.noAnswer(target.id), "problems");
  if (config.alerting === null) return plain(duty.noAlerting, "bad");
  if (previews.length === 0) return plain(duty.nobody, "bad");
  return (
    <>
      {heading}
      <table>
        <thead>
          <tr>
            {duty.heads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {previews.map((preview) => (
            <PreviewRow visit={visit} preview={preview} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function PreviewRow({ visit, preview }: { readonly visit: Visit; readonly preview: Preview }) {
  const { words, config } = visit;
  const { duty } = words;
  const { afterMs, channel, level, route, title, sentence } = preview;
  const via = config.alerting?.channels.find(({ id }) => id === channel);
  const lang = via?.language === "zh" ? "zh-Hans" : "en";
  return (
    <tr>
      <td>
        {afterMs === 0 ? duty.atOnce : duty.after(words.span(afterMs))}
        <p class="soft">{duty.level(level, route)}</p>
      </td>
      <td>
        {channel}
        <p class="soft">{via === undefined ? duty.gone : duty.channels[via.channel]}</p>
      </td>
      <td lang={lang}>
        {title}
        <p class="soft">{sentence}</p>
      </td>
    </tr>
  );
}
