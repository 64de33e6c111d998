import { applyStep, sampleAsset } from "@reelstate/lifecycle/testing";
import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTemplate } from "../openTemplate.ts";
import { playLife } from "../playLife.ts";
import { openWorld } from "../World.ts";
import { openTruth } from "./openTruth.ts";
import type { LiveItem } from "@reelstate/api";
import type { AttemptOutcome, FeedEvent, PrunePolicy, Store, SweepReport } from "@reelstate/db";
import type { Database } from "better-sqlite3";
import type { Breakage } from "../Breakage.ts";

const { rows } = applyStep(null, "create");
if (rows === null) throw new Error("A create makes an asset.");
const ASSET = sampleAsset(rows);
const NOTHING_SWEPT: SweepReport = { lost: 0, expired: 0, released: 0, rejected: 0, transitions: [] };
const LONG = durationMs(3_600_000);
const KEEP_ALL: PrunePolicy = {
  eventsOlderThanMs: LONG,
  jobsOlderThanMs: LONG,
  keysOlderThanMs: LONG,
  binOlderThanMs: LONG,
  limit: 100,
};
const TAKEN: AttemptOutcome = { ok: true, transition: null, cancelRequested: false };
/** Not every life comes to the place that is broken. */
const LIVES = 20;

/** Plays lives in which something is broken until a judge says so; what it said. `from`: where it is known to show soon. */
async function accusation(breakage: Breakage, rule: RegExp, from = 1): Promise<string> {
  using template = await openTemplate();
  for (let seed = from; seed < from + LIVES; seed += 1) {
    const { accusations } = await playLife(template, seed, { breakage });
    const found = accusations.find((one) => rule.test(one));
    if (found !== undefined) return found;
  }
  return `nobody noticed in ${LIVES} lives`;
}

