/** What a node's input takes, as `/object_info` tells it: a kind that is linked, a list to choose from, or a value with its limits. */
type Wanted =
  | { readonly link: string }
  | { readonly choice: readonly string[] }
  | { readonly value: "STRING" | "INT" | "FLOAT"; readonly min?: number; readonly max?: number };

export interface NodeClass {
  readonly required: Readonly<Record<string, Wanted>>;
  readonly gives: readonly string[];
  /** Saves something, so that a prompt with it has a result. */
  readonly saves?: "image" | "video";
}

const link = (kind: string): Wanted => ({ link: kind });
const STRING: Wanted = { value: "STRING" };
const side: Wanted = { value: "INT", min: 16, max: 16_384 };

/** The nodes of ComfyUI's core that the protocol server knows, with the inputs that nodes.py and comfy_extras give them (2026-11). */
export function coreNodes(checkpoints: readonly string[]): Readonly<Record<string, NodeClass>> {
  return {
    CheckpointLoaderSimple: {
      required: { ckpt_name: { choice: checkpoints } },
      gives: ["MODEL", "CLIP", "VAE"],
    },
    CLIPTextEncode: { required: { text: STRING, clip: link("CLIP") }, gives: ["CONDITIONING"] },
    EmptyLatentImage: {
      required: { width: side, height: side, batch_size: { value: "INT", min: 1, max: 4_096 } },
      gives: ["LATENT"],
    },
    EmptyHunyuanLatentVideo: {
      required: {
        width: side,
        height: side,
        length: { value: "INT", min: 1, max: 16_384 },
        batch_size: { value: "INT", min: 1, max: 4_096 },
      },
      gives: ["LATENT"],
    },
    KSampler: {
      required: {
        model: link("MODEL"),
        seed: { value: "INT", min: 0, max: 2 ** 64 },
        steps: { value: "INT", min: 1, max: 10_000 },
        cfg: { value: "FLOAT", min: 0, max: 100 },
        sampler_name: { choice: ["euler", "dpmpp_2m", "uni_pc"] },
        scheduler: { choice: ["normal", "karras", "simple"] },
        positive: link("CONDITIONING"),
        negative: link("CONDITIONING"),
        latent_image: link("LATENT"),
        denoise: { value: "FLOAT", min: 0, max: 1 },
      },
      gives: ["LATENT"],
    },
    VAEDecode: { required: { samples: link("LATENT"), vae: link("VAE") }, gives: ["IMAGE"] },
    VAEEncode: { required: { pixels: link("IMAGE"), vae: link("VAE") }, gives: ["LATENT"] },
    LoadImage: { required: { image: STRING }, gives: ["IMAGE", "MASK"] },
    ImageScaleToTotalPixels: {
      required: {
        image: link("IMAGE"),
        upscale_method: { choice: ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"] },
        megapixels: { value: "FLOAT", min: 0.01, max: 16 },
        resolution_steps: { value: "INT", min: 1, max: 256 },
      },
      gives: ["IMAGE"],
    },
    SaveImage: { required: { images: link("IMAGE"), filename_prefix: STRING }, gives: [], saves: "image" },
    CreateVideo: {
      required: { images: link("IMAGE"), fps: { value: "FLOAT", min: 1, max: 120 } },
      gives: ["VIDEO"],
    },
    SaveVideo: {
      required: {
        video: link("VIDEO"),
        filename_prefix: STRING,
        format: { choice: ["auto", "mp4"] },
        codec: { choice: ["auto", "h264"] },
      },
      gives: [],
      saves: "video",
    },
  };
}

/** As `/object_info/<class>` answers. */
export function objectInfo(name: string, { required, gives, saves }: NodeClass) {
  return {
    [name]: {
      name,
      display_name: name,
      category: "sd",
      description: "",
      input: {
        required: Object.fromEntries(
          Object.entries(required).map(([input, wanted]) => [
            input,
            "link" in wanted
              ? [wanted.link]
              : "choice" in wanted
                ? [wanted.choice, {}]
                : [wanted.value, { min: wanted.min, max: wanted.max }],
          ]),
        ),
      },
      input_order: { required: Object.keys(required) },
      output: gives,
      output_name: gives,
      output_is_list: gives.map(() => false),
      output_node: saves !== undefined,
    },
  };
}
