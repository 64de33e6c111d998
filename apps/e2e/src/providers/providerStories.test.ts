import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { holdLock } from "../harness/holdLock.ts";
import { openStory } from "./openStory.ts";
import type { ServedProvider } from "@reelstate/cluster/providers";
import type { Asset } from "@reelstate/lifecycle";
import type { End, Story } from "./openStory.ts";

// What differs: fal and Replicate cannot be asked about a request whose id never came; ComfyUI gets its id from us. Each story is
// told of all three at once, of one studio that is really killed, and ends with what its ledger, its files, its rows and the
// providers' own lists say. Moments are held open at the providers, never waited for by the clock.

const MADE: End = {
  status: "completed",
  errorCode: null,
  recoverable: false,
  cancelRequested: false,
  submits: 1,
  taken: 1,
};
const UNCONFIRMED: End = { ...MADE, status: "failed", errorCode: "unconfirmed_submit" };
const CANCELLED: End = { ...MADE, status: "cancelled", cancelRequested: true };

/** What becomes of a request whose answer was lost with the process that made it. */
const foundOrUnconfirmed = ({ looksUp }: ServedProvider): End => (looksUp ? MADE : UNCONFIRMED);

/** For what hangs, not for what is slow. */
const PATIENCE_MS = 120_000;

const atProvider = ({ liveJob }: Asset): boolean => liveJob?.phase === "at_provider";

async function expectEnds(story: Story, end: (provider: ServedProvider) => End): Promise<void> {
  expect(await story.ends()).toEqual(story.each(end));
  expect(await story.findings()).toEqual([]);
}

describe.concurrent("killed while fal, Replicate and ComfyUI make something", { timeout: 300_000 }, () => {
  it("[P1] [P2] once the intent is written, and before anything is sent where that can be told", async () => {
    await using story = await openStory();
    const held = [
      story.hold("prepare", "asked"),
      story.hold("submit", "asked", ({ steps }) => steps.prepare === undefined),
    ];
    await story.order();
    await Promise.all(held.map(({ reached }) => reached));
    await story.killed();
    // Nothing has arrived: ComfyUI says so, and is asked anew; the others cannot say.
    await expectEnds(story, ({ looksUp }) => (looksUp ? MADE : { ...UNCONFIRMED, taken: 0 }));
  });

  it("[P1] [P2] while the call is on its way, and never arrives", async () => {
    await using story = await openStory();
    const calls = story.hold("submit", "asked");
    await story.order();
    await calls.reached;
    await story.killed();
    await expectEnds(story, ({ looksUp }) => (looksUp ? { ...MADE, submits: 2 } : { ...UNCONFIRMED, taken: 0 }));
  });

  it("[P1] [P2] once the request is taken on, and before its answer", async () => {
    await using story = await openStory();
    const calls = story.hold("submit", "done");
    await story.order();
    await calls.reached;
    await story.killed();
    await expectEnds(story, foundOrUnconfirmed);
  });

  it("[P1] [P2] once the provider has given the request's id, and before that is written down", async () => {
    await using story = await openStory();
    const calls = story.hold("submit", "done");
    await story.order();
    await calls.reached;
    const lock = await holdLock(story.studio, PATIENCE_MS);
    calls.release();
    await untilAnswered(story, "submit");
    await story.killed(lock.release);
    await expectEnds(story, foundOrUnconfirmed);
  });

  it("[P1] [J6] while the provider works: followed, and still there", async () => {
    await using story = await openStory();
    await story.stay("running");
    await story.order();
    await story.until(atProvider);
    await story.killed();
    await story.until((asset) => atProvider(asset) && asset.liveJob?.attempt === 2);
    await story.stay("made");
    await expectEnds(story, () => MADE);
  });

  it("[P1] [P3] while the provider works, which ends before anybody is there again", async () => {
    await using story = await openStory();
    await story.stay("queued");
    await story.order();
    await story.until(atProvider);
    await story.killed(() => story.stay("made"));
    await expectEnds(story, () => MADE);
  });

  it.each([
    ["[P1] [P3] once it is told that the file is there, and before the first byte", "asked"],
    ["[P1] [P3] [J4] in the middle of the file", "half"],
  ] as const)("%s", async (_when, where) => {
    await using story = await openStory();
    await story.stay("made");
    const files = story.hold("file", where);
    await story.order();
    await files.reached;
    await story.killed();
    await expectEnds(story, () => MADE);
  });

  it("[P1] [J4] [C2] once the file is stored, and before the job is completed", async () => {
    await using story = await openStory();
    await story.stay("made");
    const files = story.hold("file", "asked");
    await story.order();
    await files.reached;
    const lock = await holdLock(story.studio, PATIENCE_MS);
    files.release();
    await vi.waitUntil(async () => (await storedIn(story)).length === story.providers.length, PATIENCE_MS);
    await story.killed(lock.release);
    await expectEnds(story, () => MADE);
  });
});

