import { writeFile } from "node:fs/promises";
import { createCanvas } from "@napi-rs/canvas";
import type { EncodedVideoChunk, EncodedVideoChunkMetadata, VideoEncoder } from "@napi-rs/webcodecs";
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from "mediabunny";
import { createShot } from "./createShot.ts";
import type { VideoRequest } from "./protocol.ts";
import { RenderError } from "./RenderError.ts";

type TrackMeta = Parameters<EncodedVideoPacketSource["add"]>[1];

/** Frames waiting in the encoder: enough to keep it busy, few enough that 1080p stays out of the swap. */
const MOST_QUEUED = 6;
const MICROSECONDS = 1_000_000;

/** Draws and encodes a clip into `path`: H.264 in MP4, its index before its pictures. Progress by encoded frame. */
export async function renderVideo(
  request: VideoRequest,
  path: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const codecs = await import("@napi-rs/webcodecs").catch((cause: unknown) => {
    throw new RenderError(
      "provider_unavailable",
      "Video needs the optional package @napi-rs/webcodecs, which is not installed on this machine.",
      { cause },
    );
  });
  const { width, height, fps } = request;
  const frames = Math.max(1, Math.round((request.durationMs * fps) / 1000));
  const shot = await createShot(request, fps);

  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: "in-memory" }), target });
  const track = new EncodedVideoPacketSource("avc");
  output.addVideoTrack(track, { frameRate: fps });
  await output.start();

  let encoded = 0;
  let failure: Error | undefined;
  // Packets go to the muxer in the order in which they were encoded.
  let muxed = Promise.resolve();
  const encoder = new codecs.VideoEncoder({
    output: (chunk, meta) => {
      muxed = muxed.then(() => track.add(toPacket(chunk, fps), toTrackMeta(meta)));
      muxed.catch((cause: unknown) => {
        failure ??= new Error("The clip could not be written.", { cause });
      });
      encoded += 1;
      onProgress(encoded, frames);
    },
    error: (error) => {
      failure ??= error;
    },
  });
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  encoder.configure({
    // High profile; level 4.0 ends at 8192 macroblocks a frame, which 21:9 at 1080p exceeds.
    codec: macroblocks > 8192 ? "avc1.640032" : "avc1.640028",
    width,
    height,
    framerate: fps,
    bitrate: Math.round(width * height * fps * 0.24),
    bitrateMode: "variable",
    latencyMode: "quality",
    avc: { format: "avc" },
  });

  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext("2d", { alpha: false });
  for (let frame = 0; frame < frames; frame += 1) {
    if (failure) throw failure;
    shot.drawFrame(ctx, frame, frames);
    const picture = new codecs.VideoFrame(canvas, {
      timestamp: Math.round((frame * MICROSECONDS) / fps),
      duration: Math.round(MICROSECONDS / fps),
    });
    encoder.encode(picture, { keyFrame: frame % (fps * 2) === 0 });
    picture.close();
    await drained(encoder);
  }
  await encoder.flush();
  await muxed;
  if (failure) throw failure;
  encoder.close();
  await output.finalize();
  if (!target.buffer) throw new Error("The clip was not written.");
  await writeFile(path, new Uint8Array(target.buffer));
}

/** Waits until the encoder has room, and lets messages of this process pass. */
async function drained(encoder: VideoEncoder): Promise<void> {
  await new Promise(setImmediate);
  while (encoder.encodeQueueSize > MOST_QUEUED) {
    await new Promise<void>((resolve) => {
      const seen = (): void => {
        encoder.removeEventListener("dequeue", seen);
        resolve();
      };
      encoder.addEventListener("dequeue", seen);
      // The queue may have moved between the look and the listening.
      setTimeout(seen, 20);
    });
  }
}

function toPacket(chunk: EncodedVideoChunk, fps: number): EncodedPacket {
  const bytes = new Uint8Array(chunk.byteLength);
  chunk.copyTo(bytes);
  return new EncodedPacket(
    bytes,
    chunk.type === "key" ? "key" : "delta",
    Math.round((chunk.timestamp * fps) / MICROSECONDS) / fps,
    1 / fps,
  );
}

/**
 * The encoder converts RGB by the BT.601 matrix into the limited range whatever it is told, and calls the result RGB:
 * without this correction a player that believes the file's label shows false colours.
 */
const COLOR_SPACE = { primaries: "bt709", transfer: "iec61966-2-1", matrix: "smpte170m", fullRange: false } as const;

function toTrackMeta(meta: EncodedVideoChunkMetadata | undefined): TrackMeta {
  return meta?.decoderConfig ? { decoderConfig: { ...meta.decoderConfig, colorSpace: COLOR_SPACE } } : undefined;
}
