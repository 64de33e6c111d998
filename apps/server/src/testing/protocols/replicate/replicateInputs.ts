import { z } from "zod";

/** A model as its page at Replicate describes it: its inputs, and the form of its output. */
export interface ModelPage {
  readonly type: "image" | "video";
  readonly output: "string" | "list";
  /** Stricter than the service may be: an input that no page names is refused. */
  readonly input: z.ZodType<Record<string, unknown>>;
}

const file = z.string().regex(/^(https:\/\/|data:image\/(png|jpeg|webp|gif);base64,)/, "must be a URL or a data URL");
const seed = z.int().max(2_147_483_647);
const schnellRatios = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"] as const;
const proRatios = ["custom", "1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"] as const;
const kontextRatios = ["match_input_image", "2:1", "1:2", ...schnellRatios] as const;
const clipRatios = ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9"] as const;

const clip = {
  prompt: z.string(),
  image: file.optional(),
  duration: z.int().min(2).max(12).default(5),
  resolution: z.enum(["480p", "720p", "1080p"]).default("720p"),
  aspect_ratio: z.enum(clipRatios).default("16:9"),
  seed: seed.optional(),
};

/** As the pages were in October 2026. */
export const MODEL_PAGES: Readonly<Record<string, ModelPage>> = {
  "black-forest-labs/flux-schnell": {
    type: "image",
    output: "list",
    input: z.strictObject({
      prompt: z.string(),
      aspect_ratio: z.enum(schnellRatios).default("1:1"),
      num_outputs: z.int().min(1).max(4).default(1),
      seed: seed.optional(),
      output_format: z.enum(["webp", "jpg", "png"]).default("webp"),
    }),
  },
  "black-forest-labs/flux-1.1-pro": {
    type: "image",
    output: "string",
    input: z.strictObject({
      prompt: z.string(),
      aspect_ratio: z.enum(proRatios).default("1:1"),
      image_prompt: file.optional(),
      seed: seed.optional(),
      output_format: z.enum(["webp", "jpg", "png"]).default("webp"),
    }),
  },
  "black-forest-labs/flux-kontext-pro": {
    type: "image",
    output: "string",
    input: z.strictObject({
      prompt: z.string(),
      input_image: file.optional(),
      aspect_ratio: z.enum(kontextRatios).default("match_input_image"),
      seed: seed.optional(),
      output_format: z.enum(["jpg", "png"]).default("png"),
    }),
  },
  "bytedance/seedance-1.5-pro": {
    type: "video",
    output: "string",
    input: z.strictObject({ ...clip, generate_audio: z.boolean().default(true) }),
  },
  "bytedance/seedance-1-lite": { type: "video", output: "string", input: z.strictObject(clip) },
};
