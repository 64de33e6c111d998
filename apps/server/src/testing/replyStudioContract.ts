import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "./openTestStudio.ts";
import type { CreateInput } from "@reelstate/api";
import type { Provider } from "../providers/Provider.ts";
import type { TestStudio } from "./openTestStudio.ts";
import type { Against } from "./protocols/openAgainst.ts";
import type { ProtocolServer } from "./protocols/openProtocolServer.ts";

const SUBMISSIONS = "SELECT state, outcome, provider_ref AS providerRef FROM submission";

/** Studios with one provider, on the folder that its pictures are kept in: one after the other, as processes follow each other. */
export async function openStudios<Server>(against: Against<Server>) {
  const { provider, server, folder } = against;
  const studio = (change: Partial<Provider> = {}): Promise<TestStudio> =>
    openTestStudio({
      folder,
      wrapProvider: () => ({ ...provider, pollMs: durationMs(10), close: async () => {}, ...change }),
    });
  return { server, studio, [Symbol.asyncDispose]: () => against[Symbol.asyncDispose]() };
}

export async function create(studio: TestStudio, input: Partial<CreateInput>) {
  const [asset] = (await studio.api.assets.create({ type: "image", prompt: "fog", ...input })).assets;
  if (asset === undefined) throw new Error("Nothing was created.");
  return asset;
}

/** Every submission there was: its state, how it ended, and what was written down of it. */
export function submissionsIn(studio: TestStudio) {
  return studio.rows<{
    readonly state: string;
    readonly outcome: string | null;
    readonly providerRef: string | null;
  }>(SUBMISSIONS);
}

/** Says nothing for as long as anyone listens. */
function untilStopped(_submission: unknown, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("Nobody listens.")), { once: true });
  });
}

export interface ReplyStudioSubject<Plan> {
  /** The plan is asked for when something is to be made, or read. */
  readonly open: (plan?: () => Plan) => Promise<Against<ProtocolServer>>;
  readonly key: string;
  readonly picture: Partial<CreateInput>;
  readonly video: Partial<CreateInput>;
  /** What is made, how, by a call of which step, and for how much. */
  readonly made: readonly (readonly [Partial<CreateInput>, Plan, string, number])[];
}

/** What a studio relies on with a provider whose pictures come with the answer, and whose videos are made later. */
export function replyStudioContract<Plan extends { stays?: string }>(
  name: string,
  { open, key, picture, video, made }: ReplyStudioSubject<Plan>,
): void {
  describe(`a studio with ${name}`, () => {
    it.each(made)(
      "makes %o (%o) with one billed call, and charges what it quoted",
      async (input, plan, step, charged) => {
        await using at = await openStudios(await open(() => plan));
        await using studio = await at.studio();
        studio.startWorker();
        const asset = await studio.ended((await create(studio, input)).id);
        expect(asset).toMatchObject({ status: "completed", lastJob: { charged } });
        expect(asset.currentVersion.media?.width).toBeGreaterThan(0);
        expect(at.server.calls.filter((call) => call.step === step)).toHaveLength(1);
        expect(JSON.stringify([studio.lines, studio.rows("SELECT * FROM submission")])).not.toContain(key);
        expect(at.server.calls.map(({ path }) => path).join()).not.toContain(key);
      },
    );

    it("[P1] [P6] goes on with a picture that a killed studio had been given, and has none drawn again", async () => {
      await using at = await openStudios(await open());
      // It dies between what was answered and what it would do with it.
      await using first = await at.studio({ status: untilStopped });
      const killed = first.startWorker();
      const { id } = await create(first, picture);
      await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
      await using second = await at.studio();
      await second.store.takeBackPredecessors();
      second.startWorker();
      expect(await second.ended(id)).toMatchObject({ status: "completed" });
      expect(at.server.calls.map(({ step }) => step)).toEqual(["generate"]);
      await killed.drain(0);
    });

    it("[P1] [P7] follows a video that a killed studio had asked for, and does not ask for it again", async () => {
      const plan = { stays: "in_progress" } as Plan;
      await using at = await openStudios(await open(() => plan));
      await using first = await at.studio();
      const killed = first.startWorker();
      const { id } = await create(first, video);
      await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
      await using second = await at.studio();
      await second.store.takeBackPredecessors();
      second.startWorker();
      await second.until(id, ({ liveJob }) => liveJob?.attempt === 2 && liveJob.phase === "at_provider");
      delete plan.stays;
      expect(await second.ended(id)).toMatchObject({ status: "completed" });
      expect(at.server.calls.filter(({ step }) => step === "create")).toHaveLength(1);
      await killed.drain(0);
    });

    it("[P2] leaves a picture whose answer was lost to a person, who is told that it may cost twice", async () => {
      await using at = await openStudios(await open());
      at.server.fault({ step: "generate", reply: "lost" });
      await using studio = await at.studio();
      studio.startWorker();
      const asset = await studio.ended((await create(studio, picture)).id);
      expect(asset).toMatchObject({
        status: "failed",
        errorCode: "unconfirmed_submit",
        lastJob: { recoverable: false },
      });
      expect(at.server.calls).toHaveLength(1);
    });
  });
}
