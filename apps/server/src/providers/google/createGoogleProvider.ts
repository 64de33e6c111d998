import { Readable } from "node:stream";
import { z } from "zod";
import { durationMs } from "@reelstate/lifecycle";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { StorageError } from "../../storage/StorageError.ts";
import { retryWait } from "../../storage/retryWait.ts";
import { openMissingFiles } from "../hosted/openMissingFiles.ts";
import { openReplyShelf } from "../hosted/openReplyShelf.ts";
import { quoted } from "../hosted/quoted.ts";
import { readPictures } from "../hosted/readPictures.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { classifyGoogleEnd, classifyGoogleError } from "./classifyGoogleError.ts";
import { pictureBody, readPicture } from "./drawPicture.ts";
import { parseGoogleError, readGoogleError } from "./googleError.ts";
import { GOOGLE_MODELS, PICTURE_PATIENCE_MS } from "./googleModels.ts";
import { inlineImage } from "./inlineImage.ts";
import { parseInteraction, parseInteractionId, stateOf, videoBody } from "./interaction.ts";
import { madeRef, parsePictureRef, refusedRef } from "./pictureRef.ts";
import type { Answer, Call } from "../../outbound/Outbound.ts";
import type { HostedDeps, HostedPlace } from "../hosted/HostedProvider.ts";
import type {
  ClassifiedError,
  Provider,
  ProviderOutput,
  ProviderStatus,
  SubmissionRef,
  SubmitRequest,
} from "../Provider.ts";
import type { InlineImage } from "./inlineImage.ts";
import type { InteractionState, VideoOutput } from "./interaction.ts";

/** Google's own examples ask every five to ten seconds. */
const POLL_MS = durationMs(5_000);

/**
 * Google's Gemini API ("Gemini API reference", 2026-11), in its two manners. It knows no reference of ours, neither to find a
 * request by nor to take one on only once (P2).
 *
 * A picture comes with the answer to the call that is billed, and is nowhere else: it is put into the studio's own storage before
 * `submit` resolves, and the reference is its key there, so that any process can go on with it (docs/decisions/017). Should the
 * process die before, the picture is lost, and the request unconfirmed.
 *
 * A video is an interaction in the background, with an id, which is read until it ends; its file is fetched with the key, from
 * Google alone, for two days.
 */
