import { createHash } from "node:crypto";
import { durationMs } from "@reelstate/lifecycle";
import { span } from "../../span.ts";
import { openMissingFiles } from "../hosted/openMissingFiles.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { readPictures } from "../hosted/readPictures.ts";
import {
  acceptedSchema,
  checkpointsSchema,
  historySchema,
  pastSchema,
  promptIdSchema,
  queueSchema,
  uploadedSchema,
} from "./answers.ts";
import { builtInWorkflows } from "./builtInWorkflows.ts";
import { cancelPrompt } from "./cancelPrompt.ts";
import { classifyComfyuiError } from "./classifyComfyuiError.ts";
import { fillWorkflow } from "./fillWorkflow.ts";
import { offerOf } from "./offerOf.ts";
import { openHints } from "./openHints.ts";
import { outcomeOf, savedFile } from "./outcomeOf.ts";
import { promptIdOf } from "./promptIdOf.ts";
import { markPrompt, readMarks } from "./promptMarks.ts";
import { readWorkflows } from "./readWorkflows.ts";
import type { Answer, Call, JsonObject } from "../../outbound/Outbound.ts";
import type { HostedDeps, HostedPlace } from "../hosted/HostedProvider.ts";
import type { Picture } from "../hosted/readPictures.ts";
import type { ClassifiedError, Lookup, Provider, ProviderRequest, ProviderStatus, SubmitRequest } from "../Provider.ts";
import type { HistoryEntry, Queue } from "./answers.ts";
import type { Graph, Workflow } from "./parseWorkflow.ts";
import type { FollowedNodes } from "./promptMarks.ts";

// ComfyUI on somebody's own GPU. It knows a prompt as long as its process lives: waiting and running in its queue, ended in its
// history, and nowhere once it was restarted. A prompt carries an id of our choosing (versions since 2025-07), so that it can be
// found without its reply; in its extra data lies our reference too, by which older versions' are found.

const POLL_MS = durationMs(1_000);
/** One is made and one waits, so that the GPU is never idle. More would be lost with its queue, and are safe in ours. */
const SLOTS = 2;
/**
 * What comes before the prompt (pictures, the checkpoint's name) may take so long; then it is not sent. Whoever looks for it in the
 * meantime waits for as long before not finding it means anything: else the same would be made twice.
 */
const PREPARE_WITHIN_MS = durationMs(10_000);
/** How far back a prompt is looked for that has another id than the one it was sent with. */
const RECENT = 200;
const MOST_REMEMBERED = 2_000;
/** One is in memory at a time. ComfyUI itself takes 100 MB unless it is told otherwise. */
const PICTURE_LIMITS = { who: "the studio", each: 64 * 1024 ** 2, total: 64 * 1024 ** 2 } as const;

type ComfyuiDeps = Omit<HostedDeps, "classifyOutbound" | "asDataUri">;

