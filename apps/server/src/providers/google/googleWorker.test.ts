import { describe, expect, it } from "vitest";
import { openGoogleAgainst } from "../../testing/protocols/google/openGoogleAgainst.ts";
import { GOOGLE_TEST_KEY } from "../../testing/protocols/google/openGoogleServer.ts";
import { create, openStudios, replyStudioContract, submissionsIn } from "../../testing/replyStudioContract.ts";
import type { CreateInput } from "@reelstate/api";
import type { VideoPlan } from "../../testing/protocols/google/openGoogleServer.ts";

const PICTURE = { type: "image", model: "google/nano-banana-2.1" } as const;
/** Google's own address, as the adapter believes it. */
const OWN_HOME = "https://generativelanguage.googleapis.com/v1beta";
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
  it("[P8] keeps what a picture cost by Google's own count of tokens, and of a gateway's believes no price", async () => {
    await using at = await openStudios(await openGoogleAgainst({ home: OWN_HOME }));
    await using studio = await at.studio();
    studio.startWorker();
    const made = async (input: Partial<CreateInput>) => studio.ended((await create(studio, input)).id);
    const flash = await made(PICTURE);
    expect(flash).toMatchObject({
      currentVersion: { cost: { usdMicros: 33_611, basis: "tokens" } },
      lastJob: { quote: 4, charged: 4 },
    });
    const pro = { ...PICTURE, model: "google/nano-banana-pro", inputs: [flash.id] };
    // 7 × 2 + 560 × 2 + 1120 × 120 + (96 + 200) × 12
    expect((await made(pro)).currentVersion.cost).toEqual({ usdMicros: 139_086, basis: "tokens" });
    // Nobody lists what a reference costs with this one.
    expect((await made({ ...PICTURE, inputs: [flash.id] })).currentVersion.cost).toBeUndefined();
    await using gateway = await openStudios(await openGoogleAgainst());
    await using other = await gateway.studio();
    other.startWorker();
    const asset = await other.ended((await create(other, PICTURE)).id);
    expect([asset.status, asset.currentVersion.cost]).toEqual(["completed", undefined]);
  });

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
