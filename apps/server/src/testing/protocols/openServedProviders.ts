import { serveComfyui } from "./comfyui/serveComfyui.ts";
import { serveFal } from "./fal/serveFal.ts";
import { serveReplicate } from "./replicate/serveReplicate.ts";
import type { ServedProvider } from "./ServedProvider.ts";

/** fal, Replicate and a ComfyUI at once, each told and asked in the same way. */
export async function openServedProviders(): Promise<readonly ServedProvider[]> {
  return Promise.all([serveFal(), serveReplicate(), serveComfyui()]);
}