export function createComfyuiProvider(deps: ComfyuiDeps, place: Pick<HostedPlace, "folder" | "log">): Provider {
  const { outbound, key } = deps;
  const headers: Readonly<Record<string, string>> =
    key.reveal() === "" ? {} : { authorization: `Bearer ${key.reveal()}` };
  const workflows = offered(place);
  const hints = openHints(deps, headers);
  /** Told to end here. One that waits is simply gone afterwards: ComfyUI keeps no trace of it. */
  const toldToEnd = createMemory();
  const files = openMissingFiles({
    gone: "ComfyUI made it, but its file is not there any more.",
    away: new Set([404]),
    // It costs nothing but time.
    makeAnew: true,
  });

  const ask = (call: Call, signal: AbortSignal): Promise<Answer> => outbound.ask({ ...call, headers }, signal);

  async function queue(signal: AbortSignal): Promise<Queue> {
    return queueSchema.parse((await ask({ method: "GET", path: "/queue" }, signal)).body);
  }

  async function past(promptId: string, signal: AbortSignal): Promise<HistoryEntry | null> {
    const { body } = await ask({ method: "GET", path: `/history/${encodeURIComponent(promptId)}` }, signal);
    return historySchema.parse(body)[promptId] ?? null;
  }

  function workflowOf({ model }: ProviderRequest): Workflow {
    const workflow = workflows.get(model);
    if (workflow === undefined)
      throw new ProviderFlaw({
        code: "provider_unavailable",
        message: `There is no workflow ${model} any more.`,
        retryable: false,
        notAccepted: true,
      });
    return workflow;
  }

  async function submit(request: SubmitRequest, signal: AbortSignal): Promise<{ readonly providerRef: string }> {
    const since = span(deps);
    const promptId = promptIdOf(request.clientRef);
    const { prompt, extra_data } = await prepared(request, promptId, signal).catch((cause: unknown) => {
      throw new ProviderFlaw({ ...classifyComfyuiError(cause), notAccepted: true }, { cause });
    });
    if (since() > PREPARE_WITHIN_MS) throw new ProviderFlaw(TOO_SLOW);
    const { body } = await ask(
      {
        method: "POST",
        path: "/prompt",
        body: { prompt, prompt_id: promptId, client_id: promptId, extra_data },
      },
      signal,
    );
    return { providerRef: acceptedSchema.parse(body).prompt_id };
  }

  /** The whole graph, with its marks; its pictures are at ComfyUI by then. Nothing of it makes anything begin. */
  async function prepared(
    request: SubmitRequest,
    id: string,
    signal: AbortSignal,
  ): Promise<{ readonly prompt: Graph; readonly extra_data: JsonObject }> {
    const workflow = workflowOf(request);
    const { inputs } = workflow.header;
    const wanted = inputs.pictures?.length ?? 0;
    if (request.inputPaths.length !== wanted)
      throw new ProviderFlaw({
        code: "invalid_input",
        message: `This workflow needs ${wanted === 1 ? "a reference picture" : `${wanted} reference pictures`}; choose ${wanted === 1 ? "one" : "as many"}.`,
        retryable: false,
      });
    const pictures: string[] = [];
    for (const path of request.inputPaths)
      for (const picture of await readPictures([path], PICTURE_LIMITS)) pictures.push(await upload(picture, signal));
    const checkpoint = inputs.checkpoint === undefined ? null : await firstCheckpoint(signal);
    return {
      prompt: fillWorkflow(workflow, request, { pictures, checkpoint, id }),
      extra_data: markPrompt(request.clientRef, workflow.header),
    };
  }

  /** Under the name of what is in it: the same picture is there once, and never in the place of another. */
  async function upload({ bytes, ext, mime }: Picture, signal: AbortSignal): Promise<string> {
    const form = new FormData();
    const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.${ext}`;
    form.set("image", new Blob([bytes], { type: mime }), name);
    form.set("type", "input");
    form.set("subfolder", "reelstate");
    const { body } = await ask({ method: "POST", path: "/upload/image", body: form }, signal);
    const taken = uploadedSchema.parse(body);
    return taken.subfolder === "" ? taken.name : `${taken.subfolder}/${taken.name}`;
  }

  async function firstCheckpoint(signal: AbortSignal): Promise<string> {
    const { body } = await ask({ method: "GET", path: "/object_info/CheckpointLoaderSimple" }, signal);
    const [first] = checkpointsSchema.parse(body);
    if (first === undefined)
      throw new ProviderFlaw({
        code: "provider_unavailable",
        message: "ComfyUI has no checkpoint; put one into its folder models/checkpoints.",
        retryable: false,
      });
    return first;
  }

  /** What a prompt says itself; or the file of its workflow, where a studio sent it that did not write that down yet. */
  function nodesOf(prompt: readonly unknown[], { model }: ProviderRequest): FollowedNodes {
    return readMarks(prompt).nodes ?? workflows.get(model)?.header ?? {};
  }

  /** The queue first, then the history: a prompt moves from the one to the other in one step, so it is never missed between. */
  async function status(promptId: string, request: ProviderRequest, signal: AbortSignal): Promise<ProviderStatus> {
    const { queue_running: running, queue_pending: waiting } = await queue(signal);
    const alive = running.find(([, id]) => id === promptId);
    if (alive !== undefined) {
      const { progress: node } = nodesOf(alive, request);
      if (node === undefined) return { state: "running", fraction: null };
      const clientId = promptIdOf(request.clientRef);
      return { state: "running", fraction: hints.fraction({ promptId, clientId, node }, signal) };
    }
    const own = waiting.find(([, id]) => id === promptId);
    if (own !== undefined)
      return { state: "queued", position: 1 + waiting.filter(([number]) => number < own[0]).length };
    hints.stop(promptId);
    const entry = await past(promptId, signal);
    if (entry === null) return toldToEnd.has(promptId) ? { state: "cancelled" } : { state: "failed", error: VANISHED };
    return outcomeOf(entry, wantedOf(entry, request));
  }

  function wantedOf({ prompt = [] }: HistoryEntry, request: ProviderRequest) {
    return { output: nodesOf(prompt, request).output, type: request.type };
  }

  return {
    name: "comfyui",
    models: [...workflows.values()].map(offerOf),
    // It runs what it is given as often as it is given, whatever its id.
    idempotentSubmit: false,
    slots: SLOTS,
    pollMs: POLL_MS,
    preparesWithinMs: PREPARE_WITHIN_MS,
    submit,
    status: ({ providerRef, request }, signal) => status(providerRef, request, signal),
    lookup: async ({ clientRef }, signal) => {
      const promptId = promptIdOf(clientRef);
      const ours = (prompt: readonly unknown[]): boolean =>
        prompt[1] === promptId || readMarks(prompt).clientRef === clientRef;
      const { queue_running: running, queue_pending: waiting } = await queue(signal);
      const alive = [...running, ...waiting].find(ours);
      if (alive !== undefined) return found(alive[1]);
      if ((await past(promptId, signal)) !== null) return found(promptId);
      const { body } = await ask({ method: "GET", path: `/history?max_items=${RECENT}` }, signal);
      const ended = Object.entries(pastSchema.parse(body)).find(([, { prompt = [] }]) => ours(prompt));
      return ended === undefined ? { state: "absent" } : found(ended[0]);
    },
    cancel: async ({ providerRef }, signal) => {
      toldToEnd.add(providerRef);
      const isRunning = async (promptId: string): Promise<boolean> =>
        (await queue(signal)).queue_running.some(([, id]) => id === promptId);
      await cancelPrompt({ ask, isRunning }, providerRef, signal);
    },
    fetchOutput: async ({ providerRef, request }, signal) => {
      const entry = await past(providerRef, signal);
      const file = entry === null ? null : savedFile(entry, wantedOf(entry, request));
      if (file === null) throw new ProviderFlaw(VANISHED);
      const where = new URLSearchParams({ filename: file.filename, subfolder: file.subfolder, type: file.type });
      try {
        return await outbound.download({ url: `${outbound.home}/view?${where.toString()}`, headers }, signal);
      } catch (cause) {
        const error = files.classify(providerRef, cause);
        throw error === null ? cause : new ProviderFlaw(error, { cause });
      }
    },
    classifyError: classifyComfyuiError,
    close: async () => hints.close(),
  };
}

/** Those in the folder, and the built-in ones that none there takes the place of. */
function offered({ folder, log }: Pick<HostedPlace, "folder" | "log">): ReadonlyMap<string, Workflow> {
  const { workflows, flaws } = readWorkflows(folder);
  for (const flaw of flaws) log.warn({ folder, flaw }, "a workflow for ComfyUI is left out");
  log.info({ folder, workflows: workflows.length }, "read the workflows for ComfyUI");
  return new Map(
    [...workflows, ...builtInWorkflows().filter(({ id }) => workflows.every((own) => own.id !== id))].map(
      (workflow) => [workflow.id, workflow],
    ),
  );
}

/** Throws when it is no id that can be asked about: then nobody knows whether there is one (P2). */
function found(id: string): Lookup {
  return { state: "found", providerRef: promptIdSchema.parse(id) };
}

/** The last of them; an older one is at worst told differently. */
function createMemory() {
  const ids = new Set<string>();
  return {
    has: (id: string): boolean => ids.has(id),
    add: (id: string): void => {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > MOST_REMEMBERED && oldest !== undefined) ids.delete(oldest);
    },
  };
}

const VANISHED: ClassifiedError = {
  code: "provider_unavailable",
  message: "ComfyUI does not know of this any more: it was restarted, or its queue was cleared.",
  retryable: true,
};

const TOO_SLOW: ClassifiedError = {
  code: "provider_unavailable",
  message: "It took ComfyUI too long to take the reference pictures; nothing was begun.",
  retryable: true,
  notAccepted: true,
};
