import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLIP_WORKFLOW, openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import { fillWorkflow } from "./fillWorkflow.ts";
import { parseWorkflow } from "./parseWorkflow.ts";

const { reelstate: HEADER, workflow: GRAPH } = CLIP_WORKFLOW;
const { checkpoint: _checkpoint, ...INPUTS } = HEADER.inputs;

const flawsOf = (reelstate: unknown, workflow: unknown = GRAPH): readonly string[] => {
  const parsed = parseWorkflow("comfyui/clip", { reelstate, workflow });
  return "flaws" in parsed ? parsed.flaws : [];
};

describe("a file of a workflow", () => {
  it("is taken when its header and its graph go together", () => {
    expect(flawsOf(HEADER)).toEqual([]);
  });

  it.each<[unknown, string]>([
    [undefined, "reelstate"],
    [{ ...HEADER, name: "" }, "reelstate.name"],
    [{ ...HEADER, type: "sound" }, "reelstate.type"],
    [{ ...HEADER, negative: "x" }, "reelstate"],
    [{ ...HEADER, inputs: { ...INPUTS, prompt: "text" } }, "reelstate.inputs.prompt"],
    [{ ...HEADER, inputs: { ...INPUTS, prompt: "99.text" } }, "reelstate.inputs.prompt: there is no node 99"],
    [
      { ...HEADER, inputs: { ...INPUTS, prompt: "6.words" } },
      "reelstate.inputs.prompt: node 6 (CLIPTextEncode) has no input words",
    ],
    [
      { ...HEADER, inputs: { ...INPUTS, seed: ["3.seed", "3.model"] } },
      "reelstate.inputs.seed: 3.model comes from node 4",
    ],
    [{ ...HEADER, inputs: { ...INPUTS, pictures: ["7.image"] } }, "reelstate.inputs.pictures: node 7"],
    [{ ...HEADER, output: "99" }, "reelstate.output: there is no node 99"],
    [{ ...HEADER, progress: "99" }, "reelstate.progress: there is no node 99"],
    [{ ...HEADER, sizes: { wide: [832, 480] } }, "reelstate.sizes.wide"],
    [{ ...HEADER, sizes: { "16:9": [832] } }, "reelstate.sizes.16:9"],
    [{ ...HEADER, sizes: {} }, "reelstate.sizes: is empty"],
    [{ ...HEADER, sizes: undefined }, "reelstate.sizes: is missing"],
    [{ ...HEADER, inputs: { prompt: "6.text", length: "40.length" } }, "reelstate.sizes: needs"],
    [{ ...HEADER, seconds: undefined }, "reelstate.seconds: is missing"],
    [{ ...HEADER, seconds: { min: 3, max: 5, usual: 2 } }, "reelstate.seconds: usual"],
    [{ ...HEADER, frames: undefined }, "reelstate.frames: is missing"],
    [{ ...HEADER, type: "image" }, "reelstate.seconds: a picture has no length"],
    [{ ...HEADER, inputs: { ...INPUTS, length: undefined } }, "reelstate.inputs.length: is missing"],
  ])("with %j says where it is wrong", (reelstate, where) => {
    expect(flawsOf(reelstate).some((flaw) => flaw.startsWith(where))).toBe(true);
  });

  it("is taken as docs/comfyui.md shows it", () => {
    const page = readFileSync(new URL("../../../../../docs/comfyui.md", import.meta.url), "utf8");
    const shown: unknown = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? "null");
    expect(parseWorkflow("comfyui/clip", shown)).toHaveProperty("workflow");
  });

  it("as the editor saves it is no export for the API, and told so", () => {
    expect(flawsOf(HEADER, { nodes: [], links: [] })[0]).toContain("workflow.nodes");
    expect(flawsOf(HEADER, { "6": { inputs: {} } }).join()).toContain("Export (API)");
  });

  it("counts frames in the model's steps", () => {
    const framesFor = (step: number, durationMs: number): unknown => {
      const header = { ...HEADER, frames: { perSecond: 16, step } };
      const parsed = parseWorkflow("comfyui/clip", { reelstate: header, workflow: GRAPH });
      if ("flaws" in parsed) throw new Error(parsed.flaws.join());
      const request = {
        clientRef: "job-1",
        model: "comfyui/clip",
        type: "video",
        prompt: "fog",
        params: { durationMs },
      } as const;
      return fillWorkflow(parsed.workflow, request, { pictures: [], checkpoint: null, id: "x" })["40"]?.inputs[
        "length"
      ];
    };
    expect([framesFor(4, 5_000), framesFor(8, 3_000), framesFor(1, 2_000), framesFor(8, 100)]).toEqual([81, 49, 32, 9]);
  });
});

describe("the folder of workflows", () => {
  it("offers what is whole beside the built-in ones, and leaves out and reports what is not, each flaw with its file", async () => {
    await using stage = await openComfyuiStage({
      workflows: {
        "clip.json": CLIP_WORKFLOW,
        "text-to-image.json": { ...CLIP_WORKFLOW, reelstate: { ...HEADER, name: "In its place" } },
        "broken.json": "{",
        "My Clip.json": CLIP_WORKFLOW,
        "lost.json": { ...CLIP_WORKFLOW, reelstate: { ...HEADER, output: "99" } },
        "readme.txt": "not read",
      },
    });
    expect(stage.provider.models.map(({ id, name }) => [id, name])).toEqual([
      ["comfyui/clip", "Clip"],
      ["comfyui/text-to-image", "In its place"],
      ["comfyui/image-to-image", "ComfyUI picture from a picture"],
    ]);
    const told = JSON.stringify(stage.logged);
    expect(told).toContain("lost.json: reelstate.output: there is no node 99");
    expect(told).toContain("broken.json: cannot be read");
    expect(told).toContain("My Clip.json: the name must be");
    expect(told).not.toContain("readme");
  });

  it("need not exist", async () => {
    await using stage = await openComfyuiStage();
    expect(stage.provider.models.map(({ id }) => id)).toEqual(["comfyui/text-to-image", "comfyui/image-to-image"]);
    expect(JSON.stringify(stage.logged)).not.toContain("left out");
  });
});