describe.concurrent("cancelled at fal, Replicate and ComfyUI", { timeout: 300_000 }, () => {
  it.each(["queued", "running"] as const)(
    "[J7] while it is %s there: ends cancelled, and costs nothing",
    async (where) => {
      await using story = await openStory();
      await story.stay(where);
      await story.order();
      await story.until(atProvider);
      await cancel(story);
      await expectEnds(story, () => CANCELLED);
      expect(asked(story, "cancel")).toEqual(story.each(() => 1));
    },
  );

  it("[J7] [P6] as it is finished: what was made is kept, said to be so, and paid", async () => {
    await using story = await openStory();
    await story.stay("running");
    const cancels = story.hold("cancel", "asked");
    await story.order();
    await story.until(atProvider);
    await cancel(story);
    await cancels.reached;
    await story.stay("made");
    cancels.release();
    await expectEnds(story, () => ({ ...MADE, cancelRequested: true }));
    expect(asked(story, "cancel")).toEqual(story.each(() => 1));
  });

  it("[J7] [J6] and killed before the provider has heard: it hears from the next one", async () => {
    await using story = await openStory();
    await story.stay("running");
    const cancels = story.hold("cancel", "asked");
    await story.order();
    await story.until(atProvider);
    await cancel(story);
    await cancels.reached;
    await story.killed();
    await expectEnds(story, () => CANCELLED);
    expect(asked(story, "cancel")).toEqual(story.each(() => 2));
  });

  it("[J7] [P6] and killed before the provider has heard, which finishes it: kept, said to be so, and paid", async () => {
    await using story = await openStory();
    await story.stay("running");
    const cancels = story.hold("cancel", "asked");
    await story.order();
    await story.until(atProvider);
    await cancel(story);
    await cancels.reached;
    await story.killed(() => story.stay("made"));
    await expectEnds(story, () => ({ ...MADE, cancelRequested: true }));
  });

  it("[J7] [P1] and killed once the provider has taken the cancel, and before it is known", async () => {
    await using story = await openStory();
    await story.stay("queued");
    const cancels = story.hold("cancel", "done");
    await story.order();
    await story.until(atProvider);
    await cancel(story);
    await cancels.reached;
    await story.killed();
    await expectEnds(story, () => CANCELLED);
  });

  it("[J7] [P1] while the call is under way: cancelled once its answer is there", async () => {
    await using story = await openStory();
    await story.stay("running");
    const calls = story.hold("submit", "done");
    await story.order();
    await calls.reached;
    await cancel(story);
    calls.release();
    await expectEnds(story, () => CANCELLED);
  });

  it("[J7] [P2] and killed while the call is under way: cancelled where it is found, and unconfirmed where it cannot be", async () => {
    await using story = await openStory();
    await story.stay("running");
    const calls = story.hold("submit", "done");
    await story.order();
    await calls.reached;
    await cancel(story);
    await story.killed();
    await expectEnds(story, ({ looksUp }) => (looksUp ? CANCELLED : { ...UNCONFIRMED, cancelRequested: true }));
  });
});

describe.concurrent("recovered from fal, Replicate and ComfyUI", { timeout: 300_000 }, () => {
  it("[P6] [C2] a file that could not be fetched three times: made once, paid once, after a kill too", async () => {
    await using story = await openStory();
    await story.stay("made");
    for (const { server, steps } of story.providers) server.fault({ step: steps.file, times: 3, answer: AWAY });
    await story.order();
    const failed = { ...MADE, status: "failed", errorCode: "provider_unavailable", recoverable: true };
    await expectEnds(story, () => failed);
    await story.killed();
    await story.withEach(({ id }) => story.client.assets.recover.mutate({ id }));
    await expectEnds(story, () => MADE);
  });

  it("[P2] [P6] an unconfirmed submit where it can be asked about; elsewhere a person decides that it may cost twice", async () => {
    await using story = await openStory();
    await story.stay("made");
    const calls = story.hold("submit", "done");
    await story.order();
    await calls.reached;
    await story.killed(() => {
      for (const { server, steps, looksUp } of story.providers)
        if (looksUp) server.fault({ step: steps.poll, times: 3, answer: AWAY });
    });
    await expectEnds(story, ({ looksUp }) => ({ ...UNCONFIRMED, recoverable: looksUp }));

    await story.withEach(async ({ id }, { looksUp }) => {
      if (looksUp) return story.client.assets.recover.mutate({ id });
      await expect(story.client.assets.recover.mutate({ id })).rejects.toMatchObject({ data: { httpStatus: 409 } });
      story.decided();
      return story.client.assets.retry.mutate({ id });
    });
    await expectEnds(story, ({ looksUp }) => (looksUp ? MADE : { ...MADE, submits: 2, taken: 2 }));
  });
});

/** Not there for a moment. */
const AWAY = { status: 503, headers: { "retry-after": "0.05" } };

async function cancel({ withEach, client }: Story): Promise<void> {
  await withEach(({ id }) => client.assets.cancel.mutate({ id }));
}

function asked({ each }: Story, step: "cancel"): ReturnType<typeof each<number>> {
  return each(({ server, steps }) => server.calls.filter((call) => call.step === steps[step]).length);
}

async function untilAnswered({ providers }: Story, step: "submit"): Promise<void> {
  const isAnswered = ({ server, steps }: ServedProvider): boolean =>
    server.calls.some((call) => call.step === steps[step] && call.answered !== null);
  await vi.waitUntil(() => providers.every(isAnswered), PATIENCE_MS);
}

/** The pictures that are visible in storage, without what is made of them. */
async function storedIn({ studio }: Story): Promise<readonly string[]> {
  const files = await readdir(join(studio.dataDir, "media"), { recursive: true });
  return files.filter((file) => /^[0-9a-f]{2}\/[0-9a-f]{64}\.png$/.test(file));
}
