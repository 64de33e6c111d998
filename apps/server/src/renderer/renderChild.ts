import { constants, setPriority } from "node:os";
import { rename, rm, stat } from "node:fs/promises";
import { isDiskFull } from "../storage/isDiskFull.ts";
import { renderRequestSchema } from "./protocol.ts";
import type { RenderFailure, RenderMessage, RenderRequest } from "./protocol.ts";
import { RenderError } from "./RenderError.ts";
import { renderImage } from "./renderImage.ts";
import { renderVideo } from "./renderVideo.ts";

// The entry of the render child: one request over IPC, progress and one last word back, then it ends.

async function render(request: RenderRequest): Promise<number> {
  const part = `${request.outPath}.part`;
  const tell = (done: number, total: number): void => say({ kind: "progress", done, total });
  try {
    await (request.type === "image" ? renderImage(request, part, tell) : renderVideo(request, part, tell));
    const { size } = await stat(part);
    await rename(part, request.outPath);
    return size;
  } catch (error) {
    // On a full disk half a picture is what takes the last of the room from everything else.
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

function failureOf(error: unknown): RenderFailure {
  if (isDiskFull(error)) return "disk_full";
  const told =
    error instanceof RenderError && (error.code === "invalid_input" || error.code === "provider_unavailable");
  return told ? error.code : "internal";
}

function say(message: RenderMessage): void {
  if (process.connected) process.send?.(message);
}

function sayLast(message: RenderMessage): void {
  if (process.connected) process.send?.(message, () => process.exit(0));
}

// The server is gone: nobody wants this picture any more, or somebody will ask again.
process.on("disconnect", () => process.exit(1));

process.once("message", (raw) => {
  const parsed = renderRequestSchema.safeParse(raw);
  if (!parsed.success) {
    sayLast({ kind: "failed", code: "internal", message: `Not a render request: ${parsed.error.message}` });
    return;
  }
  render(parsed.data).then(
    (bytes) => sayLast({ kind: "done", bytes }),
    (error: unknown) =>
      sayLast({
        kind: "failed",
        code: failureOf(error),
        message: error instanceof Error ? error.message : String(error),
      }),
  );
});

try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Some containers forbid it; drawing then competes on equal terms.
}
