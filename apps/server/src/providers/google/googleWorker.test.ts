import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../../testing/openTestStudio.ts";
import { openGoogleAgainst } from "../../testing/protocols/google/openGoogleAgainst.ts";
import { GOOGLE_TEST_KEY } from "../../testing/protocols/google/openGoogleServer.ts";
import type { CreateInput } from "@reelstate/api";
import type { TestStudio } from "../../testing/openTestStudio.ts";
import type { VideoPlan } from "../../testing/protocols/google/openGoogleServer.ts";
import type { Provider } from "../Provider.ts";

const SUBMISSIONS = "SELECT state, outcome, provider_ref AS providerRef FROM submission";
interface SubmissionRow {
  readonly state: string;
  readonly outcome: string | null;
  readonly providerRef: string | null;
}

/** A studio with Google for its only provider, on the folder that Google's pictures are kept in. */
async function opened(plan: () => VideoPlan = () => ({})) {
  const google = await openGoogleAgainst({ plan });
  const studio = (change: Partial<Provider> = {}): Promise<TestStudio> =>
    openTestStudio({
      folder: google.folder,
      wrapProvider: () => ({ ...google.provider, pollMs: durationMs(10), close: async () => {}, ...change }),
    });
  return { google, studio, [Symbol.asyncDispose]: () => google[Symbol.asyncDispose]() };
}

async function create(studio: TestStudio, input: Partial<CreateInput>) {
  const [asset] = (await studio.api.assets.create({ type: "image", prompt: "fog", ...input })).assets;
  if (asset === undefined) throw new Error("Nothing was created.");
  return asset;
}

/** Says nothing for as long as anyone listens. */
function untilStopped(_submission: unknown, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("Nobody listens.")), { once: true });
  });
}

const PICTURE = { type: "image", model: "google/nano-banana-2.1" } as const;
const VIDEO = { type: "video", model: "google/omni-flash", params: { durationMs: 3_000 } } as const;

describe("a studio with Google's models", () => {
  it.each([
    [PICTURE, "generate", 4],
    [VIDEO, "create", 30],
  ])("makes %o with one billed call, and charges what it quoted", async (input, step, charged) => {
    await using at = await opened();
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, input)).id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { charged } });
    expect(asset.currentVersion.media?.width).toBeGreaterThan(0);
    expect(at.google.server.calls.filter((call) => call.step === step)).toHaveLength(1);
    expect(JSON.stringify([studio.lines, studio.rows("SELECT * FROM submission")])).not.toContain(GOOGLE_TEST_KEY);
    expect(at.google.server.calls.map(({ path }) => path).join()).not.toContain(GOOGLE_TEST_KEY);
  });

  it("[P1] [P6] goes on with a picture that a killed studio had been given, and has none drawn again", async () => {
    await using at = await opened();
    // It dies between what Google answered and what it would do with it.
    await using first = await at.studio({ status: untilStopped });
    const killed = first.startWorker();
    const { id } = await create(first, PICTURE);
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using second = await at.studio();
    await second.store.takeBackPredecessors();
    second.startWorker();
    expect(await second.ended(id)).toMatchObject({ status: "completed" });
    expect(at.google.server.calls.map(({ step }) => step)).toEqual(["generate"]);
    await killed.drain(0);
  });

  it("[P1] [P7] follows a video that a killed studio had asked for, and does not ask for it again", async () => {
    const plan: { -readonly [Name in keyof VideoPlan]: VideoPlan[Name] } = { stays: "in_progress" };
    await using at = await opened(() => plan);
    await using first = await at.studio();
    const killed = first.startWorker();
    const { id } = await create(first, VIDEO);
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using second = await at.studio();
    await second.store.takeBackPredecessors();
    second.startWorker();
    await second.until(id, ({ liveJob }) => liveJob?.attempt === 2 && liveJob.phase === "at_provider");
    plan.stays = "completed";
    expect(await second.ended(id)).toMatchObject({ status: "completed" });
    expect(at.google.server.calls.filter(({ step }) => step === "create")).toHaveLength(1);
    await killed.drain(0);
  });

  it("[P2] leaves a picture whose answer was lost to a person, who is told that it may cost twice", async () => {
    await using at = await opened();
    at.google.server.fault({ step: "generate", reply: "lost" });
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, PICTURE)).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit" });
    expect(asset.lastJob?.recoverable).toBe(false);
    expect(at.google.server.calls).toHaveLength(1);
  });

  it("[J5] does not ask again for what Google's rules refuse, and ends the request as one that failed", async () => {
    await using at = await opened();
    const body = { responseId: "r-1", promptFeedback: { blockReason: "SAFETY" } };
    at.google.server.fault({ step: "generate", answer: { status: 200, body } });
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, PICTURE)).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "content_policy_input", lastJob: { charged: 0 } });
    expect(studio.rows<SubmissionRow>(SUBMISSIONS)).toEqual([
      { state: "ended", outcome: "failed", providerRef: "refused:input:SAFETY:r-1:" },
    ]);
    expect(at.google.server.calls).toHaveLength(1);
  });

  it("[J7] stops a video that is wished away", async () => {
    await using at = await opened(() => ({ stays: "in_progress" }));
    await using studio = await at.studio();
    studio.startWorker();
    const { id } = await create(studio, VIDEO);
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id });
    expect(await studio.ended(id)).toMatchObject({ status: "cancelled", lastJob: { charged: 0 } });
    expect(at.google.server.calls.filter(({ step }) => step === "cancel")).toHaveLength(1);
  });
});
