// The page /here and the widget in Chinese (simplified). Written, not translated word by word; fills the interface of here-words.ts.

import type { HereWords } from "./here-words.ts";

const from = (country: string | null): string => (country === null ? "" : `（${country}）`);

export const HERE_ZH: HereWords = {
  title: "只有我这里有问题吗？",
  seenFrom: (region) => `只有我这里有问题吗？从${region}看`,
  chooseFirst: "只有我这里有问题吗？请选择离您最近的区域",
  chooseMore: "无法从您的连接判断所在位置，因此没有猜测。",
  chooseOther: "不是您所在的区域？请另选",
  byCoordinates: (country, km) =>
    `这是离您最近的测量区域，依据 Cloudflare 对您连接位置的判断${from(country)}${km === null ? "" : `，直线距离约 ${km} 公里`}。网络出口可能与您的实际位置不同。`,
  byContinent: (country) => `这是与您所在大洲最接近的测量区域，依据 Cloudflare 对您连接位置的判断${from(country)}。`,
  byChoice: "该区域由您选择。",
  notKept: "您的地址和位置只用于生成本次页面，不会保存，也不会转交他人。",
  verdicts: {
    all_well: "从您所在的区域以及其他所有区域看，服务均正常。如果您无法使用，原因多半在您这一侧：设备、网络或账号。",
    well_here: "从您所在的区域看，服务正常；其他区域并非全部正常。如果您无法使用，原因多半在您这一侧。",
    only_here: "不只是您：您所在的区域出现问题，目前没有发现其他区域有问题。",
    here_too: "不只是您：您所在的区域出现问题，其他区域也有。",
    everywhere: "不只是您：所有区域都出现问题。",
    unseen_here: "目前无法观测您所在的区域，因此无法判断。",
  },
  others: ({ bad, up, unseen, of }) =>
    of === 0
      ? "没有其他区域测量该服务。"
      : `其他 ${of} 个区域中：${[`${bad} 个有问题`, `${up} 个正常`, ...(unseen > 0 ? [`${unseen} 个未测得`] : [])].join(
          "，",
        )}。`,
  until: (stamp) => `截至 ${stamp}`,
  notHere: "目前没有从该区域进行的测量。",
  openPage: "打开状态页",
  andMore: (n) => `另有 ${n} 个`,
};
