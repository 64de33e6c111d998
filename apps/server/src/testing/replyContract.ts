import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { StorageError } from "../storage/StorageError.ts";
import { failureOf } from "./failureOf.ts";
import { submissionOf } from "./submissionOf.ts";
import type { ProviderStatus, SubmitRequest } from "../providers/Provider.ts";
import type { Against, AgainstOptions } from "./protocols/openAgainst.ts";
import type { Fault, ProtocolServer } from "./protocols/openProtocolServer.ts";

type Answer = NonNullable<Fault["answer"]>;
type Unsure = readonly (readonly [string, Omit<Fault, "step">])[];

export interface ReplySubject<Plan> {
  readonly open: (options?: AgainstOptions & { readonly plan?: () => Plan }) => Promise<Against<ProtocolServer>>;
  readonly key: string;
  readonly picture: SubmitRequest;
  readonly video: SubmitRequest;
  /** In how many ways a picture comes within an answer. */
  readonly pictures: readonly Plan[];
  /** A video whose file is there no more. */
  readonly expired: Plan;
  /** The step that gives a video's file. */
  readonly download: string;
  /** Answers in the provider's own words after which nothing is certain. */
  readonly unsure: { readonly picture: Unsure; readonly video: Unsure };
  /** To be asked again in twelve seconds. */
  readonly busy: Answer;
}

const { signal } = new AbortController();
const MOST_READS = 20;

const LOST: Unsure = [
  ["is lost", { reply: "lost" }],
  ["breaks off", { reply: "reset" }],
];

