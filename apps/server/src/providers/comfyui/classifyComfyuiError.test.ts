import { describe, expect, it } from "vitest";
import {
  comfyuiBegin,
  comfyuiRefusal,
  comfyuiRequest,
  comfyuiUntil,
} from "../../testing/protocols/comfyui/comfyuiRequest.ts";
import { CLIP_WORKFLOW, openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";

describe("a run that goes wrong at ComfyUI", () => {
  it.each([
    ["[broken]", false, /KSampler \(node 3\): mat1 and mat2 shapes/],
    ["[oom]", true, /KSampler \(node 3\): the GPU ran out of memory/],
    ["[nothing]", false, /node 9 has saved nothing/],
  ])(
    "[J5] %s says where and why, whether it may go better, and nothing of what was asked",
    async (word, retryable, message) => {
      await using stage = await openComfyuiStage();
      const of = comfyuiRequest("job-1", `dunes ${word}`);
      const status = await comfyuiUntil(stage, of, await comfyuiBegin(stage, of));
      expect(status).toMatchObject({
        state: "failed",
        error: { code: "provider_unavailable", retryable, message: expect.stringMatching(message) },
      });
      expect(JSON.stringify(status)).not.toContain("a secret");
    },
  );

  it("[P5] with a status that nobody knows is waited on", async () => {
    await using stage = await openComfyuiStage();
    const of = comfyuiRequest("job-1", "dunes [strange]");
    const ref = await comfyuiBegin(stage, of);
    expect(await comfyuiUntil(stage, of, ref, ({ state }) => state === "unknown")).toEqual({
      state: "unknown",
      raw: "paused",
    });
  });

  it("[P2] [J5] is refused at once where the workflow cannot be carried out, with the node and the input", async () => {
    const broken = structuredClone(CLIP_WORKFLOW);
    broken.workflow["41"].class_type = "VHS_VideoCombine";
    await using stage = await openComfyuiStage({
      workflows: {
        "missing.json": broken,
        "huge.json": {
          ...CLIP_WORKFLOW,
          reelstate: { ...CLIP_WORKFLOW.reelstate, frames: { perSecond: 240, step: 100_000 } },
        },
      },
    });
    const clip = { type: "video", params: { durationMs: 5_000 } } as const;
    expect(
      await comfyuiRefusal(stage, comfyuiRequest("job-1", "fog", { ...clip, model: "comfyui/missing" })),
    ).toMatchObject({
      code: "provider_unavailable",
      retryable: false,
      notAccepted: true,
      message: expect.stringContaining("Node 'VHS_VideoCombine' not found"),
    });
    expect(
      await comfyuiRefusal(stage, comfyuiRequest("job-2", "fog", { ...clip, model: "comfyui/huge" })),
    ).toMatchObject({
      code: "invalid_input",
      notAccepted: true,
      message: expect.stringContaining(
        "EmptyHunyuanLatentVideo (node 40): Value 100001 bigger than max of 16384, length",
      ),
    });
    await using bare = await openComfyuiStage({ checkpoints: [] });
    expect(await comfyuiRefusal(bare, comfyuiRequest("job-3"))).toMatchObject({
      code: "provider_unavailable",
      notAccepted: true,
      message: expect.stringContaining("models/checkpoints"),
    });
  });
});
