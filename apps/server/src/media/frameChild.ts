import { ALL_FORMATS, FilePathSource, Input, VideoSampleSink } from "mediabunny";
import sharp from "sharp";
import { frameRequestSchema } from "./frameProtocol.ts";
import type { FrameMessage, FrameRequest } from "./frameProtocol.ts";

// The entry of the frame child: decodes single frames, one request after the other, until its parent lets go. Decoding
// runs here and not in the server, because the decoder is native code fed with files that others made.

// Of the standard, but newer than its published types.
const AS_RGBA = { format: "RGBA" } as VideoFrameCopyToOptions;

async function takeFrame({ path, outPath, atMs }: FrameRequest): Promise<void> {
  await import("@napi-rs/webcodecs/polyfill");
  using input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error("there is no picture track");
  const sink = new VideoSampleSink(track);
  const start = await track.getFirstTimestamp();
  const found = (await sink.getSample(start + atMs / 1000)) ?? (await sink.getSample(start));
  if (found === null) throw new Error("there is no frame");
  using sample = found;
  const bytes = new Uint8Array(sample.allocationSize(AS_RGBA));
  await sample.copyTo(bytes, AS_RGBA);
  await sharp(bytes, { raw: { width: sample.codedWidth, height: sample.codedHeight, channels: 4 } })
    .removeAlpha()
    .rotate(sample.rotation)
    .png({ compressionLevel: 3 })
    .toFile(outPath);
}

function say(message: FrameMessage): void {
  if (process.connected) process.send?.(message);
}

process.on("disconnect", () => process.exit(0));

let last: Promise<void> = Promise.resolve();
process.on("message", (raw) => {
  const request = frameRequestSchema.parse(raw);
  last = last.then(() =>
    takeFrame(request).then(
      () => say({ kind: "done", id: request.id }),
      (error: unknown) =>
        say({ kind: "failed", id: request.id, message: error instanceof Error ? error.message : String(error) }),
    ),
  );
});