export function createGoogleProvider(
  deps: Pick<HostedDeps, "outbound" | "key" | "sleep">,
  place: Pick<HostedPlace, "storage">,
): Provider {
  const { outbound, key } = deps;
  const shelf = openReplyShelf(deps, place);
  const files = openMissingFiles({
    gone: "Google keeps a finished video for two days. This one is gone.",
    // 403 is what Google says of a file that is not there.
    away: new Set([403, 404, 410]),
  });
  const headers = (): Record<string, string> => ({ "x-goog-api-key": key.reveal() });
  const ask = (call: Call, signal: AbortSignal): Promise<Answer> =>
    outbound.ask({ ...call, headers: headers() }, signal);

  async function submit(request: SubmitRequest, signal: AbortSignal): Promise<{ readonly providerRef: string }> {
    const model = GOOGLE_MODELS.find(({ offer }) => offer.id === request.model)?.model;
    if (model === undefined) throw new ProviderFlaw(NO_MODEL);
    const pictures = (await readPictures(request.inputPaths, { who: "Google" })).map(inlineImage);
    return { providerRef: await (request.type === "image" ? draw : film)(model, request, pictures, signal) };
  }

  async function draw(
    model: string,
    request: SubmitRequest,
    pictures: readonly InlineImage[],
    signal: AbortSignal,
  ): Promise<string> {
    const path = `/models/${model}:generateContent`;
    const call = { method: "POST", path, body: pictureBody(request, pictures), answerMs: PICTURE_PATIENCE_MS } as const;
    const { body } = await ask(call, signal).catch((error: unknown) => {
      throw asNotBilled(error);
    });
    const drawn = readPicture(body);
    if (drawn.state === "refused") return refusedRef({ ...drawn, words: quoted(drawn.words, key) ?? "" });
    const kept = await shelf.keep(drawn.bytes);
    return kept === null
      ? refusedRef({ ...NO_PICTURE, responseId: drawn.responseId })
      : madeRef(drawn.responseId, kept);
  }

  async function film(
    model: string,
    request: SubmitRequest,
    pictures: readonly InlineImage[],
    signal: AbortSignal,
  ): Promise<string> {
    const call = { method: "POST", path: "/interactions", body: videoBody(model, request, pictures) } as const;
    return parseInteractionId((await ask(call, signal)).body);
  }

  async function read(id: string, signal: AbortSignal): Promise<InteractionState> {
    const call = { method: "GET", path: `/interactions/${encodeURIComponent(id)}` } as const;
    return stateOf(parseInteraction((await ask(call, signal)).body));
  }

  async function status({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderStatus> {
    const picture = parsePictureRef(providerRef);
    if (picture?.state === "made") return { state: "succeeded" };
    if (picture?.state === "refused") return { state: "failed", error: picture.error };
    const found = await read(providerRef, signal);
    switch (found.state) {
      case "queued":
        return { state: "queued", position: null };
      case "running":
        return { state: "running", fraction: null };
      case "completed":
        return fileStatus(found.output, signal);
      case "failed":
        return { state: "failed", error: found.error };
      case "cancelled":
      case "unknown":
        return found;
    }
  }

  /** A file may be worked on still when the interaction is over. */
  async function fileStatus(output: VideoOutput, signal: AbortSignal): Promise<ProviderStatus> {
    const path = filePath(output);
    if (path === null) return { state: "succeeded" };
    const file = await ask({ method: "GET", path }, signal).catch((error: unknown) => {
      // That it is gone, whoever fetches it will say.
      if (isGone(error)) return null;
      throw error;
    });
    const { state, error } = FILE.parse(file?.body ?? {});
    if (state === "PROCESSING") return { state: "running", fraction: null };
    if (state !== "FAILED") return { state: "succeeded" };
    const said = readGoogleError(error);
    return { state: "failed", error: said === null ? FILE_FAILED : classifyGoogleEnd(said) };
  }

  async function fetchOutput({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderOutput> {
    const picture = parsePictureRef(providerRef);
    if (picture?.state === "made") return fetchPicture(picture.key);
    const found = picture === null ? await read(providerRef, signal) : null;
    if (found?.state !== "completed") throw new ProviderFlaw(NOT_THERE);
    const { output } = found;
    if (output.data !== undefined) return inMemory(Buffer.from(output.data, "base64"));
    const path = filePath(output);
    // What Google names is asked for at home, with the key; anything else is fetched without.
    const url = path === null ? output.uri : `${outbound.home}${path}:download?alt=media`;
    return outbound
      .download({ url, ...(path === null ? {} : { headers: headers() }) }, signal)
      .catch((cause: unknown) => {
        const error = files.classify(providerRef, cause);
        throw error === null ? cause : new ProviderFlaw(error, { cause });
      });
  }

  async function fetchPicture(name: string): Promise<ProviderOutput> {
    const kept = await shelf.take(name);
    if (kept === null) throw new ProviderFlaw(PICTURE_GONE);
    return kept;
  }

  return {
    name: "google",
    models: GOOGLE_MODELS.map(({ offer }) => offer),
    idempotentSubmit: false,
    pollMs: POLL_MS,
    submit,
    status,
    // A picture is made by the time it can be asked about.
    cancel: async ({ providerRef }, signal) => {
      if (parsePictureRef(providerRef) === null)
        await ask({ method: "POST", path: `/interactions/${encodeURIComponent(providerRef)}/cancel` }, signal);
    },
    fetchOutput,
    classifyError: (error) => (error instanceof StorageError ? ourStorage(error) : classifyGoogleError(error)),
    close: async () => {},
  };
}

/**
 * "If your request fails with a 400 or 500 error, you won't be charged" (the Gemini API's billing FAQ): when Google itself says
 * that drawing failed, there is no picture and nothing alive that could become one. Not so when a gateway says it, and not of a
 * video, which may go on in the background.
 */
function asNotBilled(error: unknown): unknown {
  const code = error instanceof RefusedAnswer ? parseGoogleError(error.body)?.code : undefined;
  if (code !== "internal" && code !== "unavailable") return error;
  return new ProviderFlaw({ ...classifyGoogleError(error), notAccepted: true }, { cause: error });
}

function isGone(error: unknown): boolean {
  // 403 is what Google says of a file that is not there; the key has just been good for the interaction.
  return error instanceof RefusedAnswer && [403, 404, 410].includes(error.status);
}

/** `https://…/v1beta/files/abc-123:download?alt=media` as a path below home; null for an address of another kind. */
function filePath({ uri }: VideoOutput): string | null {
  const name = /\/files\/([\w-]+)(?:[:?]|$)/.exec(uri ?? "")?.[1];
  return name === undefined ? null : `/files/${name}`;
}

function inMemory(bytes: Buffer): ProviderOutput {
  return { body: Readable.from([bytes]), claimedMime: "video/mp4", claimedBytes: bytes.length };
}

function ourStorage(error: StorageError): ClassifiedError {
  return {
    code: "storage_failed",
    message: "The picture could not be kept.",
    detail: error.message,
    retryable: true,
    ...retryWait(error),
  };
}

const FILE = z.object({ state: z.string().optional(), error: z.unknown().optional() });

const NO_PICTURE = { state: "refused", side: "output", reason: "NOT_A_PICTURE", words: "" } as const;

const NO_MODEL: ClassifiedError = {
  code: "invalid_input",
  message: "This model is not offered any more.",
  retryable: false,
  notAccepted: true,
};

const FILE_FAILED: ClassifiedError = {
  code: "provider_unavailable",
  message: "Google could not finish the video's file.",
  // It was made, and so perhaps charged for: another one is a person's to buy.
  retryable: false,
};

const NOT_THERE: ClassifiedError = {
  code: "provider_unavailable",
  message: "Google does not give what it has made.",
  retryable: true,
};

const PICTURE_GONE: ClassifiedError = {
  code: "provider_unavailable",
  message: "Google gives a picture once, and the studio keeps it for a day until it is used. This one is gone.",
  retryable: false,
  gone: true,
};