/** What is relied on with a provider whose pictures come with the answer, and whose videos are made later. */
export function replyContract<Plan>(name: string, subject: ReplySubject<Plan>): void {
  const { open, key, picture, video } = subject;

  /** An accepted request, to be asked about. */
  async function accepted(request: SubmitRequest, plan?: Plan, options: AgainstOptions = {}) {
    const at = await open({ ...options, ...(plan === undefined ? {} : { plan: () => plan }) });
    const { providerRef } = await at.provider.submit(request, signal);
    const submission = submissionOf(request, providerRef);
    const status = (): Promise<ProviderStatus> => at.provider.status(submission, signal);
    return {
      ...at,
      status,
      ended: async (): Promise<ProviderStatus> => {
        for (let reads = 0; reads < MOST_READS; reads += 1) {
          const told = await status();
          if (told.state !== "queued" && told.state !== "running") return told;
        }
        return expect.fail("It never ended.");
      },
      fetch: () => at.provider.fetchOutput(submission, signal),
    };
  }

  async function failedSubmit({ provider }: Pick<Against<unknown>, "provider">, request: SubmitRequest) {
    return failureOf(provider, provider.submit(request, signal), key);
  }

  describe(`a picture from ${name}`, () => {
    it.each(subject.pictures)(
      "[P1] [P6] lies in our own storage before submit resolves (%o): the next process needs nobody for anything",
      async (plan) => {
        await using at = await accepted(picture, plan);
        expect(await at.status()).toEqual({ state: "succeeded" });
        const { body, claimedMime, claimedBytes } = await at.fetch();
        expect(claimedMime).toBe("image/png");
        expect((await buffer(body)).length).toBe(claimedBytes);
        expect(at.server.calls).toHaveLength(1);
      },
    );

    it("[P6] is offered to our storage again when that fails for a moment, and drawn once", async () => {
      let puts = 0;
      const wrapStorage: AgainstOptions["wrapStorage"] = (storage) => ({
        ...storage,
        put: (source, options) => {
          puts += 1;
          return puts < 3
            ? Promise.reject(new StorageError("unreachable", "The bucket is away."))
            : storage.put(source, options);
        },
      });
      await using at = await open({ wrapStorage });
      await expect(at.provider.submit(picture, signal)).resolves.toHaveProperty("providerRef");
      expect([puts, at.server.calls.length]).toEqual([3, 1]);
    });

    it("[P2] that our storage never takes was made all the same: that is not called a refusal", async () => {
      await using at = await open({
        wrapStorage: (storage) => ({
          ...storage,
          put: () => Promise.reject(new StorageError("full", "There is no space left.")),
        }),
      });
      const classified = await failedSubmit(at, picture);
      expect(classified).toMatchObject({ code: "storage_failed", retryable: true });
      expect(classified.notAccepted).toBeUndefined();
      expect(at.server.calls).toHaveLength(1);
    });

    it("that nobody used for so long that it was removed is gone, and is said to be", async () => {
      await using at = await accepted(picture);
      await rm(join(at.folder, "media"), { recursive: true });
      expect(await failureOf(at.provider, at.fetch(), key)).toMatchObject({
        code: "provider_unavailable",
        message: expect.stringContaining("gone"),
        retryable: false,
        gone: true,
      });
    });

    it.each([
      ...LOST,
      ["is cut short", { reply: "truncated" }] as const,
      ["comes from a gateway that gave up", { answer: { status: 502, body: "<html>Bad Gateway</html>" } }] as const,
      ["cannot be understood", { answer: { status: 200, body: { surprise: true } } }] as const,
      ["is a page", { answer: { status: 200, headers: { "content-type": "text/html" }, body: "<html>" } }] as const,
      ...subject.unsure.picture,
    ])("[P2] whose answer %s may have been made: nothing is certain, and it is asked for once", async (_how, fault) => {
      await using at = await open();
      at.server.fault({ step: "generate", ...fault });
      const classified = await failedSubmit(at, picture);
      expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(classified.notAccepted).toBeUndefined();
      expect(at.server.calls).toHaveLength(1);
    });
  });

  describe(`a picture or a video from ${name}`, () => {
    it("[P2] whose reference cannot be read, or is too large, is not asked for", async () => {
      await using at = await open();
      const large = join(at.folder, "large.png");
      await writeFile(large, "");
      await truncate(large, 50_000_000);
      for (const request of [picture, video]) {
        const gone = { ...request, inputPaths: [join(at.folder, "gone.png")] };
        expect(await failedSubmit(at, gone)).toMatchObject({ code: "storage_failed", notAccepted: true });
        expect(await failedSubmit(at, { ...request, inputPaths: [large] })).toMatchObject({
          code: "invalid_input",
          message: expect.stringContaining("The reference picture has 50 MB"),
          retryable: false,
          notAccepted: true,
        });
      }
      expect(at.server.calls).toEqual([]);
    });

    it("[P2] whose parameters cannot be read is not asked for, and is known not to have been", async () => {
      await using at = await open();
      for (const request of [picture, video])
        expect(await failedSubmit(at, { ...request, params: { aspectRatio: 7 } })).toMatchObject({
          code: "internal",
          notAccepted: true,
        });
      expect(at.server.calls).toEqual([]);
    });

    it("[P2] of a model that is not offered is not asked for", async () => {
      await using at = await open();
      for (const request of [picture, video])
        expect(await failedSubmit(at, { ...request, model: "it/was" })).toMatchObject({
          code: "invalid_input",
          notAccepted: true,
        });
      expect(at.server.calls).toEqual([]);
    });
  });

  describe(`a video from ${name}`, () => {
    it.each([
      ...LOST,
      ["has no id", { answer: { status: 200, body: { status: "queued" } } }] as const,
      ["has an id without end", { answer: { status: 200, body: { id: "v".repeat(100_000) } } }] as const,
      ["has an id that leads elsewhere", { answer: { status: 200, body: { id: ".." } } }] as const,
      ...subject.unsure.video,
    ])("[P2] may be under way when the answer %s, and is asked for once", async (_how, fault) => {
      await using at = await open();
      at.server.fault({ step: "create", ...fault });
      const classified = await failedSubmit(at, video);
      expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(classified.notAccepted).toBeUndefined();
      expect(at.server.calls).toHaveLength(1);
    });

    it("[P1] is known by its id, whatever else the answer that accepted it lacks", async () => {
      await using at = await open();
      at.server.fault({ step: "create", answer: { status: 200, body: { id: "v1_abc", status: null, steps: null } } });
      expect(await at.provider.submit(video, signal)).toEqual({ providerRef: "video:v1_abc" });
    });

    it.each<[Omit<Fault, "step">, object]>([
      [{ answer: subject.busy }, { code: "rate_limited", retryAfterMs: durationMs(12_000) }],
      [{ answer: { status: 503, body: "<html>" } }, { code: "provider_unavailable" }],
      [{ answer: { status: 200, body: [] } }, { code: "provider_unavailable" }],
      [{ reply: "reset" }, { code: "provider_unavailable" }],
      [{ reply: "lost" }, { code: "provider_unavailable" }],
    ])("[P3] whose read is not answered (%j) is read again, and no failure", async (fault, means) => {
      await using at = await accepted(video);
      at.server.fault({ step: "poll", ...fault });
      expect(await failureOf(at.provider, at.status(), key)).toMatchObject({ retryable: true, ...means });
      expect(await at.ended()).toEqual({ state: "succeeded" });
    });

    it("[P3] whose download is refused for a moment is fetched again", async () => {
      await using at = await accepted(video);
      await at.ended();
      at.server.fault({ step: subject.download, answer: { status: 503 } });
      expect(await failureOf(at.provider, at.fetch(), key)).toMatchObject({
        code: "provider_unavailable",
        retryable: true,
      });
      const { body, claimedMime } = await at.fetch();
      expect([claimedMime, (await buffer(body)).subarray(4, 8).toString()]).toEqual(["video/mp4", "ftyp"]);
      expect(at.server.calls.filter(({ step }) => step === subject.download)).toHaveLength(2);
      expect(JSON.stringify(at.server.calls.at(-1)?.headers)).toContain(key);
    });

    it.each<[string, Omit<Fault, "step">]>([
      ["breaks off", { reply: "reset" }],
      ["stops coming", { afterMs: 10_000 }],
    ])("[P3] whose file %s is not taken for whole", async (_how, fault) => {
      await using at = await accepted(video, undefined, { limits: { answerMs: 300, silenceMs: 200 } });
      await at.ended();
      at.server.fault({ step: subject.download, ...fault });
      const whole = at.fetch().then(({ body }) => buffer(body));
      expect(await failureOf(at.provider, whole, key)).toMatchObject({ code: "provider_unavailable", retryable: true });
    });

    it("[P3] [P6] whose file is not there any more is gone, and that is final once it is seen twice", async () => {
      await using at = await accepted(video, subject.expired);
      expect(await at.ended()).toEqual({ state: "succeeded" });
      expect(await failureOf(at.provider, at.fetch(), key)).toMatchObject({ retryable: true });
      expect(await failureOf(at.provider, at.fetch(), key)).toMatchObject({
        code: "provider_unavailable",
        message: expect.stringContaining("gone"),
        retryable: false,
        gone: true,
      });
    });

    it("follows its file to no private address", async () => {
      await using at = await accepted(video);
      await at.ended();
      const location = "https://10.0.0.1/video.mp4";
      at.server.fault({ step: subject.download, answer: { status: 302, headers: { location } } });
      expect(await failureOf(at.provider, at.fetch(), key)).toMatchObject({
        code: "provider_unavailable",
        retryable: false,
      });
    });
  });
}
