import { createCanvas, ImageData } from "@napi-rs/canvas";
import sharp from "sharp";
import type { Sharp } from "sharp";
import { RenderError } from "./RenderError.ts";
import { css } from "./scene/color.ts";
import { createWorld } from "./scene/createWorld.ts";
import type { Scene, SceneOptions } from "./scene/buildScene.ts";
import { choosePalette } from "./scene/palette.ts";
import type { SceneBrief } from "./scene/SceneBrief.ts";
import { weatherParts } from "./scene/weather.ts";
import type { Layer, Part } from "./scene/World.ts";

/** The same bound as for uploads: a larger picture is refused before it is decoded. */
const MOST_PIXELS = 50_000_000;

/** How strongly the camera moves the picture; like a layer in the middle distance. */
const DEPTH = 0.6;

/** The reference picture as the only scenery: upright, covering the frame and as much beyond it as the camera sees. */
export async function loadReference(
  path: string,
  brief: SceneBrief,
  { width, height, durationMs }: SceneOptions,
): Promise<Scene> {
  const world = createWorld(brief, choosePalette(brief), {
    width,
    height,
    durationMs,
    horizon: Math.round(height / 2),
  });
  const margin = durationMs === 0 ? { x: 0, y: 0 } : world.camera.margin(DEPTH);
  const [across, down] = [width + margin.x * 2, height + margin.y * 2];
  const picture = await cropped(path, across / down)
    .then((cut) => cut.resize(across, down, { fit: "cover", position: "attention" }))
    .then((sized) => decoded(sized))
    .catch((cause: unknown) => {
      throw new RenderError("invalid_input", "The reference picture could not be read.", { cause });
    });
  const canvas = createCanvas(across, down);
  const ctx = canvas.getContext("2d");
  ctx.putImageData(
    new ImageData(new Uint8ClampedArray(picture.buffer, picture.byteOffset, picture.byteLength), across, down),
    0,
    0,
  );
  // A breath of the light that the words ask for.
  ctx.globalCompositeOperation = "soft-light";
  ctx.fillStyle = css(world.palette.sky[2], 0.14);
  ctx.fillRect(0, 0, across, down);
  const layer: Layer = {
    kind: "layer",
    depth: DEPTH,
    canvas,
    left: -margin.x,
    top: -margin.y,
    drift: 0,
    alpha: 1,
    blend: "source-over",
  };
  const weather: Part[] =
    brief.weather === "rain" || brief.weather === "storm" || brief.weather === "snow" ? weatherParts(world) : [];
  return { world, parts: [layer, ...weather] };
}

/** A strip is cut before it is sized: covering a frame with all of it would make a picture of billions of pixels first. */
const MOST_STRETCH = 4;

async function cropped(path: string, ratio: number): Promise<Sharp> {
  const picture = sharp(path, { limitInputPixels: MOST_PIXELS, failOn: "error" }).autoOrient();
  const { width, height } = (await picture.metadata()).autoOrient;
  const stretch = width / height / ratio;
  if (stretch <= MOST_STRETCH && stretch >= 1 / MOST_STRETCH) return picture;
  const across = stretch > 1 ? Math.max(1, Math.round(height * ratio * MOST_STRETCH)) : width;
  const down = stretch > 1 ? height : Math.max(1, Math.round((width / ratio) * MOST_STRETCH));
  const upright = await picture.toBuffer();
  return sharp(upright).extract({
    left: Math.floor((width - across) / 2),
    top: Math.floor((height - down) / 2),
    width: across,
    height: down,
  });
}

function decoded(picture: Sharp): Promise<Buffer> {
  return picture.toColourspace("srgb").flatten({ background: "#808080" }).ensureAlpha().raw().toBuffer();
}
