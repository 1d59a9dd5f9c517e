// Timelines of alerts: who is told when all receivers work. What happens, when, and what then arrives, when. Used by
// alert-plan.test.ts; its other half is alert-timelines-hard.ts.

import type { Alerting, Route } from "../../workers/config/alerts/alerting.ts";
import type { IncidentChange } from "../../workers/incidents/incident.ts";
import { CHANGES, OPENED, level, routeOf } from "./alert-worlds.ts";
import type { Happening } from "./alert-worlds.ts";

export type Timeline = readonly [
  name: string,
  alerting: Partial<Alerting> | null,
  happenings: readonly (readonly [string, Happening])[],
  sent: string,
  until?: string,
];

export const did = (at: string, name: keyof typeof CHANGES): readonly [string, Happening] => [
  at,
  { change: CHANGES[name] },
];
export const began = (more: object = {}, at = "0:00:00"): readonly [string, Happening] => [
  at,
  { change: { ...OPENED, ...more } as IncidentChange },
];
export const channel = (at: string, id: string, health: "up" | "down" | "dead"): readonly [string, Happening] => [
  at,
  { channel: id, health },
];
export const facts = (at: string, more: object): readonly [string, Happening] => [at, { facts: more }];
export const one = (more: Partial<Route>): Partial<Alerting> => ({ routes: [routeOf(more)] });
export const LEVELS = [level("0:00:00", "ops"), level("0:15:00", "boss"), level("0:30:00", "lin")];
export const SCHEDULE = {
  id: "shift",
  zone: "UTC",
  rotations: [{ from: "2026-11-23T09:00", everyDays: 7, contacts: ["lin"], only: null }],
  overrides: [],
};

