import { createCanvas } from "@napi-rs/canvas";
import type { SKRSContext2D } from "@napi-rs/canvas";
import { registerFonts } from "./fonts.ts";
import { FRAMES_PER_SECOND } from "./protocol.ts";
import type { RenderRequest } from "./protocol.ts";
import { mixBits } from "./scene/random.ts";
import type { Move } from "./scene/SceneBrief.ts";

/** The letterbox that a storyboard carries: shot data above, the prompt as caption below. */
export interface Slate {
  draw(ctx: SKRSContext2D, frame: number): void;
}

const WORDS = {
  en: {
    shot: "SHOT",
    seed: "SEED",
    static: "STATIC",
    "pan-left": "PAN LEFT",
    "pan-right": "PAN RIGHT",
    "tilt-up": "TILT UP",
    "tilt-down": "TILT DOWN",
    "zoom-in": "ZOOM IN",
    "zoom-out": "ZOOM OUT",
    "dolly-in": "PUSH IN",
    "dolly-out": "PULL OUT",
    orbit: "ORBIT",
  },
  zh: {
    shot: "镜头",
    seed: "种子",
    static: "固定",
    "pan-left": "左摇",
    "pan-right": "右摇",
    "tilt-up": "上摇",
    "tilt-down": "下摇",
    "zoom-in": "变焦推",
    "zoom-out": "变焦拉",
    "dolly-in": "推",
    "dolly-out": "拉",
    orbit: "环绕",
  },
} as const satisfies Record<"en" | "zh", Record<Move | "shot" | "seed", string>>;

const PAPER = "#f2ecdf";
const QUIET = "#9a948a";
const LAMP = "#ffb347";

export function timecode(frame: number): string {
  const parts = [
    frame / (FRAMES_PER_SECOND * 3600),
    (frame / (FRAMES_PER_SECOND * 60)) % 60,
    (frame / FRAMES_PER_SECOND) % 60,
    frame % FRAMES_PER_SECOND,
  ];
  return parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}

export function createSlate(request: RenderRequest, move: Move): Slate {
  const { width, height, prompt, seed, aspectRatio, language } = request;
  const words = WORDS[language];
  const shot = String((mixBits(seed) % 98) + 1).padStart(2, "0");
  const families = registerFonts(`${prompt}${Object.values(words).join("")}…`);
  const size = Math.max(10, Math.round(Math.min(width, height) * 0.03));
  const bar = Math.round(size * 2.7);
  const inset = Math.round(size * 1.4);
  const plate = createCanvas(width, height);
  const ctx = plate.getContext("2d");
  ctx.lang = "zh-CN";
  ctx.textBaseline = "middle";
  const font = (weight: number, scale = 1): string => `${weight} ${Math.round(size * scale)}px ${families}`;

  ctx.font = font(450, 1.06);
  const lines = wrap(ctx, prompt, width - inset * 2, 2);
  const foot = Math.round(bar + (lines.length - 1) * size * 1.45);
  ctx.fillStyle = "#0c0a10";
  ctx.fillRect(0, 0, width, bar);
  ctx.fillRect(0, height - foot, width, foot);
  ctx.fillStyle = PAPER;
  for (const [index, line] of lines.entries()) ctx.fillText(line, inset, height - foot + bar / 2 + index * size * 1.45);
  ctx.font = font(650);
  const head = `${words.shot} ${shot}`;
  ctx.fillText(head, inset, bar / 2);
  const after = inset + ctx.measureText(head).width + size;
  ctx.font = font(450, 0.86);
  ctx.fillStyle = QUIET;
  const details = `${words[move]}   ${aspectRatio}   ${words.seed} ${seed}`;
  const clock = `500 ${Math.round(size * 0.92)}px ${families}`;
  const clockWidth = size * 6.4;
  if (after + ctx.measureText(details).width < width - inset - clockWidth) ctx.fillText(details, after, bar / 2);
  ctx.fillStyle = LAMP;
  ctx.beginPath();
  ctx.arc(width - inset - clockWidth, bar / 2, size * 0.24, 0, Math.PI * 2);
  ctx.fill();
  return {
    draw(target, frame) {
      target.drawImage(plate, 0, 0);
      target.font = clock;
      target.lang = "zh-CN";
      target.fontVariantNumeric = "tabular-nums";
      target.textBaseline = "middle";
      target.textAlign = "right";
      target.fillStyle = PAPER;
      target.fillText(timecode(frame), width - inset, bar / 2);
      target.textAlign = "left";
    },
  };
}

/** Breaks between words, or between any two Chinese characters; what does not fit ends in an ellipsis. */
function wrap(ctx: SKRSContext2D, text: string, room: number, most: number): string[] {
  const pieces =
    text
      .replaceAll(/\s+/g, " ")
      .trim()
      .match(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]|[^\s\p{Script=Han}\u3000-\u303f\uff00-\uffef]+|\s/gu) ?? [];
  const lines = [""];
  for (const piece of pieces) {
    const line = (lines.at(-1) ?? "") + piece;
    if (ctx.measureText(line.trimEnd()).width <= room || !lines.at(-1)) lines[lines.length - 1] = line;
    else lines.push(piece.trimStart());
  }
  const shown = lines.slice(0, most).map((line) => line.trim());
  let last = shown.at(-1) ?? "";
  if (lines.length > most || ctx.measureText(last).width > room) {
    while (last && ctx.measureText(`${last}…`).width > room) last = last.replace(/.$/su, "");
    last = `${last.trimEnd()}…`;
  }
  shown[shown.length - 1] = last;
  return shown;
}
