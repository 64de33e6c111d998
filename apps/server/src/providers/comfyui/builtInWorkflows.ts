import { parseWorkflow } from "./parseWorkflow.ts";
import { workflowId } from "./readWorkflows.ts";
import type { Workflow } from "./parseWorkflow.ts";

// Of nodes that every ComfyUI has (its nodes.py and comfy_extras/nodes_post_processing.py, checked 2026-11), for whatever
// checkpoint lies first in its folder. The sizes are those that SDXL was trained on, which most later ones share.

const SIZES = {
  "1:1": [1024, 1024],
  "16:9": [1344, 768],
  "9:16": [768, 1344],
  "4:3": [1152, 896],
  "3:4": [896, 1152],
  "21:9": [1536, 640],
};

const CHECKPOINT = { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "" } };
const WORDS = { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["4", 1] } };
const UNWANTED = {
  class_type: "CLIPTextEncode",
  inputs: { text: "blurry, deformed, watermark, text", clip: ["4", 1] },
};
const DECODED = { class_type: "VAEDecode", inputs: { samples: ["3", 0], vae: ["4", 2] } };
const SAVED = { class_type: "SaveImage", inputs: { filename_prefix: "reelstate", images: ["8", 0] } };

function sampler(denoise: number) {
  return {
    class_type: "KSampler",
    inputs: {
      seed: 0,
      steps: 25,
      cfg: 6,
      sampler_name: "dpmpp_2m",
      scheduler: "karras",
      denoise,
      model: ["4", 0],
      positive: ["6", 0],
      negative: ["7", 0],
      latent_image: ["5", 0],
    },
  };
}

const COMMON = { prompt: "6.text", seed: "3.seed", checkpoint: "4.ckpt_name", file: "9.filename_prefix" };

const FILES: Readonly<Record<string, unknown>> = {
  "text-to-image": {
    reelstate: {
      name: "ComfyUI picture",
      type: "image",
      description: {
        en: "A picture from words, made on your own GPU with the first checkpoint that ComfyUI has. Free.",
        zh: "按文字生成图片，使用 ComfyUI 里的第一个模型文件，在自己的显卡上运行。免费。",
      },
      inputs: { ...COMMON, width: "5.width", height: "5.height" },
      sizes: SIZES,
      output: "9",
      progress: "3",
    },
    workflow: {
      "3": sampler(1),
      "4": CHECKPOINT,
      "5": { class_type: "EmptyLatentImage", inputs: { width: 1024, height: 1024, batch_size: 1 } },
      "6": WORDS,
      "7": UNWANTED,
      "8": DECODED,
      "9": SAVED,
    },
  },
  "image-to-image": {
    reelstate: {
      name: "ComfyUI picture from a picture",
      type: "image",
      description: {
        en: "Redraws a reference picture as the words say, on your own GPU with the first checkpoint that ComfyUI has. Needs one picture. Free.",
        zh: "按文字重绘一张参考图，使用 ComfyUI 里的第一个模型文件，在自己的显卡上运行。需要一张参考图。免费。",
      },
      inputs: { ...COMMON, pictures: ["10.image"] },
      output: "9",
      progress: "3",
    },
    workflow: {
      "3": sampler(0.65),
      "4": CHECKPOINT,
      "5": { class_type: "VAEEncode", inputs: { pixels: ["11", 0], vae: ["4", 2] } },
      "6": WORDS,
      "7": UNWANTED,
      "8": DECODED,
      "9": SAVED,
      "10": { class_type: "LoadImage", inputs: { image: "" } },
      // Older versions do not know the steps, and pass over what they do not know.
      "11": {
        class_type: "ImageScaleToTotalPixels",
        inputs: { image: ["10", 0], upscale_method: "lanczos", megapixels: 1, resolution_steps: 8 },
      },
    },
  },
};

/** What is offered without a file of one's own. */
export function builtInWorkflows(): readonly Workflow[] {
  return Object.entries(FILES).map(([name, file]) => {
    const parsed = parseWorkflow(workflowId(name), file);
    if ("flaws" in parsed) throw new Error(`The built-in workflow ${name} has flaws: ${parsed.flaws.join("; ")}`);
    return parsed.workflow;
  });
}
