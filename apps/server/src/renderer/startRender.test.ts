import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { durationMs } from "@reelstate/lifecycle";
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from "mediabunny";
import { describe, expect, it } from "vitest";
import { startRender } from "./startRender.ts";
import { imageRequest, temporaryFolder, videoRequest } from "./testing.ts";

const TIMEOUT = durationMs(60_000);
const ignored = (): void => undefined;

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("a full disk", () => {
  it("[P6] ends a render as what it is, and nothing of it stays: half a picture took the last of the room, and it was called our mistake", async () => {
    await using folder = await temporaryFolder();
    const outPath = join(folder.path, "one.png");
    // A device that is always full, in the place of the file in the making.
    await symlink("/dev/full", `${outPath}.part`);
    const render = startRender(imageRequest(outPath), { timeoutMs: TIMEOUT, onProgress: ignored });
    await expect(render.finished).rejects.toMatchObject({ code: "disk_full" });
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe("a clip", () => {
  it("is H.264 at 24 frames a second, index first, with progress by frame", async () => {
    await using folder = await temporaryFolder();
    const outPath = join(folder.path, "clip.mp4");
    const heard: number[] = [];
    const { bytes } = await startRender(videoRequest(outPath, { durationMs: 1500 }), {
      timeoutMs: TIMEOUT,
      onProgress: (done, total) => {
        expect(total).toBe(36);
        heard.push(done);
      },
    }).finished;
    const file = await readFile(outPath);
    expect(file.length).toBe(bytes);
    expect(file.indexOf("moov")).toBeGreaterThan(0);
    expect(file.indexOf("moov")).toBeLessThan(file.indexOf("mdat"));
    expect(heard).toEqual(Array.from({ length: 36 }, (_, index) => index + 1));

    using input = new Input({ source: new FilePathSource(outPath), formats: ALL_FORMATS });
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new Error("no picture");
    expect(track.codec).toBe("avc");
    expect([track.codedWidth, track.codedHeight]).toEqual([192, 108]);
    expect(await input.computeDuration()).toBeCloseTo(1.5, 3);
    expect((await track.computePacketStats()).averagePacketRate).toBeCloseTo(24, 3);
    // What the encoder really wrote; a label of "rgb" turned skies green in players that believe it.
    expect((await track.getDecoderConfig())?.colorSpace).toMatchObject({ matrix: "smpte170m", fullRange: false });
    expect((await new EncodedPacketSink(track).getFirstPacket())?.type).toBe("key");
    expect(await readdir(folder.path)).toEqual(["clip.mp4"]);
  });

  it("fits the wide frames that need a higher H.264 level", async () => {
    await using folder = await temporaryFolder();
    const outPath = join(folder.path, "wide.mp4");
    await startRender(
      videoRequest(outPath, { width: 2520, height: 1080, aspectRatio: "21:9", durationMs: 100, prompt: "abstraction" }),
      { timeoutMs: TIMEOUT, onProgress: ignored },
    ).finished;
    using input = new Input({ source: new FilePathSource(outPath), formats: ALL_FORMATS });
    expect((await input.getPrimaryVideoTrack())?.codedWidth).toBe(2520);
  });
});

describe("a render child", () => {
  it("is killed by cancel and leaves no finished file", async () => {
    await using folder = await temporaryFolder();
    const begun = Promise.withResolvers<void>();
    const render = startRender(videoRequest(join(folder.path, "clip.mp4"), { durationMs: 15_000 }), {
      timeoutMs: TIMEOUT,
      onProgress: () => begun.resolve(),
    });
    await begun.promise;
    render.cancel();
    await expect(render.finished).rejects.toMatchObject({ name: "RenderError", code: "cancelled" });
    expect(alive(render.pid ?? 0)).toBe(false);
    expect(await readdir(folder.path)).not.toContain("clip.mp4");
  });

  it("that is killed from outside is a crash, and the next one works", async () => {
    await using folder = await temporaryFolder();
    const outPath = join(folder.path, "clip.mp4");
    const begun = Promise.withResolvers<void>();
    const render = startRender(videoRequest(outPath, { durationMs: 15_000 }), {
      timeoutMs: TIMEOUT,
      onProgress: () => begun.resolve(),
    });
    await begun.promise;
    process.kill(render.pid ?? 0, "SIGKILL");
    await expect(render.finished).rejects.toMatchObject({
      code: "crashed",
      message: "The renderer stopped (SIGKILL).",
    });
    const next = await startRender(imageRequest(join(folder.path, "next.png")), {
      timeoutMs: TIMEOUT,
      onProgress: ignored,
    }).finished;
    expect(next.bytes).toBeGreaterThan(1000);
  });

  it("that takes too long is stopped", async () => {
    await using folder = await temporaryFolder();
    const render = startRender(videoRequest(join(folder.path, "clip.mp4"), { durationMs: 15_000 }), {
      timeoutMs: durationMs(50),
      onProgress: ignored,
    });
    await expect(render.finished).rejects.toMatchObject({ code: "timeout" });
  });

  it("names an unreadable reference as the reason", async () => {
    await using folder = await temporaryFolder();
    const inputPath = join(folder.path, "noise.png");
    await writeFile(inputPath, "not a picture");
    const render = startRender(imageRequest(join(folder.path, "out.png"), { inputPath }), {
      timeoutMs: TIMEOUT,
      onProgress: ignored,
    });
    await expect(render.finished).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("does not outlive a parent that vanished", async () => {
    await using folder = await temporaryFolder();
    const { fork } = await import("node:child_process");
    const { renderChildUrl } = await import("./renderChildUrl.ts");
    const child = fork(renderChildUrl(), [], { execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const begun = new Promise((resolve) => child.once("message", resolve));
    child.send(videoRequest(join(folder.path, "clip.mp4"), { durationMs: 15_000 }));
    await begun;
    child.disconnect();
    await ended;
    expect(await readdir(folder.path)).not.toContain("clip.mp4");
  });
});