export const TIMELINES: readonly Timeline[] = [
  ["nothing is configured", null, [began(), did("1:00:00", "restored")], ""],
  ["no route matches", one({ audience: "keepers" }), [began(), did("1:00:00", "restored")], ""],
  ["there and back", {}, [began(), did("0:10:00", "restored")], "0:00:00 trigger ops, 0:10:00 resolve ops"],
  [
    "resolved without ever being restored",
    {},
    [began(), did("0:10:00", "resolved")],
    "0:00:00 trigger ops, 0:10:00 resolve ops",
  ],
  [
    "restored and then resolved is over once",
    {},
    [began(), did("0:10:00", "restored"), did("0:40:00", "resolved")],
    "0:00:00 trigger ops, 0:10:00 resolve ops",
  ],
  ["merged", {}, [began(), did("0:10:00", "merged")], "0:00:00 trigger ops, 0:10:00 resolve ops"],
  ["over before anybody looked", {}, [began(), did("0:00:00", "restored")], ""],
  [
    "back again is another episode",
    {},
    [began(), did("0:10:00", "restored"), did("0:20:00", "reopened"), did("0:30:00", "restored")],
    "0:00:00 trigger ops, 0:10:00 resolve ops, 0:20:00 trigger ops, 0:30:00 resolve ops",
  ],
  [
    "everybody of the level, each once",
    one({ levels: [level("0:00:00", "ops", "lin", "phone", "pager")] }),
    [began(), did("0:10:00", "restored")],
    [
      "0:00:00 trigger ops, 0:00:00 trigger phone, 0:00:00 trigger pager, 0:10:00 resolve ops",
      "0:10:00 resolve pager, 0:10:00 resolve phone",
    ].join(", "),
  ],
  [
    "two routes with one channel in common",
    { routes: [routeOf({ next: true }), routeOf({ id: "second", levels: [level("0:00:00", "ops", "pager")] })] },
    [began(), did("0:10:00", "restored")],
    "0:00:00 trigger ops, 0:00:00 trigger pager, 0:10:00 resolve ops, 0:10:00 resolve pager",
  ],
  [
    "a drill goes the same way",
    {},
    [began({ drill: true }), did("0:10:00", "restored")],
    "0:00:00 trigger ops, 0:10:00 resolve ops",
  ],
  [
    "keepers are told what is theirs",
    { routes: [routeOf(), routeOf({ id: "ours", audience: "keepers", levels: [level("0:00:00", "mail")] })] },
    [began({ audience: "keepers", of: "blind" }), did("0:10:00", "restored")],
    "0:00:00 trigger mail, 0:10:00 resolve mail",
  ],
  [
    "so is support",
    one({ audience: "support" }),
    [began({ audience: "support", of: "support", regions: [], about: "gold/response" }), did("0:10:00", "resolved")],
    "0:00:00 trigger ops, 0:10:00 resolve ops",
  ],
  // Escalation
  [
    "nobody acknowledges: each level tells its own and all before it",
    one({ levels: LEVELS }),
    [began(), did("0:50:00", "restored")],
    [
      "0:00:00 trigger ops, 0:15:00 again trigger ops, 0:15:00 trigger boss, 0:30:00 again trigger ops",
      "0:30:00 again trigger boss, 0:30:00 trigger phone, 0:50:00 resolve ops, 0:50:00 resolve boss",
      "0:50:00 resolve phone",
    ].join(", "),
  ],
  [
    "acknowledged between two levels",
    one({ levels: LEVELS }),
    [began(), did("0:20:00", "acked"), did("0:50:00", "restored")],
    [
      "0:00:00 trigger ops, 0:15:00 again trigger ops, 0:15:00 trigger boss, 0:20:00 acknowledge ops",
      "0:20:00 acknowledge boss, 0:50:00 resolve ops, 0:50:00 resolve boss",
    ].join(", "),
  ],
  [
    "a level of nobody is passed at once",
    { routes: [routeOf({ levels: [level("0:00:00", "shift"), level("0:15:00", "boss")] })], schedules: [SCHEDULE] },
    [began(), did("0:10:00", "restored")],
    "0:00:00 trigger boss, 0:10:00 resolve boss",
  ],
  [
    "a level of nobody in between",
    {
      routes: [routeOf({ levels: [level("0:00:00", "ops"), level("0:15:00", "shift"), level("1:00:00", "boss")] })],
      schedules: [SCHEDULE],
    },
    [began(), did("0:20:00", "restored")],
    [
      "0:00:00 trigger ops, 0:15:00 again trigger ops, 0:15:00 trigger boss, 0:20:00 resolve ops",
      "0:20:00 resolve boss",
    ].join(", "),
  ],
  [
    "nobody at all: the fallback, and whoever is on call next",
    {
      routes: [routeOf({ levels: [level("0:00:00", "shift")], fallback: "mail" })],
      schedules: [SCHEDULE],
      repeatMs: 0,
    },
    [began(), did("22:00:00", "restored")],
    "0:00:00 trigger mail, 21:00:00 trigger phone, 22:00:00 resolve mail, 22:00:00 resolve phone",
  ],
  [
    "nobody at all and no fallback: whoever is on call next",
    { routes: [routeOf({ levels: [level("0:00:00", "shift")] })], schedules: [SCHEDULE], repeatMs: 0 },
    [began(), did("22:00:00", "restored")],
    "21:00:00 trigger phone, 22:00:00 resolve phone",
  ],
  [
    "repeated while nobody has acknowledged",
    {},
    [began(), did("9:00:00", "acked"), did("20:00:00", "restored")],
    [
      "0:00:00 trigger ops, 4:00:00 again trigger ops, 8:00:00 again trigger ops",
      "9:00:00 acknowledge ops, 20:00:00 resolve ops",
    ].join(", "),
  ],
  [
    "never repeated where that is 0",
    { repeatMs: 0 },
    [began(), did("20:00:00", "restored")],
    "0:00:00 trigger ops, 20:00:00 resolve ops",
  ],
  [
    "an acknowledgement is of one episode",
    one({ levels: LEVELS }),
    [
      began(),
      did("0:05:00", "acked"),
      did("0:10:00", "restored"),
      did("0:20:00", "reopened"),
      did("0:36:00", "restored"),
    ],
    [
      "0:00:00 trigger ops, 0:05:00 acknowledge ops, 0:10:00 resolve ops, 0:20:00 trigger ops",
      "0:35:00 again trigger ops, 0:35:00 trigger boss, 0:36:00 resolve ops, 0:36:00 resolve boss",
    ].join(", "),
  ],
  // News
  [
    "what happens soon after the first message waits for company",
    {},
    [began(), did("0:00:05", "joined"), did("0:00:10", "critical"), did("0:01:00", "restored")],
    "0:00:00 trigger ops, 0:00:30 update ops, 0:01:00 resolve ops",
  ],
  [
    "news are told at most each five minutes, the newest",
    {},
    [began(), did("0:01:00", "joined"), did("0:02:00", "left"), did("0:03:00", "joined"), did("0:10:00", "restored")],
    "0:00:00 trigger ops, 0:01:00 update ops, 0:06:00 update ops, 0:10:00 resolve ops",
  ],
  [
    "notes are no news",
    {},
    [began(), did("0:02:00", "noted"), did("0:03:00", "restored")],
    "0:00:00 trigger ops, 0:03:00 resolve ops",
  ],
  [
    "the same severity is no news",
    {},
    [began({ severity: "critical" }), did("0:02:00", "critical"), did("0:03:00", "restored")],
    "0:00:00 trigger ops, 0:03:00 resolve ops",
  ],
  [
    "a public statement is news",
    {},
    [began(), did("0:02:00", "published"), did("0:03:00", "restored"), did("0:09:00", "published")],
    "0:00:00 trigger ops, 0:02:00 update ops, 0:03:00 resolve ops",
  ],
  [
    "news that wait when it is over are not told",
    {},
    [began(), did("0:01:00", "joined"), did("0:02:00", "left"), did("0:03:00", "restored")],
    "0:00:00 trigger ops, 0:01:00 update ops, 0:03:00 resolve ops",
  ],
  [
    "a page says the news that were waiting",
    one({ levels: LEVELS }),
    [began(), did("0:13:00", "joined"), did("0:14:00", "left"), did("0:29:00", "restored")],
    [
      "0:00:00 trigger ops, 0:13:00 update ops, 0:15:00 again trigger ops, 0:15:00 trigger boss",
      "0:29:00 resolve ops, 0:29:00 resolve boss",
    ].join(", "),
  ],
  [
    "worse: more routes match, and those told hear of it",
    {
      routes: [
        routeOf({ next: true }),
        routeOf({
          id: "worst",
          severities: ["critical"],
          levels: [level("0:00:00", "pager"), level("0:15:00", "boss")],
        }),
      ],
    },
    [began(), did("0:20:00", "critical"), did("0:36:00", "restored")],
    [
      "0:00:00 trigger ops, 0:20:00 trigger pager, 0:20:00 update ops, 0:35:00 again trigger pager",
      "0:35:00 trigger boss, 0:36:00 resolve ops, 0:36:00 resolve pager, 0:36:00 resolve boss",
    ].join(", "),
  ],
  [
    "a region that joins brings its route's people",
    { routes: [routeOf({ next: true }), routeOf({ id: "fra", regions: ["fra"], levels: [level("0:00:00", "mail")] })] },
    [began(), did("0:20:00", "joined"), did("0:30:00", "restored")],
    ["0:00:00 trigger ops, 0:20:00 trigger mail, 0:20:00 update ops, 0:30:00 resolve ops", "0:30:00 resolve mail"].join(
      ", ",
    ),
  ],
  [
    "flapping: said once, then people's acts only, one story until it is over",
    {},
    [
      began(),
      did("0:10:00", "flapping"),
      did("0:11:00", "restored"),
      did("0:12:00", "reopened"),
      did("0:13:00", "joined"),
      did("0:20:00", "acked"),
      did("0:30:00", "restored"),
      did("1:00:00", "calm"),
    ],
    "0:00:00 trigger ops, 0:10:00 update ops, 0:20:00 acknowledge ops, 1:00:00 resolve ops",
  ],
  [
    "flapping that ends while it is bad: what was kept back is told",
    {},
    [began(), did("0:10:00", "flapping"), did("0:13:00", "joined"), did("1:00:00", "calm"), did("1:30:00", "restored")],
    "0:00:00 trigger ops, 0:10:00 update ops, 1:00:00 update ops, 1:30:00 resolve ops",
  ],
  [
    "flapping begins between two episodes: the next one is told",
    {},
    [
      began(),
      did("0:10:00", "restored"),
      did("0:12:00", "flapping"),
      did("0:12:00", "reopened"),
      did("0:20:00", "restored"),
      did("0:50:00", "calm"),
    ],
    "0:00:00 trigger ops, 0:10:00 resolve ops, 0:12:00 trigger ops, 0:50:00 resolve ops",
  ],
  [
    "resolved by hand while flapping",
    {},
    [began(), did("0:10:00", "flapping"), did("0:20:00", "resolved")],
    "0:00:00 trigger ops, 0:10:00 update ops, 0:20:00 resolve ops",
  ],
];
