import { describe, expect, it } from "vitest";
import { openGoogleAgainst } from "../../testing/protocols/google/openGoogleAgainst.ts";
import { GOOGLE_TEST_KEY } from "../../testing/protocols/google/openGoogleServer.ts";
import { create, openStudios, replyStudioContract, submissionsIn } from "../../testing/replyStudioContract.ts";
import type { VideoPlan } from "../../testing/protocols/google/openGoogleServer.ts";

const PICTURE = { type: "image", model: "google/nano-banana-2.1" } as const;
const VIDEO = { type: "video", model: "google/omni-flash", params: { durationMs: 3_000 } } as const;

replyStudioContract<VideoPlan>("Google's models", {
  open: (plan) => openGoogleAgainst(plan === undefined ? {} : { plan }),
  key: GOOGLE_TEST_KEY,
  picture: PICTURE,
  video: VIDEO,
  made: [
    [PICTURE, {}, "generate", 4],
    [VIDEO, {}, "create", 30],
  ],
});

describe("a studio with Google's models", () => {
  it("[J5] does not ask again for what Google's rules refuse, and ends the request as one that failed", async () => {
    await using at = await openStudios(await openGoogleAgainst());
    const body = { responseId: "r-1", promptFeedback: { blockReason: "SAFETY" } };
    at.server.fault({ step: "generate", answer: { status: 200, body } });
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, PICTURE)).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "content_policy_input", lastJob: { charged: 0 } });
    expect(submissionsIn(studio)).toEqual([
      { state: "ended", outcome: "failed", providerRef: "refused:input:SAFETY:r-1:" },
    ]);
    expect(at.server.calls).toHaveLength(1);
  });

  it("[J7] stops a video that is wished away", async () => {
    await using at = await openStudios(await openGoogleAgainst({ plan: () => ({ stays: "in_progress" }) }));
    await using studio = await at.studio();
    studio.startWorker();
    const { id } = await create(studio, VIDEO);
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id });
    expect(await studio.ended(id)).toMatchObject({ status: "cancelled", lastJob: { charged: 0 } });
    expect(at.server.calls.filter(({ step }) => step === "cancel")).toHaveLength(1);
  });

  it("[P2] buys no other video when one is stopped at Google that nobody here wished away", async () => {
    await using at = await openStudios(await openGoogleAgainst({ plan: () => ({ stays: "cancelled" }) }));
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, VIDEO)).id);
    expect(asset).toMatchObject({
      status: "failed",
      errorMessage: expect.stringContaining("It may have been charged for."),
    });
    expect(at.server.calls.filter(({ step }) => step === "create")).toHaveLength(1);
  });
});
