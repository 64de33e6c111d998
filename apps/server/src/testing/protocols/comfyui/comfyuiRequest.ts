import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import sharp from "sharp";
import { expect } from "vitest";
import { submissionOf } from "../../submissionOf.ts";
import type { ClassifiedError, Provider, ProviderStatus, SubmitRequest } from "../../../providers/Provider.ts";
import type { ComfyuiStage } from "./openComfyuiStage.ts";

const { signal } = new AbortController();

/** With everything; with an interrupt that heeds an id; with neither that nor ids of our own. */
export const COMFYUI_VERSIONS = ["0.36.0", "0.3.60", "0.3.30"] as const;

export function comfyuiRequest(
  clientRef: string,
  prompt = "dunes at dusk",
  changes: Partial<SubmitRequest> = {},
): SubmitRequest {
  const params = { aspectRatio: "16:9", seed: 7 };
  return { clientRef, model: "comfyui/text-to-image", type: "image", prompt, params, inputPaths: [], ...changes };
}

export function comfyuiStatus(provider: Provider, of: SubmitRequest, ref: string): Promise<ProviderStatus> {
  return provider.status(submissionOf(of, ref), signal);
}

/** The first status that is waited for: the end, unless something else is. */
export async function comfyuiUntil(
  { provider }: Pick<ComfyuiStage, "provider">,
  of: SubmitRequest,
  ref: string,
  done: (status: ProviderStatus) => boolean = isEnd,
): Promise<ProviderStatus> {
  for (;;) {
    const status = await comfyuiStatus(provider, of, ref);
    if (done(status)) return status;
    await wait(5);
  }
}

function isEnd({ state }: ProviderStatus): boolean {
  return ["succeeded", "failed", "cancelled"].includes(state);
}

export function isRunning({ state }: ProviderStatus): boolean {
  return state === "running";
}

/** The reference of a request that was accepted. */
export async function comfyuiBegin({ provider }: ComfyuiStage, of: SubmitRequest): Promise<string> {
  return (await provider.submit(of, signal)).providerRef;
}

/** What the adapter says of the error in which a submit ends. */
export async function comfyuiRefusal({ provider }: ComfyuiStage, of: SubmitRequest): Promise<ClassifiedError> {
  const thrown: unknown = await provider.submit(of, signal).then(
    () => expect.fail("It was accepted."),
    (error: unknown) => error,
  );
  return provider.classifyError(thrown);
}

/** A picture of the studio's own. */
export async function comfyuiPicture({ folder }: ComfyuiStage): Promise<string> {
  const path = join(folder, "reference");
  const bytes = await sharp({ create: { width: 32, height: 32, channels: 3, background: "teal" } })
    .png()
    .toBuffer();
  await writeFile(path, bytes);
  return path;
}

/** As somebody at ComfyUI's own page does. */
export async function interruptAll({ server }: ComfyuiStage, token = ""): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await fetch(new URL("/interrupt", server.url), { method: "POST", headers });
  if (status !== 200) throw new Error(`ComfyUI answered ${status}.`);
}
