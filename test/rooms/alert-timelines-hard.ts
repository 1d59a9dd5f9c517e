// Timelines of alerts: receivers that fail, quiet hours, maintenance, global incidents. As in alert-timelines.ts. Used by
// alert-plan.test.ts.

import { LEVELS, began, channel, did, facts, one } from "./alert-timelines.ts";
import type { Timeline } from "./alert-timelines.ts";
import { NIGHT, NOON, alertingOf, level, routeOf, span } from "./alert-worlds.ts";

export const HARD_TIMELINES: readonly Timeline[] = [
  // Channels that fail
  [
    "a channel that is down for an hour hears it all, in order",
    {},
    [channel("0:00:00", "ops", "down"), began(), did("0:10:00", "restored"), channel("1:00:00", "ops", "up")],
    "1:00:00 trigger ops, 1:00:00 resolve ops",
  ],
  [
    "down when it is over: the resolve is not lost",
    {},
    [began(), channel("0:05:00", "ops", "down"), did("0:10:00", "restored"), channel("2:00:00", "ops", "up")],
    "0:00:00 trigger ops, 2:00:00 resolve ops",
  ],
  [
    "nothing is repeated to one that has not heard yet",
    {},
    [channel("0:00:00", "ops", "down"), began(), channel("9:00:30", "ops", "up"), did("12:30:00", "restored")],
    "9:01:00 trigger ops, 12:00:00 again trigger ops, 12:30:00 resolve ops",
  ],
  [
    "one that is gone for good hears nothing more; its fallback hears it all",
    one({ fallback: "mail" }),
    [channel("0:00:00", "ops", "dead"), began(), did("0:05:00", "joined"), did("0:10:00", "restored")],
    "0:00:00 instead trigger mail, 0:05:00 update mail, 0:10:00 resolve mail",
  ],
  [
    "no fallback: the others go on",
    one({ levels: [level("0:00:00", "ops", "pager")] }),
    [channel("0:00:00", "ops", "dead"), began(), did("0:10:00", "restored")],
    "0:00:00 trigger pager, 0:10:00 resolve pager",
  ],
  [
    "the fallback that was told anyway hears what the other one did not",
    one({ levels: [level("0:00:00", "mail", "ops")], fallback: "mail" }),
    [channel("0:00:00", "ops", "dead"), began(), did("0:10:00", "restored")],
    "0:00:00 trigger mail, 0:00:00 instead update mail, 0:10:00 resolve mail",
  ],
  [
    "two dead channels, one fallback: two words and one resolve",
    one({ levels: [level("0:00:00", "ops", "pager")], fallback: "mail" }),
    [channel("0:00:00", "ops", "dead"), channel("0:00:00", "pager", "dead"), began(), did("0:10:00", "restored")],
    "0:00:00 instead trigger mail, 0:00:00 instead update mail, 0:10:00 resolve mail",
  ],
  [
    "a resolve that is given up: the fallback hears of both, once",
    one({ fallback: "mail" }),
    [began(), channel("0:05:00", "ops", "dead"), did("0:10:00", "restored")],
    "0:00:00 trigger ops, 0:10:00 instead trigger mail, 0:10:00 resolve mail",
  ],
  [
    "given up after a day, when it is long over: somebody hears of it nevertheless",
    one({ fallback: "mail" }),
    [channel("0:00:00", "ops", "down"), began(), did("0:10:00", "restored")],
    "24:00:00 instead trigger mail, 24:00:00 resolve mail",
  ],
  [
    "tried for a day it may have arrived: it hears the end, as soon as it hears anything",
    one({ fallback: "mail" }),
    [channel("0:00:00", "ops", "down"), began(), did("25:00:00", "restored"), channel("30:00:00", "ops", "up")],
    "24:00:00 instead trigger mail, 25:00:00 resolve mail, 30:00:00 resolve ops",
  ],
  [
    "the fallback is dead as well: it ends",
    one({ fallback: "mail" }),
    [channel("0:00:00", "ops", "dead"), channel("0:00:00", "mail", "dead"), began(), did("9:10:00", "restored")],
    "",
  ],
  [
    "a channel that is removed from the configuration: its fallback takes over",
    one({ fallback: "mail" }),
    [
      began(),
      facts("0:05:00", {
        alerting: alertingOf({
          ...one({ fallback: "mail" }),
          channels: alertingOf().channels.filter(({ id }) => id !== "ops"),
        }),
      }),
      did("0:10:00", "restored"),
    ],
    "0:00:00 trigger ops, 0:05:00 instead trigger mail, 0:10:00 resolve mail",
  ],
  // Quiet hours: 22:00 to 07:00, which is +10:00 to +19:00
  [
    "at night it waits until seven, and the escalation with it",
    one({ quiet: NIGHT, levels: LEVELS }),
    [began({}, "11:00:00"), did("19:20:00", "restored")],
    [
      "19:00:00 trigger ops, 19:15:00 again trigger ops, 19:15:00 trigger boss, 19:20:00 resolve ops",
      "19:20:00 resolve boss",
    ].join(", "),
  ],
  ["over by then: not told at all", one({ quiet: NIGHT }), [began({}, "11:00:00"), did("18:00:00", "restored")], ""],
  [
    "excepted severities do not wait",
    one({ quiet: NIGHT }),
    [began({ severity: "critical" }, "11:00:00"), did("12:00:00", "restored")],
    "11:00:00 trigger ops, 12:00:00 resolve ops",
  ],
  [
    "nor do those that become so, and the escalation counts from then",
    one({ quiet: NIGHT, levels: LEVELS }),
    [began({}, "11:00:00"), did("13:00:00", "critical"), did("13:16:00", "restored")],
    [
      "13:00:00 trigger ops, 13:15:00 again trigger ops, 13:15:00 trigger boss, 13:16:00 resolve ops",
      "13:16:00 resolve boss",
    ].join(", "),
  ],
  [
    "a level that comes at night waits, and is dropped when somebody acknowledges",
    one({ quiet: NIGHT, levels: LEVELS }),
    [began({}, "9:50:00"), did("12:00:00", "acked"), did("20:00:00", "restored")],
    "9:50:00 trigger ops, 19:00:00 acknowledge ops, 20:00:00 resolve ops",
  ],
  [
    "who heard it in the evening hears at night that it is over",
    one({ quiet: NIGHT }),
    [began({}, "9:50:00"), did("11:00:00", "restored")],
    "9:50:00 trigger ops, 11:00:00 resolve ops",
  ],
  [
    "repetitions at night are one in the morning",
    one({ quiet: NIGHT }),
    [began({}, "9:00:00"), did("23:30:00", "restored")],
    ["9:00:00 trigger ops, 19:00:00 again trigger ops, 23:00:00 again trigger ops", "23:30:00 resolve ops"].join(", "),
  ],
  [
    "over and back in one night: one trigger in the morning",
    one({ quiet: NIGHT }),
    [began({}, "11:00:00"), did("12:00:00", "restored"), did("12:10:00", "reopened"), did("20:00:00", "restored")],
    "19:00:00 trigger ops, 20:00:00 resolve ops",
  ],
  [
    "two routes, one of them quiet: the other one decides",
    {
      routes: [
        routeOf({ quiet: NIGHT, next: true }),
        routeOf({ id: "second", levels: [level("0:00:00", "ops", "mail")] }),
      ],
    },
    [began({}, "11:00:00"), did("20:00:00", "acked"), did("21:00:00", "restored")],
    [
      "11:00:00 trigger ops, 11:00:00 trigger mail, 15:00:00 again trigger ops",
      "15:00:00 again trigger mail, 19:00:00 again trigger ops, 19:00:00 again trigger mail",
      "20:00:00 acknowledge ops, 20:00:00 acknowledge mail, 21:00:00 resolve ops",
      "21:00:00 resolve mail",
    ].join(", "),
  ],
  [
    "and the quiet one has nothing to add in the morning",
    {
      routes: [routeOf({ quiet: NIGHT, next: true }), routeOf({ id: "second", levels: [level("0:00:00", "ops")] })],
      repeatMs: 0,
    },
    [began({}, "11:00:00"), did("21:00:00", "restored")],
    "11:00:00 trigger ops, 21:00:00 resolve ops",
  ],
  [
    "critical in the evening, back at night and less so: it waits, and the escalation with it",
    one({ quiet: NIGHT, levels: LEVELS }),
    [
      began({}, "9:00:00"),
      did("9:10:00", "critical"),
      did("9:12:00", "restored"),
      did("11:00:00", "reopened"),
      did("11:30:00", "joined"),
      did("19:10:00", "restored"),
    ],
    "9:00:00 trigger ops, 9:10:00 update ops, 9:12:00 resolve ops, 19:00:00 trigger ops, 19:10:00 resolve ops",
  ],
  // Maintenance and global incidents
  [
    "what begins inside a maintenance waits until its end",
    one({ levels: LEVELS }),
    [facts("0:00:00", { mutedUntil: NOON + span("2:00:00") }), began({}, "1:00:00"), did("2:16:00", "restored")],
    [
      "2:00:00 trigger ops, 2:15:00 again trigger ops, 2:15:00 trigger boss, 2:16:00 resolve ops",
      "2:16:00 resolve boss",
    ].join(", "),
  ],
  [
    "over by then",
    {},
    [facts("0:00:00", { mutedUntil: NOON + span("2:00:00") }), began({}, "1:00:00"), did("1:30:00", "restored")],
    "",
  ],
  [
    "a maintenance that is made longer",
    {},
    [
      facts("0:00:00", { mutedUntil: NOON + span("2:00:00") }),
      began({}, "1:00:00"),
      facts("1:50:00", { mutedUntil: NOON + span("3:00:00") }),
      did("3:30:00", "restored"),
    ],
    "3:00:00 trigger ops, 3:30:00 resolve ops",
  ],
  [
    "a maintenance that is withdrawn",
    {},
    [
      facts("0:00:00", { mutedUntil: NOON + span("2:00:00") }),
      began({}, "1:00:00"),
      facts("1:10:00", { mutedUntil: null }),
      did("1:30:00", "restored"),
    ],
    "1:10:00 trigger ops, 1:30:00 resolve ops",
  ],
  [
    "held: told as part of the global one",
    {},
    [facts("0:00:00", { held: true }), began(), did("0:01:00", "merged")],
    "",
  ],
  [
    "told before it was held: its end is told, nothing else",
    one({ levels: LEVELS }),
    [began(), facts("0:05:00", { held: true }), did("0:06:00", "joined"), did("0:40:00", "merged")],
    "0:00:00 trigger ops, 0:40:00 resolve ops",
  ],
  [
    "no longer held and still bad: told now",
    {},
    [facts("0:00:00", { held: true }), began(), facts("0:30:00", { held: false }), did("0:40:00", "restored")],
    "0:30:00 trigger ops, 0:40:00 resolve ops",
  ],
  [
    "given up while it is held: the fallback hears of it when it is over",
    one({ fallback: "mail" }),
    [
      channel("0:00:00", "ops", "down"),
      began(),
      facts("0:05:00", { held: true }),
      channel("0:06:00", "ops", "dead"),
      did("0:40:00", "merged"),
    ],
    "0:40:00 instead trigger mail, 0:40:00 resolve mail",
  ],
  [
    "a global one is not held by itself",
    {},
    [facts("0:00:00", { held: true }), began({ scope: "global" }), did("0:10:00", "restored")],
    "0:00:00 trigger ops, 0:10:00 resolve ops",
  ],
  [
    "nor is what only keepers should know",
    one({ audience: "keepers" }),
    [facts("0:00:00", { held: true }), began({ audience: "keepers", of: "blind" }), did("0:10:00", "restored")],
    "0:00:00 trigger ops, 0:10:00 resolve ops",
  ],
];
