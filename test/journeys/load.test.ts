// Aim: `npm run load` as a person runs it: refuses without a target and a limit, shows how it goes, and reports exactly what
// was lost. Method: the real command in a process of its own, through the simulator, whose ledger is the truth.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ROOT } from "../../workers/local/bundle.server.ts";
import type { LoadReport } from "../../workers/local/load.ts";
import { startService } from "./fleet.ts";
import type { Service } from "./fleet.ts";

let service: Service;

beforeAll(async () => {
  service = await startService({
    seed: 5,
    regions: [{ id: "weur", oneWayMs: 2, jitterMs: 0 }],
    target: { id: "chat", deadline: "1s", connectDeadline: "1s" },
    rest: { name: "Load" },
  });
});

afterAll(() => service.stop());

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function load(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Said> {
  const env = { ...process.env, ...service.bindings, ...more };
  const child = spawn(process.execPath, [join(ROOT, "workers/local/load.cli.ts"), ...words], { env, cwd: ROOT });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  child.stderr.on("data", (chunk) => (err += String(chunk)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

const LIMITS = ["--rate", "250", "--for", "5s", "--ramp", "1s", "--max-messages", "1000"];

describe("npm run load", () => {
  it("refuses to run without a target, without a limit, for a stranger, and without its secrets", async () => {
    expect(await load(LIMITS)).toMatchObject({
      code: 1,
      err: expect.stringContaining("--target is missing") as string,
    });
    const noLimit = await load(["--target", "chat", "--rate", "5", "--for", "5s"]);
    expect(noLimit).toMatchObject({ code: 1, err: expect.stringContaining("--max-messages is missing") as string });
    const stranger = await load(["--target", "mars", ...LIMITS]);
    expect(stranger).toMatchObject({ code: 1, err: expect.stringContaining("There is: chat") as string });
    const noSecret = await load(["--target", "chat", ...LIMITS], { SONDE_LOCAL_PASSWORD: "" });
    expect(noSecret).toMatchObject({ code: 1, err: expect.stringContaining("SONDE_LOCAL_PASSWORD") as string });
  });

  it("reaches its rate, tells how it goes, and counts what the network really lost", async () => {
    await service.fault("weur", "every=100");
    const said = await load(["--target", "chat", "--json", ...LIMITS]);
    expect(said.err).toMatch(/sent \d+ of 1000/);
    const { report } = JSON.parse(said.out) as { report: LoadReport };
    expect(report).toMatchObject({
      planned: 1_000,
      sent: 1_000,
      ok: 990,
      lost: 10,
      refused: 0,
      duplicate: 0,
      corrupt: 0,
    });
    expect(report.firstFailure?.what).toContain("not back within 1000 ms");
    expect(said.code).toBe(2);
    expect(`${said.out}${said.err}`).not.toContain(service.bindings["SONDE_LOCAL_PASSWORD"]);
  });

  it("says in one sentence why it could not begin", async () => {
    await service.fault("weur", "refuse");
    const said = await load(["--target", "chat", ...LIMITS]);
    expect(said).toMatchObject({ code: 1, out: expect.stringMatching(/ended +connect: tcp/) as string });
  });
});
