import { expect, it } from "vitest";
import { openProvider } from "./outside/openProvider.ts";
import { openShelfSpace } from "./outside/openShelfSpace.ts";
import { openSlotJudge } from "./judge/openSlotJudge.ts";
import { openTemplate } from "./openTemplate.ts";
import { openProcess } from "./studio/openProcess.ts";
import { openOperator } from "./studio/openOperator.ts";
import { openWorld } from "./World.ts";
import type { Template } from "./openTemplate.ts";
import type { Traits } from "./outside/Traits.ts";

const TRAITS: Traits = {
  name: "alpha",
  idempotent: false,
  lookup: true,
  cancel: "ok",
  progress: "measured",
  // Longer than what is promised: nothing may wait for the next read.
  pollMs: 5_000,
  odds: 0,
};
const PATIENCE_MS = 20_000;

/** Wishes one thing cancelled while its provider makes it, and tells in virtual milliseconds how long it then took to stop. */
async function wishToStop(template: Template, seed: number): Promise<{ readonly status: string; readonly ms: number }> {
  template.renew();
  const world = openWorld(seed, {});
  world.trouble = false;
  const { scheduler, chance } = world;
  const { connection } = template;
  const far = openProvider(world, TRAITS, () => {});
  const ground = {
    connection,
    providers: [far],
    space: openShelfSpace(world, connection),
    grant: 40,
    operator: openOperator(world),
    slots: openSlotJudge(world, connection),
  };
  const studio = openProcess(world, ground, { name: "studio", server: null, dies: () => false, onEnd: () => {} });
  const read = (sql: string) => connection.prepare(sql).pluck();
  const [phase, status] = [read("SELECT phase FROM job"), read("SELECT status FROM job")];
  const until = async (done: () => boolean): Promise<void> => expect(await scheduler.run(done, PATIENCE_MS)).toBe(true);

  await until(() => studio.api() !== null);
  const api = studio.api();
  if (api === null) throw new Error("It does not listen.");
  const asked = api.assets.create.mutate({ type: "image", prompt: "Fog", model: "alpha/image" });
  await until(() => phase.get() === "at_provider");
  await scheduler.run(() => false, chance.between(0, 1_500));
  const [asset] = (await asked).assets;
  if (asset === undefined) throw new Error("Nothing was created.");
  const wished = api.assets.cancel.mutate({ id: asset.id });
  const at = scheduler.now();
  await until(() => status.get() !== "processing");
  await wished;
  studio.kill();
  return { status: String(status.get()), ms: scheduler.now() - at };
}

it("[J7] a healthy worker has stopped within a second of the wish, however seldom it beats and reads", async () => {
  using template = await openTemplate();
  const stopped = [];
  for (let seed = 1; seed <= 30; seed += 1) stopped.push(await wishToStop(template, seed));
  // Of some the provider is faster: those are told as completed.
  expect(stopped.filter(({ status }) => status === "cancelled").length).toBeGreaterThan(15);
  for (const { ms } of stopped.filter(({ status }) => status === "cancelled")) expect(ms).toBeLessThan(1_000);
});
