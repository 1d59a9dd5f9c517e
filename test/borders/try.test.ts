// try
import { env } from "cloudflare:workers";
import { runInDurableObject, runDurableObjectAlarm, applyD1Migrations, evictDurableObject, abortAllDurableObjects } from "cloudflare:test";
import { inject, it, expect } from "vitest";
import { outside } from "../../workers/outside.ts";
import type { Prober } from "../../workers/rounds/prober.do.ts";
import type { Bindings } from "../../workers/bindings.ts";
const e = env as unknown as Bindings;
it("tries", async () => {
  await applyD1Migrations(e.DB, inject("migrations"));
  const real = Date.now;
  let shift = 0;
  outside.now = () => real() + shift;
  shift = Date.UTC(2030,0,1,12) + 1 - real();
  const stub = e.PROBER.get(e.PROBER.idFromName("weur.0.v1"));
  console.log("arm", await stub.arm("weur.0.v1"));
  console.log("env same?", await runInDurableObject(stub, (p: Prober) => (p as unknown as {env: unknown}).env === env));
  const t = real();
  console.log("alarm", await runDurableObjectAlarm(stub), real()-t);
  console.log("wakes", await runInDurableObject(stub, (p: Prober) => p.store.newest()));
  const c = e.COLLECTOR.get(e.COLLECTOR.idFromName("chat"));
  console.log("c alarm", await runDurableObjectAlarm(c));
  console.log((await e.DB.prepare("select * from snapshots").all()).results.map(r=>String(r["body"]).slice(0,3000)));
  // env mutability
  const before = e.SONDE_CONFIG;
  (e as {SONDE_CONFIG?: string}).SONDE_CONFIG = "{}";
  console.log("mutable", e.SONDE_CONFIG, await runInDurableObject(stub, (p: Prober) => (p as unknown as {env: Bindings}).env.SONDE_CONFIG?.length));
  (e as {SONDE_CONFIG?: string}).SONDE_CONFIG = before as string;
  // abort
  const r = await runInDurableObject(stub, (p: Prober, s) => { p.store.rememberPlace("XXX", 1); s.abort("x"); }).catch((x) => `rejected ${x}`);
  console.log("abort", r);
  const stub2 = e.PROBER.get(e.PROBER.idFromName("weur.0.v1"));
  console.log("after abort", await runInDurableObject(stub2, (p: Prober) => p.store.identity()).catch((x)=>`rej ${x}`));
  await evictDurableObject(stub2);
  console.log("after evict", await runInDurableObject(stub2, (p: Prober) => p.store.identity()).catch((x)=>`rej ${x}`));
});
