import { applyStep, sampleAsset } from "@reelstate/lifecycle/testing";
import { describe, expect, it } from "vitest";
import { openTemplate } from "../openTemplate.ts";
import { playLife } from "../playLife.ts";
import { openWorld } from "../World.ts";
import { openTruth } from "./openTruth.ts";
import type { LiveItem } from "@reelstate/api";
import type { AttemptOutcome, FeedEvent, SweepReport } from "@reelstate/db";
import type { Breakage } from "../Breakage.ts";

const { rows } = applyStep(null, "create");
if (rows === null) throw new Error("A create makes an asset.");
const ASSET = sampleAsset(rows);
const NOTHING_SWEPT: SweepReport = { lost: 0, expired: 0, released: 0, rejected: 0, transitions: [] };
const TAKEN: AttemptOutcome = { ok: true, transition: null, cancelRequested: false };
/** Not every life comes to the place that is broken. */
const LIVES = 20;

/** Plays lives in which something is broken until a judge says so; what it said. */
async function accusation(breakage: Breakage, rule: RegExp): Promise<string> {
  using template = await openTemplate();
  for (let seed = 1; seed <= LIVES; seed += 1) {
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
      store: ({ setLimits }) => ({
        setLimits: (limits) => setLimits(limits.map((limit) => ({ ...limit, slots: limit.slots + 1 }))),
      }),
    };
    expect(await accusation(breakage, rule)).toMatch(rule);
  });

  it("[P7] work without a slot", async () => {
    const rule = /^\[P7\] \S+ is worked on without a slot of \w+\/\S+$/;
    const breakage: Breakage = {
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
