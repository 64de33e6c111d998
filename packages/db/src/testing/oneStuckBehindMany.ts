import { samplePlan } from "./samples.ts";
import type { NewAsset } from "../store/people.ts";
import type { Studio } from "./openStudio.ts";

const MANY = 12;

/**
 * Many jobs that rightly wait, for two references of which one is made, and behind them one whose only reference is made, and whose
 * release was forgotten: by hand, because the store releases it in the transaction that makes the reference.
 */
export async function oneStuckBehindMany(studio: Studio, run: (sql: string) => unknown): Promise<NewAsset> {
  const made = await studio.create();
  const unmade = await studio.create({ plan: samplePlan({ model: "sim/video" }) });
  for (let at = 0; at < MANY; at += 1) await studio.create({ inputs: [made.assetId, unmade.assetId] });
  for (const claimed of await studio.claim(1, ["sim/image"])) await studio.complete(claimed);
  const reference = await studio.create();
  const stuck = await studio.create({ inputs: [reference.assetId] });
  await run(`DELETE FROM job_input WHERE job_id = '${stuck.jobId}'`);
  for (const claimed of await studio.claim(1, ["sim/image"])) await studio.complete(claimed);
  await run(`INSERT INTO job_input (version_id, job_id) VALUES ('${reference.versionId}', '${stuck.jobId}')`);
  return stuck;
}
