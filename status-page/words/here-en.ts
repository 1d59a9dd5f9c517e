// The page /here and the widget in English. Pure; fills the interface of here-words.ts.

import type { HereWords } from "./here-words.ts";

const from = (country: string | null): string => (country === null ? "" : ` (${country})`);

export const HERE_EN: HereWords = {
  title: "Is it just me?",
  seenFrom: (region) => `Is it just me? Seen from ${region}`,
  chooseFirst: "Is it just me? Choose the region nearest to you",
  chooseMore: "Your connection does not say where you are, so nothing was guessed.",
  chooseOther: "Not your region? Choose another",
  byCoordinates: (country, km) =>
    `This is the measuring region nearest to you, judged by where Cloudflare places your connection${from(country)}${km === null ? "" : `: about ${km} km as the crow flies`}. A network may place you elsewhere than you are.`,
  byContinent: (country) =>
    `This is the measuring region that fits your continent best, judged by where Cloudflare places your connection${from(country)}.`,
  byChoice: "You chose this region.",
  notKept: "Your address and your place are used for this one answer. Neither is stored or passed on.",
  verdicts: {
    all_well:
      "It works from your region and from all others. If it fails for you, the cause is probably nearer to you: your device, your network, or your account.",
    well_here:
      "It works from your region; not all others are known to work. If it fails for you, the cause is probably nearer to you.",
    only_here: "It is not just you: your region has trouble. No other region is known to.",
    here_too: "It is not just you: your region has trouble, and others do too.",
    everywhere: "It is not just you: every region has trouble.",
    unseen_here: "We cannot see your region just now, so we cannot say.",
  },
  others: ({ bad, up, unseen, of }) =>
    of === 0
      ? "No other region measures it."
      : `Of ${of} other ${of === 1 ? "region" : "regions"}: ${[
          `${bad} with trouble`,
          `${up} operational`,
          ...(unseen > 0 ? [`${unseen} not measured`] : []),
        ].join(", ")}.`,
  until: (stamp) => `until ${stamp}`,
  notHere: "Nothing is measured from this region now.",
  openPage: "Open the status page",
  andMore: (n) => `and ${n} more`,
};
