import { readFile } from "node:fs/promises";
import {
  BufferSource,
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from "mediabunny";
import sharp from "sharp";
import { z } from "zod";
import type { ProviderRequest } from "../Provider.ts";

const LOOP = new URL("../../../assets/simulator-loop.mp4", import.meta.url);
const LONG_SIDE = 640;
/** By their length. */
const clips = new Map<number, Promise<Buffer>>();
const MOST_CLIPS = 20;
const RATIO = z.string().default("16:9");

/** What a simulated model makes: a picture of two colours, or a small clip played round to the length asked for. */
export async function simulatedOutput(request: ProviderRequest, longSide = LONG_SIDE): Promise<Buffer> {
  return request.type === "image"
    ? picture(request, longSide)
    : keptClip(Number(request.params["durationMs"] ?? 1_000));
}

/** A file has the second of its making in it: it is kept, so that it is the same however often it is fetched. */
function keptClip(durationMs: number): Promise<Buffer> {
  const kept = clips.get(durationMs) ?? clip(durationMs);
  clips.delete(durationMs);
  clips.set(durationMs, kept);
  // One that failed is made anew the next time.
  kept.catch(() => clips.delete(durationMs));
  const [oldest] = clips.keys();
  if (clips.size > MOST_CLIPS && oldest !== undefined) clips.delete(oldest);
  return kept;
}

function picture({ params }: ProviderRequest, longSide: number): Promise<Buffer> {
  const [across, down] = RATIO.parse(params["aspectRatio"]).split(":").map(Number);
  const ratio = (across ?? 16) / (down ?? 9);
  const width = Math.round(ratio >= 1 ? longSide : longSide * ratio);
  const height = Math.round(ratio >= 1 ? longSide / ratio : longSide);
  const hue = Number(params["seed"] ?? 0) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(${hue},60%,35%)"/><stop offset="1" stop-color="hsl(${(hue + 70) % 360},70%,65%)"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/><circle cx="70%" cy="35%" r="14%" fill="hsl(${(hue + 200) % 360},80%,80%)" opacity=".7"/></svg>`;
  return sharp(Buffer.from(svg), { limitInputPixels: false }).png().toBuffer();
}

async function clip(durationMs: number): Promise<Buffer> {
  using input = new Input({ source: new BufferSource(await readFile(LOOP)), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const decoderConfig = await track?.getDecoderConfig();
  if (track === null || !decoderConfig) throw new Error("The simulator's own clip cannot be read.");
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: "in-memory" }), target });
  const source = new EncodedVideoPacketSource("avc");
  output.addVideoTrack(source);
  await output.start();
  const packets = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  const end = durationMs / 1000;
  let at = 0;
  while (at < end - 0.001) {
    for (const packet of packets) {
      if (at >= end - 0.001) break;
      await source.add(packet.clone({ timestamp: at }), { decoderConfig });
      at += packet.duration;
    }
  }
  await output.finalize();
  if (target.buffer === null) throw new Error("The simulator's clip was not written.");
  return Buffer.from(target.buffer);
}