describe("the judges of a life notice", () => {
  it("[P1] a request that is paid for without its intent", async () => {
    const rule = /^\[P1\] \S+ was submitted without its intent$/;
    expect(await accusation({ store: () => ({ intendSubmission: async () => TAKEN }) }, rule)).toMatch(rule);
  });

  it("[P1] a request that is made twice", async () => {
    const rule = /^\[P1\] (\S+)-1 was submitted while \S+ of the same job was under way or made$/;
    const breakage: Breakage = {
      provider: ({ submit }) => ({
        submit: async (request, signal) => {
          await submit(request, signal);
          return submit(request, signal);
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[P1] an attempt that submits its own while an earlier one's is alive", async () => {
    const rule = /^\[P1\] (\S+)-\d+ was submitted while \S+ of the same job was under way or made$/;
    const breakage: Breakage = {
      store: (store) => ({
        claim: async (request) => (await store.claim(request)).map((job) => ({ ...job, submission: null })),
        intendSubmission: async (request) => {
          const outcome = await store.intendSubmission(request);
          return !outcome.ok && outcome.why === "submission_alive" ? TAKEN : outcome;
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[J6] a job that nobody takes up after its lease", async () => {
    const rule = /^\[J6\] nobody took up job \S+ although its lease ended long ago$/;
    const breakage: Breakage = {
      store: () => ({ sweep: async () => NOTHING_SWEPT, takeBackPredecessors: async () => NOTHING_SWEPT }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[J6] a job that never ends", async () => {
    const rule = /^\[J6\] jobs that never end: \[\{"id":/;
    expect(await accusation({ store: () => ({ claim: async () => [] }) }, rule)).toMatch(rule);
  });

  it("[J4] a job that is completed though its provider made nothing", async () => {
    const rule = /^\[J4\] job \S+ completed, and no provider made anything for it/;
    expect(await accusation({ provider: () => ({ status: async () => ({ state: "succeeded" }) }) }, rule)).toMatch(
      rule,
    );
  });

  it("[A5] a version whose file is not there", async () => {
    const rule = /^\[A5\] version \S+ is completed, and nowhere\.webp does not exist$/;
    const breakage: Breakage = {
      store: ({ complete }) => ({
        complete: ({ media, ...request }) => complete({ ...request, media: { ...media, posterKey: "nowhere.webp" } }),
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[P7] more at once than may be", async () => {
    const rule = /^\[P7\] \d hold slots of \w+\/\S+, and \d may$/;
    const breakage: Breakage = {
      always: "limits",
      store: ({ setLimits }) => ({
        setLimits: (limits) => setLimits(limits.map((limit) => ({ ...limit, slots: limit.slots + 1 }))),
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[P7] work without a slot", async () => {
    const rule = /^\[P7\] \S+ is worked on without a slot of \w+\/\S+$/;
    const breakage: Breakage = {
      always: "limits",
      store: ({ claim }, connection) => ({
        claim: async (request) => {
          const claimed = await claim(request);
          connection.prepare("UPDATE slot SET job_id = NULL").run();
          return claimed;
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[P7] a slot that is held by what has ended", async () => {
    const rule = /^\[P7\] \S+ is completed, has nothing alive, and holds a slot of \w+\/\S+$/;
    const breakage: Breakage = {
      always: "limits",
      store: ({ complete }, connection) => ({
        complete: async (request) => {
          const outcome = await complete(request);
          if (outcome.ok) connection.prepare(HOLD_AGAIN).run(request.jobId);
          return outcome;
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[P7] a slot that is kept for what nobody follows", async () => {
    const rule = /^\[P7\] nobody follows \S+, and it keeps its slot of \w+\/\S+$/;
    const breakage: Breakage = {
      always: "limits",
      store: ({ sweep }, connection) => ({
        sweep: async (request) => {
          const kept = connection.prepare(KEPT).all() as readonly { readonly pool: string; readonly number: number }[];
          const report = await sweep(request);
          for (const slot of kept) connection.prepare(KEEP).run(slot);
          return report;
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[A8] a file that is collected though a version refers to it", async () => {
    const rule = /^\[A8\] \S+ was removed, and version \S+ refers to it$/;
    const breakage: Breakage = { always: "janitor", store: () => ({ referencedKeys: async () => new Set() }) };
    expect(await accusation(breakage, rule, 20)).toMatch(rule);
  });

  it("[A8] a file that nothing refers to and that is never collected", async () => {
    const rule = /^\[A8\] nobody refers to \S+, and it is not collected$/;
    const everything = { has: () => true } as unknown as ReadonlySet<string>;
    const breakage: Breakage = { always: "janitor", store: () => ({ referencedKeys: async () => everything }) };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[A8] an asset that goes before its time in the bin is over", async () => {
    const rule = /^\[A8\] asset \S+ is gone, and was in the bin$/;
    const breakage = afterwards((store) => store.prune({ ...KEEP_ALL, binOlderThanMs: durationMs(0) }));
    expect(await accusation(breakage, rule, 10)).toMatch(rule);
  });

  it("[E1] events that are pruned too early", async () => {
    const rule = /^\[E1\] after event \d+ came \d+$/;
    const breakage = afterwards((store) => store.prune({ ...KEEP_ALL, eventsOlderThanMs: durationMs(0) }));
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[E1] a history that is lost with the events that are pruned", async () => {
    const rule = /^\[E1\] the history of asset \S+ is \[.*\], and was \[\{/;
    const breakage = afterwards((_store, connection) => connection.exec("DELETE FROM history"));
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[E1] a status that no event tells of", async () => {
    const rule = /^\[E1\] asset \S+ is cancelled, and its last event made it failed$/;
    const breakage = afterwards((_store, connection) =>
      unguarded(connection, "UPDATE asset SET status = 'cancelled' WHERE status = 'failed'"),
    );
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[A4] another reason than the one that was told", async () => {
    const rule = /^\[A4\] asset \S+ failed for internal, and what was told is \w+$/;
    const breakage = afterwards((_store, connection) =>
      unguarded(connection, "UPDATE asset SET error_code = 'internal' WHERE status = 'failed'"),
    );
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[E3] a browser that goes on behind what was pruned", async () => {
    const rule = /^\[E5\] \w+ shows of all .*, and there is /;
    const breakage: Breakage = { always: "janitor", hears: (item) => (item.kind === "reset" ? null : item) };
    expect(await accusation(breakage, rule, 12)).toMatch(rule);
  });

  it("[C2] a hold that ends twice", async () => {
    const rule = /^\[C2\] job \S+ ended completed with 2 captures and 0 releases$/;
    const breakage: Breakage = {
      store: ({ complete }, connection) => ({
        complete: async (request) => {
          const outcome = await complete(request);
          if (outcome.ok) connection.prepare(CAPTURE_AGAIN).run(request.jobId);
          return outcome;
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[C3] a ledger that does not add up", async () => {
    const rule = /^\[C3\] ledger_sum_wrong of \S+: /;
    const breakage: Breakage = {
      store: ({ complete }, connection) => ({
        complete: async (request) => {
          const outcome = await complete(request);
          if (outcome.ok) connection.prepare("UPDATE workspace SET balance = balance + 1").run();
          return outcome;
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[C4] a press that is carried out twice: the judge once looked at a copy of the presses made before there were any", async () => {
    const rule = /^\[C4\] "\w+ \d+" was pressed for [12] and made [24]$/;
    const breakage: Breakage = {
      store: ({ createAssets }) => ({
        createAssets: (request) => createAssets({ ...request, idempotency: null }),
        answeredBefore: async () => null,
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[E5] a card that is not true at the end", async () => {
    const rule = /^\[E5\] \w+ shows of all \[.*\], and there is \[/;
    // As the studio that this one replaces: its page asked again only when a job was completed.
    expect(await accusation({ hears: (item) => (isFailure(item) ? behind(item) : item) }, rule)).toMatch(rule);
  });

  it("[E5] credits that are not true at the end", async () => {
    const rule = /^\[E5\] \w+ shows credits \{"balance":-1,.*\}, and there are \{/;
    const breakage: Breakage = {
      hears: (item) =>
        item.kind === "transition" ? ({ ...item, credits: { ...item.credits, balance: -1 } } as LiveItem) : item,
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[A9] an answer that changes without a new row version", async () => {
    const rule = /^\[A9\] two states of one row version: /;
    const breakage: Breakage = {
      store: ({ readFeed }) => ({
        readFeed: async (request) => {
          const page = await readFeed(request);
          return { ...page, items: page.items.map(renamed) };
        },
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[U6] a card that shows what never was", async () => {
    const rule = /^\[U6\] \w+ shows what never was: .*"status":"completed".*; it was /;
    const breakage: Breakage = {
      hears: (item) =>
        item.kind === "transition"
          ? { ...item, asset: { ...item.asset, status: "completed", errorCode: null, errorMessage: null } }
          : item,
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[E4] a phase that was never said of the attempt", async () => {
    const rule = /^\[E4\] \w+ shows storing of attempt \d+, which was never said$/;
    const breakage: Breakage = {
      hears: (item) => (item.kind === "progress" ? { ...item, phase: "storing" } : item),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[E5] a card that goes back", () => {
    const world = openWorld(1, {});
    const truth = openTruth(world);
    const older = { ...ASSET, rowVersion: 1 };
    const newer = { ...ASSET, rowVersion: 2 };
    truth.said({ items: [older, newer] });
    truth.drawn("ann", newer);
    expect(world.accusations).toEqual([]);
    truth.drawn("ann", older);
    expect(world.accusations).toEqual([`[E5] ann went back from 2 to 1 of ${ASSET.id}`]);
  });
});

/** Something that every janitor does besides. */
function afterwards(besides: (store: Store, connection: Database) => unknown): Breakage {
  return {
    always: "janitor",
    store: (store, connection) => ({
      prune: async (policy) => {
        const report = await store.prune(policy);
        await besides(store, connection);
        return report;
      },
    }),
  };
}

/** The tables themselves would refuse it. */
function unguarded(connection: Database, sql: string): void {
  const guards = connection
    .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'asset'")
    .pluck();
  for (const guard of guards.all()) connection.exec(`DROP TRIGGER ${String(guard)}`);
  connection.exec(sql);
}

function renamed(item: FeedEvent): FeedEvent {
  return item.kind === "transition" ? { ...item, asset: { ...item.asset, name: "Another" } } : item;
}

function isFailure(item: LiveItem): item is Extract<LiveItem, { kind: "transition" }> {
  return item.kind === "transition" && item.to === "failed";
}

/** Heard as if it were older than what is shown. */
function behind(item: Extract<LiveItem, { kind: "transition" }>): LiveItem {
  return { ...item, asset: { ...item.asset, rowVersion: 0 } };
}

const HOLD_AGAIN = `UPDATE slot SET job_id = ? WHERE job_id IS NULL
AND pool || number = (SELECT pool || number FROM slot WHERE job_id IS NULL LIMIT 1)`;
const KEPT = "SELECT s.* FROM slot s JOIN job j ON j.id = s.job_id WHERE j.ended_at IS NOT NULL";
const KEEP = "UPDATE slot SET job_id = @job_id WHERE pool = @pool AND number = @number AND job_id IS NULL";
const CAPTURE_AGAIN = `INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id)
SELECT workspace_id, at, kind, balance, held, job_id, asset_id FROM credit_entry WHERE kind = 'capture' AND job_id = ?`;
