// Aim: no alert can be sent to an address inside, however it is spelt, and every public address of a receiver can be asked.
// Method: a table of addresses with the verdict, each once as for a deployed fleet and once as on one machine.

import { expect, test } from "vitest";

import { refusalOfAddress } from "../../workers/alerts/reach.ts";

const ALLOWED = `
https://hooks.slack.com/services/T0/B0/x
https://HOOKS.slack.com/services/T0/B0/x
https://hooks.slack.com./services/T0/B0/x
https://hooks.slack.com:443/services/T0/B0/x
https://open.feishu.cn/open-apis/bot/v2/hook/1?a=b#c
https://oapi.dingtalk.com/robot/send?access_token=1
https://prod-1.westeurope.logic.azure.com/workflows/1?sig=a%2Bb
https://events.pagerduty.com/v2/enqueue
https://alert.example.com/hook
https://localhost.example.com/hook
https://xn--bcher-kva.example.com/
https://bücher.example.com/
https://10.0.0.1.example.com/
https://93.184.215.14/
https://1.1.1.1/
https://172.15.255.255/
https://172.32.0.0/
https://100.63.255.255/
https://100.128.0.0/
https://192.167.255.255/
https://223.255.255.255/
https://[2606:4700:4700::1111]/
https://[2001:4860:4860::8888]/
https://[2a00:1450:4001:80b::200e]/
`;

/** Never, not even on one machine. */
const REFUSED = `
http://hooks.slack.com/services/T0
ftp://hooks.slack.com/
file:///etc/passwd
javascript:alert(1)
data:text/plain,hi
https:hooks.slack.com
https:///hooks.slack.com
//hooks.slack.com
hooks.slack.com/services
https://
not an address
https://user:password@hooks.slack.com/
https://user@hooks.slack.com/
https://@hooks.slack.com/
https://hooks.slack.com@10.0.0.1/
https://hooks.slack.com:8443/
https://hooks.slack.com:80/
https://hooks.slack.com:22/
https://hooks.slack.com:65536/
https://hooks.slack.com\\@10.0.0.1/
https:\\\\hooks.slack.com/
https://10.0.0.1/
https://10.255.255.255/
https://172.16.0.1/
https://172.31.255.255/
https://192.168.0.1/
https://192.168.1.1:443/
https://169.254.169.254/latest/meta-data/
https://169.254.0.1/
https://100.64.0.1/
https://100.100.100.200/latest/meta-data/
https://168.63.129.16/
https://192.0.0.192/
https://0.0.0.0/
https://0.1.2.3/
https://192.0.2.1/
https://198.18.0.1/
https://198.19.255.255/
https://198.51.100.7/
https://203.0.113.7/
https://192.88.99.1/
https://224.0.0.1/
https://239.255.255.250/
https://240.0.0.1/
https://255.255.255.255/
https://167772161/
https://0x0a000001/
https://0xa9fea9fe/
https://2852039166/
https://012.0.0.1/
https://0xA.0.0.1/
https://10.1/
https://192.168.257/
https://0251.0376.0251.0376/
https://１０.0.0.1/
https://①⓪.0.0.1/
https://169。254。169。254/
https://10.0.0.1./
https://256.0.0.1/
https://[::]/
https://[::ffff:10.0.0.1]/
https://[::ffff:0a00:0001]/
https://[::ffff:169.254.169.254]/
https://[::ffff:127.0.0.1]/
https://[0:0:0:0:0:ffff:7f00:1]/
https://[::127.0.0.1]/
https://[::ffff:0:127.0.0.1]/
https://[64:ff9b::10.0.0.1]/
https://[64:ff9b:1::1]/
https://[fc00::1]/
https://[fd00:ec2::254]/
https://[fe80::1]/
https://[febf::1]/
https://[fec0::1]/
https://[ff02::1]/
https://[100::1]/
https://[2001::1]/
https://[2001:0:a00:1::1]/
https://[2001:db8::1]/
https://[2002:a00:1::]/
https://[2002:7f00:1::1]/
https://[3fff::1]/
https://[4000::1]/
https://[fe80::1%25eth0]/
https://intranet/
https://metadata/
https://router.local/
https://printer.lan/
https://db.internal/
https://metadata.google.internal/computeMetadata/v1/
https://metadata.goog/
https://nas.home.arpa/
https://git.corp/
https://a.test/
https://a.example/
https://a.invalid/
https://a.onion/
https://a.localdomain/
https://10.0.0.1.nip.io/
https://10-0-0-1.sslip.io/
https://localtest.me/
`;

