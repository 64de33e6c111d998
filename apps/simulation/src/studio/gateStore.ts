import type { Store } from "@reelstate/db";
import type { Chance } from "../clock/createChance.ts";
import type { World } from "../World.ts";
import type { Gate } from "./openGate.ts";

const READS: ReadonlySet<string> = new Set([
  "answeredBefore",
  "getAsset",
  "listAssets",
  "assetHistory",
  "assetVersions",
  "listJobs",
  "listProjects",
  "creditSummary",
  "creditEntries",
  "resolveInputs",
  "readFeed",
  "feedHead",
  "feedMarks",
  "liveProgress",
  "nextTry",
  "referencedKeys",
  "studioName",
  "now",
]);
/** A full disk refuses the whole transaction: nothing of it was written. */
const FULL_ODDS = 0.004;

/** The store as one process has it: through its gate, slow at times, and at times without room on the disk. */
export function gateStore(world: World, { pass, realm }: Gate, store: Store): Store {
  const chance: Chance = world.chance.fork();
  const gated = Object.entries(store).map(([name, method]) => {
    if (name === "onWake") {
      const onWake: Store["onWake"] = (listener) =>
        store.onWake((wake) => {
          // In another realm's time; a wake may come late, and some never do.
          if (world.trouble && chance.happens(0.05)) return;
          realm.after(0, () => listener(wake));
        });
      return [name, onWake] as const;
    }
    const call = method as (request?: unknown) => Promise<unknown>;
    const isRead = READS.has(name);
    const through = (request?: unknown): Promise<unknown> =>
      pass(name, async () => {
        if (!isRead && world.trouble && chance.happens(FULL_ODDS)) {
          world.tell(realm.name, "disk full", name);
          throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
        }
        if (!isRead) world.tell(realm.name, name, summary(request));
        const answer = call(request);
        return new Promise((resolve, reject) => {
          // The answer is heard in this process's own time: not while it is stopped.
          answer.then(
            (value) => realm.after(0, () => resolve(value)),
            (error: unknown) => realm.after(0, () => reject(error)),
          );
        });
      });
    return [name, through] as const;
  });
  return Object.fromEntries(gated) as Store;
}

function summary(request: unknown): string {
  if (typeof request !== "object" || request === null) return "";
  const told = request as Readonly<Record<string, unknown>>;
  const words = TOLD.map((name) => told[name]).filter((word) => typeof word === "string" || typeof word === "number");
  const { attempts } = told;
  return (Array.isArray(attempts) ? [...words, attempts.length] : words).join(" ");
}

const TOLD = ["jobId", "attempt", "assetId", "phase", "code"];
