// /ops/maintenance: what was announced, target by target: running and upcoming windows first, then what is over or called off. Pure:
// asking is given. A target whose Duty does not answer is said to be unknown, never to have none.

import { announcedOf, MaintenanceCard } from "./maintenance-parts.tsx";
import { type OpsPage, readOrNull, type Shown } from "./ops-page.ts";

const PATH = "/ops/maintenance";
/** Of those that are over. */
const OVER_MAX = 20;

export const maintenancePage: OpsPage = {
  match: /^\/ops\/maintenance\/?$/,
  menu: { path: PATH, name: "maintenance" },

  async get(visit): Promise<Shown> {
    const { words, config, fleet, now, url } = visit;
    const { duty } = words;
    const read = await Promise.all(
      config.targets.map(async ({ id }) => ({
        target: id,
        records: await readOrNull(visit, `maintenance of ${id}`, fleet.maintenance(id)),
      })),
    );
    const unknown = read.filter(({ records }) => records === null);
    const records = read.flatMap((each) => each.records ?? []);
    const all = announcedOf(records, now);
    const ahead = all.filter(({ times }) => times.length > 0);
    const over = all.filter(({ times }) => times.length === 0);
    const recorded = records.find(({ id }) => id === url.searchParams.get("recorded"));
    const card = (announced: (typeof all)[number]) => (
      <MaintenanceCard words={words} config={config} announced={announced} now={now} isOpen />
    );
    const body = (
      <>
        {recorded !== undefined && (
          <p class="notice" role="status">
            {recorded.withdraws === null ? duty.kept(recorded.id) : duty.keptCallOff(recorded.id, recorded.withdraws)}
          </p>
        )}
        <h1>{words.menu.maintenance}</h1>
        {duty.whatItDoes.map((sentence) => (
          <p>{sentence}</p>
        ))}
        <ul class="more">
          <li>
            <a href={`${PATH}/once`}>{duty.recordOnce}</a>
          </li>
          <li>
            <a href={`${PATH}/weekly`}>{duty.recordWeekly}</a>
          </li>
        </ul>
        {unknown.map(({ target }) => (
          <p class="problems more">{duty.noAnswer(target)}</p>
        ))}
        <h2>{duty.ahead}</h2>
        {ahead.length === 0 && unknown.length === 0 && <p>{words.none}</p>}
        <ul>{ahead.map(card)}</ul>
        <h2>{duty.over}</h2>
        {over.length === 0 && unknown.length === 0 && <p>{words.none}</p>}
        {over.length > OVER_MAX && <p class="soft">{words.newestOf(OVER_MAX, over.length)}</p>}
        <ul>{over.slice(0, OVER_MAX).map(card)}</ul>
      </>
    );
    return { status: unknown.length === 0 ? 200 : 503, title: words.menu.maintenance, body };
  },
};
