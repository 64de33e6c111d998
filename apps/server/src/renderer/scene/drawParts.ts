import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Camera } from "./camera.ts";
import type { Part } from "./World.ts";

export interface Moment {
  /** 0…1 of the shot. */
  readonly at: number;
  readonly seconds: number;
}

/** Puts the parts on top of each other as the camera sees them at one moment. */
export function drawParts(ctx: SKRSContext2D, parts: readonly Part[], camera: Camera, { at, seconds }: Moment): void {
  for (const part of parts) {
    const { scale, dx, dy } = camera.view(at, part.depth);
    ctx.save();
    ctx.translate(camera.focusX + dx, camera.focusY + dy);
    ctx.scale(scale, scale);
    ctx.translate(-camera.focusX, -camera.focusY);
    if (part.kind === "actor") {
      part.draw(ctx, seconds);
    } else {
      ctx.globalAlpha = part.alpha;
      ctx.globalCompositeOperation = part.blend;
      if (part.drift === 0) {
        ctx.drawImage(part.canvas, part.left, part.top);
      } else {
        const moved = (((seconds * part.drift) % part.canvas.width) + part.canvas.width) % part.canvas.width;
        ctx.drawImage(part.canvas, part.left + moved, part.top);
        ctx.drawImage(part.canvas, part.left + moved - part.canvas.width, part.top);
      }
    }
    ctx.restore();
  }
}
