import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openOutbound } from "../../../outbound/openOutbound.ts";
import { createComfyuiProvider } from "../../../providers/comfyui/createComfyuiProvider.ts";
import { withSafeWords } from "../../../providers/hosted/withSafeWords.ts";
import { Secret } from "../../../Secret.ts";
import { realTimers } from "../../../Timers.ts";
import { temporaryFolder } from "../../temporaryFolder.ts";
import { openComfyuiServer } from "./openComfyuiServer.ts";
import type { OutboundLimits } from "../../../outbound/openOutbound.ts";
import type { Provider } from "../../../providers/Provider.ts";
import type { Timers } from "../../../Timers.ts";
import type { ComfyuiOptions } from "./openComfyuiServer.ts";

export interface StageOptions extends ComfyuiOptions {
  /** What the provider is given; the server's own unless said otherwise. */
  readonly key?: string;
  readonly timers?: Partial<Timers>;
  /** Files of the workflows' folder, by name. */
  readonly workflows?: Readonly<Record<string, unknown>>;
}

/** A ComfyUI and the provider that asks it. */
export async function openComfyuiStage(options: StageOptions = {}) {
  const { key = options.token ?? "", timers = {}, workflows = {} } = options;
  const folder = await temporaryFolder();
  const server = await openComfyuiServer(options);
  const logged: unknown[] = [];
  const providers: Provider[] = [];
  const note = (...line: unknown[]): void => void logged.push(line);
  const place = { folder: join(folder.path, "comfyui"), log: { info: note, warn: note } };
  await mkdir(place.folder);
  for (const [name, file] of Object.entries(workflows)) await write(name, file);

  /** A file of the workflows' folder, for whoever opens next; null: removed. */
  async function write(name: string, file: unknown): Promise<void> {
    const path = join(place.folder, name);
    if (file === null) await rm(path);
    else await writeFile(path, typeof file === "string" ? file : JSON.stringify(file));
  }

  /** One more that asks the same server, as the next process would. */
  function open(limits: Partial<OutboundLimits> = {}): Provider {
    const outbound = openOutbound({ home: server.url, clock: Date.now, limits });
    const secret = new Secret(key);
    const provider = withSafeWords(
      createComfyuiProvider({ ...realTimers, ...timers, outbound, key: secret }, place),
      secret,
    );
    const close = async (): Promise<void> => {
      await provider.close();
      await outbound.close();
    };
    providers.push({ ...provider, close });
    return { ...provider, close };
  }

  return {
    server,
    provider: open(),
    open,
    write,
    folder: folder.path,
    /** Everything that the provider has logged. */
    logged,
    /** How often a step was asked for. */
    asked: (step: string): number => server.calls.filter((call) => call.step === step).length,
    async [Symbol.asyncDispose]() {
      for (const provider of providers) await provider.close();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export type ComfyuiStage = Awaited<ReturnType<typeof openComfyuiStage>>;

/** A workflow for video of a person's own, in the form of a file. */
export const CLIP_WORKFLOW = {
  reelstate: {
    name: "Clip",
    type: "video",
    inputs: {
      prompt: "6.text",
      seed: "3.seed",
      width: "40.width",
      height: "40.height",
      length: "40.length",
      checkpoint: "4.ckpt_name",
      file: "50.filename_prefix",
    },
    sizes: { "16:9": [832, 480], "9:16": [480, 832] },
    seconds: { min: 1, max: 5, usual: 2 },
    frames: { perSecond: 16, step: 4 },
    output: "50",
    progress: "3",
  },
  workflow: {
    "3": {
      class_type: "KSampler",
      inputs: {
        seed: 0,
        steps: 20,
        cfg: 3,
        sampler_name: "uni_pc",
        scheduler: "simple",
        denoise: 1,
        model: ["4", 0],
        positive: ["6", 0],
        negative: ["7", 0],
        latent_image: ["40", 0],
      },
    },
    "4": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "" } },
    "6": { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["4", 1] } },
    "7": { class_type: "CLIPTextEncode", inputs: { text: "still", clip: ["4", 1] } },
    "8": { class_type: "VAEDecode", inputs: { samples: ["3", 0], vae: ["4", 2] } },
    "40": { class_type: "EmptyHunyuanLatentVideo", inputs: { width: 832, height: 480, length: 33, batch_size: 1 } },
    "41": { class_type: "CreateVideo", inputs: { images: ["8", 0], fps: 16 } },
    "50": {
      class_type: "SaveVideo",
      inputs: { video: ["41", 0], filename_prefix: "clip", format: "mp4", codec: "h264" },
    },
  },
};
