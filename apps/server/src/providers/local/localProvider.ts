import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { durationMs } from "@reelstate/lifecycle";
import { RenderError } from "../../renderer/RenderError.ts";
import type { Render, StartRender } from "../../renderer/startRender.ts";
import { InputGone } from "../InputGone.ts";
import type {
  ClassifiedError,
  Provider,
  ProviderRequest,
  ProviderStatus,
  SubmissionRef,
  SubmitRequest,
} from "../Provider.ts";
import { classifyLocalError } from "./classifyLocalError.ts";
import { LOCAL_MODELS, LONGEST_RENDER_MS } from "./localModels.ts";
import { createOutputFiles } from "./outputFiles.ts";
import { extensionOf, renderRequestOf } from "./renderRequestOf.ts";

export interface LocalProviderDeps {
  /** A folder of its own for renders in the making. */
  readonly workDir: string;
  readonly startRender: StartRender;
  /** How many children may draw at once. */
  readonly concurrency: number;
  /** Other processes have a renderer of their own: this one keeps its line by itself. */
  readonly oneOfMany?: boolean;
  readonly now: () => number;
  /** Told when there was no space for what was drawn: the disk is the studio's own. */
  readonly onDiskFull?: () => void;
}

const MOST_REMEMBERED = 2000;

interface Running {
  readonly state: "running";
  readonly render: Render;
  /** Resolves once the render's end is in `works`. */
  readonly settled: Promise<void>;
  fraction: number;
}

type Work =
  | { readonly state: "queued"; readonly request: SubmitRequest }
  | Running
  | { readonly state: "succeeded" }
  | { readonly state: "failed"; readonly error: ClassifiedError }
  | { readonly state: "cancelled" };

const SUCCEEDED: Work = { state: "succeeded" };

/**
 * The renderer on this machine as a provider. Its reference is the client's own, so that asking twice is asking once
 * (P2). Its memory dies with the server, but a request names its picture completely: after a restart an unknown
 * reference is either a finished file or drawn again, the same to the byte.
 */
export function createLocalProvider(deps: LocalProviderDeps): Provider {
  const { workDir, startRender, concurrency, now, oneOfMany = false, onDiskFull } = deps;
  const works = new Map<string, Work>();
  const files = createOutputFiles(workDir, now);
  let closed = false;

  const pathOf = (ref: string, request: ProviderRequest): string => files.path(ref, extensionOf(request));
  const waiting = (): string[] => [...works].filter(([, work]) => work.state === "queued").map(([ref]) => ref);
  const running = (): Running[] => [...works.values()].filter((work) => work.state === "running");

  function start(ref: string, request: SubmitRequest): void {
    const render = startRender(renderRequestOf(request, pathOf(ref, request)), {
      timeoutMs: LONGEST_RENDER_MS[request.type],
      onProgress: (done, total) => {
        work.fraction = done / total;
      },
    });
    const settled = render.finished
      .then(
        (): Work => SUCCEEDED,
        (error: unknown): Work => {
          const code = error instanceof RenderError ? error.code : null;
          if (code === "disk_full") onDiskFull?.();
          return code === "cancelled" ? { state: "cancelled" } : { state: "failed", error: classifyLocalError(error) };
        },
      )
      .then((ended) => {
        works.set(ref, ended);
        fill();
      });
    const work: Running = { state: "running", render, settled, fraction: 0 };
    works.set(ref, work);
  }

  /** Lets the longest waiting begin while there is room. */
  function fill(): void {
    for (const ref of waiting()) {
      const work = works.get(ref);
      if (closed || running().length >= concurrency) return;
      if (work?.state !== "queued") continue;
      try {
        start(ref, work.request);
      } catch (error) {
        works.set(ref, { state: "failed", error: classifyLocalError(error) });
      }
    }
  }

  /** Forgets the oldest that ended: their jobs have ended too, and a file or the request can still answer for them. */
  function forget(): void {
    for (const [ref, { state }] of works) {
      if (works.size <= MOST_REMEMBERED) return;
      if (state !== "queued" && state !== "running") works.delete(ref);
    }
  }

  async function take({ providerRef: ref, request, inputPaths }: SubmissionRef): Promise<Work> {
    const finished = await files.size(pathOf(ref, request));
    const known = works.get(ref);
    // A finished file that has gone is drawn again; everything else that is known stays as it is.
    if (known && (known.state !== "succeeded" || finished !== null)) return known;
    if (finished !== null) {
      works.set(ref, SUCCEEDED);
      return SUCCEEDED;
    }
    await mkdir(workDir, { recursive: true });
    const queued: Work = { state: "queued", request: { ...request, inputPaths: await inputPaths() } };
    if (works.get(ref) === known) works.set(ref, queued);
    fill();
    return works.get(ref) ?? queued;
  }

  function statusOf(ref: string, work: Work): ProviderStatus {
    if (work.state === "queued") return { state: "queued", position: waiting().indexOf(ref) + 1 };
    if (work.state === "running") return { state: "running", fraction: work.fraction };
    return work;
  }

  return {
    name: "local",
    label: "This studio",
    models: LOCAL_MODELS,
    idempotentSubmit: true,
    ...(oneOfMany ? {} : { slots: concurrency }),
    pollMs: durationMs(120),

    async submit(request) {
      if (closed) throw new RenderError("crashed", "The renderer is shutting down.");
      renderRequestOf(request, workDir);
      await files.sweep();
      forget();
      // A new submission of a failed or cancelled one is a wish to try again.
      const known = works.get(request.clientRef);
      if (known?.state === "failed" || known?.state === "cancelled") works.delete(request.clientRef);
      const providerRef = request.clientRef;
      await take({ providerRef, request, inputPaths: async () => request.inputPaths });
      return { providerRef };
    },

    async status(submission) {
      try {
        return statusOf(submission.providerRef, await take(submission));
      } catch (error) {
        // Another picture than the one that was asked for is never drawn; asking again would not help it.
        if (error instanceof InputGone) return { state: "failed", error: error.classified };
        throw error;
      }
    },

    async lookup(request) {
      const found = works.has(request.clientRef) || (await files.size(pathOf(request.clientRef, request))) !== null;
      return found ? { state: "found", providerRef: request.clientRef } : { state: "absent" };
    },

    async cancel({ providerRef, request }) {
      const known = works.get(providerRef);
      if (known?.state === "running") {
        known.render.cancel();
        await known.settled;
      } else if (known?.state === "queued" || (!known && (await files.size(pathOf(providerRef, request))) === null)) {
        works.set(providerRef, { state: "cancelled" });
      }
    },

    async fetchOutput({ providerRef, request }) {
      const path = pathOf(providerRef, request);
      const bytes = await files.size(path);
      if (bytes === null) throw new RenderError("internal", "The finished file is not there any more.");
      const body = createReadStream(path);
      body.once("end", () => files.markFetched(path));
      return {
        body,
        claimedMime: request.type === "video" ? "video/mp4" : `image/${extensionOf(request)}`,
        claimedBytes: bytes,
      };
    },

    classifyError: classifyLocalError,

    async close() {
      closed = true;
      const ending = running();
      for (const { render } of ending) render.cancel();
      await Promise.all(ending.map(({ settled }) => settled));
      await files.close();
    },
  };
}
