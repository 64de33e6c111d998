import { Readable } from "node:stream";
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from "mediabunny";
import { describe, expect, it } from "vitest";
import { simulatedOutput } from "../providers/simulator/simulatedOutput.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { AssetType } from "@reelstate/lifecycle";
import type { ProviderOutput } from "../providers/Provider.ts";

const PAGE = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>";

interface Wrong {
  readonly what: string;
  readonly type: AssetType;
  readonly claimed: string | null;
  readonly bytes: () => Promise<Buffer>;
  readonly says: RegExp;
}

const request = (type: AssetType) => ({
  clientRef: "wrong",
  model: `sim/${type}`,
  type,
  prompt: "A lighthouse",
  params: { durationMs: 1_000 },
  inputPaths: [],
});
const picture = () => simulatedOutput(request("image"));
const clip = () => simulatedOutput(request("video"));
const half = async (whole: Promise<Buffer>) => (await whole).subarray(0, Math.floor((await whole).length / 2));

/** A video file that is whole in every way and has not a moment in it. */
async function momentless(): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: "in-memory" }), target });
  const source = new EncodedVideoPacketSource("vp9");
  output.addVideoTrack(source);
  await output.start();
  const packet = new EncodedPacket(Uint8Array.of(0x82, 0x49, 0x83, 0x42), "key", 0, 0);
  await source.add(packet, { decoderConfig: { codec: "vp09.00.10.08", codedWidth: 16, codedHeight: 16 } });
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}

const WRONG: readonly Wrong[] = [
  { what: "nothing", type: "image", claimed: "image/png", bytes: async () => Buffer.alloc(0), says: /an empty file/ },
  { what: "half a picture", type: "image", claimed: "image/png", bytes: () => half(picture()), says: /not whole/ },
  {
    what: "an error page under a picture's name",
    type: "image",
    claimed: "image/png",
    bytes: async () => Buffer.from(PAGE),
    says: /^Instead of a picture there was something else/,
  },
  {
    what: "an error page under its own name",
    type: "image",
    claimed: "text/html; charset=utf-8",
    bytes: async () => Buffer.from(PAGE),
    says: /text\/html/,
  },
  {
    what: "a picture that calls itself a page",
    type: "image",
    claimed: "text/plain",
    bytes: picture,
    says: /what it calls text\/plain/,
  },
  {
    what: "a picture for a video",
    type: "video",
    claimed: null,
    bytes: picture,
    says: /^Instead of a video there was something else/,
  },
  { what: "half a clip", type: "video", claimed: "video/mp4", bytes: () => half(clip()), says: /does not play/ },
  { what: "a clip of no length", type: "video", claimed: "video/mp4", bytes: momentless, says: /does not play/ },
];

describe("output that is not what was asked for", () => {
  it.each(WRONG)(
    "[J4] [P1] [P6] $what ($type) fails the attempt with words, and is fetched again, not bought again",
    async (wrong) => {
      let fetches = 0;
      const said: string[] = [];
      await using studio = await openTestStudio({
        wrapStore: (store) => ({
          ...store,
          fail: (request) => {
            said.push(request.message);
            return store.fail(request);
          },
        }),
        wrapProvider: (simulator) => ({
          ...simulator,
          fetchOutput: async (submission, signal) => {
            const right = await simulator.fetchOutput(submission, signal);
            fetches += 1;
            if (fetches > 1) return right;
            const bytes = await wrong.bytes();
            return { body: Readable.from([bytes]), claimedMime: wrong.claimed, claimedBytes: bytes.length };
          },
        }),
      });
      studio.startWorker();
      const model = `sim/${wrong.type}`;
      const length = wrong.type === "video" ? { durationMs: 1_000 } : {};
      const params = { ...length, script: { queueMs: 0, runMs: 0 } };
      const made = await studio.ended((await studio.create({}, { type: wrong.type, model, params })).id);
      expect(made).toMatchObject({ status: "completed", errorCode: null });
      expect(made.currentVersion.media?.bytes).toBeGreaterThan(0);
      expect(fetches).toBe(2);
      expect(studio.testimony(["submit"])).toHaveLength(1);
      expect(studio.rows("SELECT state, outcome FROM submission")).toEqual([{ state: "ended", outcome: "succeeded" }]);
      expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 2, failures: 1 }]);
      expect(said).toEqual([expect.stringMatching(wrong.says)]);
    },
  );

  it("[J4] a label of another picture format is no reason to throw a picture away", async () => {
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        fetchOutput: async (submission, signal): Promise<ProviderOutput> => ({
          ...(await simulator.fetchOutput(submission, signal)),
          claimedMime: "image/jpeg",
        }),
      }),
    });
    studio.startWorker();
    const made = await studio.ended((await studio.create()).id);
    expect(made).toMatchObject({ status: "completed", currentVersion: { media: { mime: "image/png" } } });
  });
});

it("[P7] a result that we cannot keep does not go on holding the provider's only slot", async () => {
  await using studio = await openTestStudio();
  await studio.store.setLimits([{ provider: "simulator", slots: 1 }]);
  studio.startWorker();
  const lost = await studio.create({ fail: { code: "storage_failed", at: "store", retryable: false, times: 9 } });
  expect(await studio.ended(lost.id)).toMatchObject({ status: "failed", errorCode: "storage_failed" });
  const next = await studio.create();
  expect(await studio.ended(next.id)).toMatchObject({ status: "completed" });
}, 60_000);
