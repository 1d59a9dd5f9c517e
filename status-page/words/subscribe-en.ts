// The pages about subscriptions in English. Pure.

import type { SubscribeWords } from "./subscribe-words.ts";

export const SUBSCRIBE_EN: SubscribeWords = {
  subscribe: "Subscribe",
  lead: "Be told when something goes wrong, what is said about it, and when it is good again.",
  how: "How",
  channels: { email: "E-mail", slack: "Slack", webhook: "Webhook" },
  address: "Address",
  addressOf: {
    email: "E-mail: your address.",
    slack: "Slack: the URL of an incoming webhook, https://hooks.slack.com/services/...",
    webhook: "Webhook: an https URL that takes POST and can answer a challenge.",
  },
  targets: "Services",
  regions: "Regions",
  noneIsAll: "None ticked: all of them, and those to come.",
  language: "Language of the messages",
  send: "Subscribe",
  whatIsSent: "What is sent",
  sent: [
    "That an incident has begun, comes back, is measured to be good again, is resolved, and its postmortem; what we say about it; maintenance that is announced or called off.",
    "The first message about an incident at once; its further news gathered, at most one message in ten minutes.",
    "Nothing else: no advertising, no counting of who opens what.",
  ],
  whatIsKept: "What is kept",
  kept: [
    "Your address, your choice and when you confirmed it, for as long as you are subscribed. Without a confirmation it is deleted after a day.",
    "Each message has a link that ends the subscription. The address is then deleted at once; of messages that were sent, the time and the receiver's answer are kept for 30 days under a hash that only we can compute.",
  ],
  asked: "Look for our message",
  askedMore:
    "If the address is right, a message with a link is on its way. Open it within a day and press its button: nothing else is sent before that. To one address we send three such messages a day at most.",
  secretTitle: "One more step: your receiver proves itself",
  secretMore:
    'Give your receiver this secret: it is shown once. Each request is signed after Standard Webhooks. Then press the button: we send a request of type subscription.challenge, and your receiver answers 2xx with the JSON {"challenge": "..."}, the value of data.challenge. This has to be done within a day.',
  secretLabel: "Signing secret",
  prove: "Send the challenge",
  confirmTitle: "Confirm your subscription",
  confirm: "Yes, subscribe",
  confirmed: "You are subscribed",
  confirmedMore: "Whatever happens from now on is told. Each message has a link to change or end this.",
  ownTitle: "Your subscription",
  to: (hint, channel) => `To ${hint} (${channel})`,
  change: "Save",
  changed: "Saved. What waited to be sent by the old choice is not sent any more.",
  endTitle: "Unsubscribe",
  endMore: "Nothing more is sent, also not what waits to be sent now, and the address is deleted.",
  end: "Unsubscribe",
  ended: "You are unsubscribed",
  endedMore:
    "The address is deleted, and nothing more is sent. A message that was already on its way may still arrive.",
  toOwn: "Change or end this subscription",
  troubles: {
    address: [
      "This address cannot be used",
      "Check it, or choose another way. Addresses of internal networks are not used.",
    ],
    choice: [
      "This choice cannot be used",
      "One of the services or regions, or the language, is not there any more. Choose again.",
    ],
    channel: ["This way is not offered here", "Choose one of those that the form shows."],
    closed: ["Nobody can subscribe here now", "The feeds tell the same news."],
    full: [
      "No more subscriptions are taken",
      "As many as this page can serve are taken. The feeds tell the same news.",
    ],
    busy: ["Too many have asked of late", "Try again in an hour. The feeds tell the same news."],
    unknown: [
      "This link leads to no subscription",
      "It may have been ended, or not been confirmed within a day, or the link was cut off. You can subscribe anew.",
    ],
    unproven: [
      "The receiver did not answer the challenge",
      "It has to answer within 15 seconds with 2xx and the challenge in JSON. Nothing is subscribed yet; go back and try again.",
    ],
    form: [
      "Nothing was done",
      "This did not come from our own form, or it was too long. Open the page and fill in the form there.",
    ],
    often: ["Too many requests", "Try again in a minute."],
    away: [
      "This cannot be done now",
      "Nothing was lost, and nothing was changed that we know of. Try again in a minute.",
    ],
  },
};