/** Only on one machine, and then with or without TLS. */
const LOOPBACK = `
http://127.0.0.1/
http://127.0.0.1:8080/hook
https://127.0.0.1/
https://127.1/
https://127.255.255.254/
https://0x7f000001/
https://2130706433/
https://0177.0.0.1/
https://localhost/
https://LOCALHOST./
http://localhost:8080/hook
https://[::1]/
http://[::1]:8080/
http://[0:0:0:0:0:0:0:1]/
`;

const linesOf = (text: string): string[] => text.trim().split("\n");
const deployed = { ports: [], allowsLoopback: false };
const here = { ports: [], allowsLoopback: true };

test("each address, deployed and on one machine", () => {
  let tried = 0;
  const judge = (address: string, rules: typeof here): "asked" | "refused" => {
    tried += 1;
    return refusalOfAddress(address, rules) === null ? "asked" : "refused";
  };
  const told = (list: string, rules: typeof here): string[] =>
    linesOf(list).map((address) => `${judge(address, rules)} ${address}`);
  for (const rules of [deployed, here]) {
    expect(told(ALLOWED, rules)).toEqual(linesOf(ALLOWED).map((address) => `asked ${address}`));
    expect(told(REFUSED, rules)).toEqual(linesOf(REFUSED).map((address) => `refused ${address}`));
  }
  expect(told(LOOPBACK, deployed)).toEqual(linesOf(LOOPBACK).map((address) => `refused ${address}`));
  expect(told(LOOPBACK, here)).toEqual(linesOf(LOOPBACK).map((address) => `asked ${address}`));
  const addresses = [ALLOWED, REFUSED, LOOPBACK].flatMap(linesOf).length;
  console.log(`reach: ${addresses} addresses, ${tried} verdicts`);
  expect(addresses).toBeGreaterThanOrEqual(130);
});

test("what cannot be seen in an address is refused", () => {
  const hidden = ["\t", "\n", " ", "\u0000", "\u200b", "\u202e", "\u00ad", "\ufeff", "\ud800", "\u007f", "\u3000"];
  for (const letter of hidden) {
    const address = `https://hooks.slack${letter}.com/`;
    expect([JSON.stringify(letter), refusalOfAddress(address, here)]).toEqual([
      JSON.stringify(letter),
      "the address has spaces, backslashes or control characters in it",
    ]);
  }
  expect(refusalOfAddress(`https://a.example.com/${"x".repeat(3_000)}`, deployed)).toBe("the address is too long");
});

test("a further port has to be named, and is good for public addresses only", () => {
  const rules = { ports: [9093], allowsLoopback: false };
  expect(refusalOfAddress("https://alerts.example.com:9093/", rules)).toBeNull();
  expect(refusalOfAddress("https://alerts.example.com:9094/", rules)).toBe("the address has a port that is not 443");
  expect(refusalOfAddress("https://10.0.0.1:9093/", rules)).toBe("the address is not one of the public internet");
  expect(refusalOfAddress("http://alerts.example.com:9093/", rules)).toBe("the address does not begin with https://");
});

test("a refusal has no letter of the address in it", () => {
  for (const address of [...linesOf(REFUSED), ...linesOf(LOOPBACK)]) {
    const refusal = refusalOfAddress(address, deployed) ?? "";
    const host = address.replace(/^[a-z]*:?\/*/, "");
    expect(host.length < 8 || !refusal.includes(host)).toBe(true);
  }
});
