import { durationMs } from "@reelstate/lifecycle";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { retryWait } from "../../storage/retryWait.ts";
import { StorageError } from "../../storage/StorageError.ts";
import { openMissingFiles } from "../hosted/openMissingFiles.ts";
import { openReplyShelf } from "../hosted/openReplyShelf.ts";
import { prepared } from "../hosted/prepared.ts";
import { quoted } from "../hosted/quoted.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { classifyOpenaiError, isBlock } from "./classifyOpenaiError.ts";
import { parseOpenaiError } from "./openaiError.ts";
import { PICTURE_MODELS } from "./openaiModels.ts";
import { classifyRefusal, readRef, writeRef } from "./openaiRef.ts";
import { pictureCall, readPicture } from "./picture.ts";
import { parseVideo, parseVideoId, videoCall, videoStatus } from "./video.ts";
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
import type { OpenaiRef } from "./openaiRef.ts";
import type { VideoModel } from "./parseVideoModels.ts";

/** Videos take minutes; examples of gateways ask every ten seconds. A picture is made by the time it can be asked about. */
const POLL_MS = durationMs(10_000);

/**
 * OpenAI's images, and the videos of gateways that copy its `/v1/videos` (as the official client 7.59.0 types them, 2026-11). It knows no
 * reference of ours: neither is a request found by one, nor does the documentation promise that an Idempotency-Key is enforced, so
 * none is sent (P2).
 *
 * A picture comes with the answer to the call that is billed, and is nowhere else: it is put into the studio's own storage before
 * `submit` resolves (docs/decisions/017). A gateway may give an address instead, which is then the reference.
 *
 * A video has an id, and is read until it ends. It cannot be cancelled: DELETE is for those that have ended.
 */
export function createOpenaiProvider(
  deps: Pick<HostedDeps, "outbound" | "key" | "sleep">,
  place: Pick<HostedPlace, "storage">,
  videoModels: readonly VideoModel[] = [],
): Provider {
  const { outbound, key } = deps;
  const shelf = openReplyShelf(deps, place);
  const files = openMissingFiles({
    gone: "The service keeps what it has made for a limited time. This one is gone.",
    away: new Set([403, 404, 410]),
  });
  const headers = (): Record<string, string> => ({ authorization: `Bearer ${key.reveal()}` });
  const ask = (call: Call, signal: AbortSignal): Promise<Answer> =>
    outbound.ask({ ...call, headers: headers() }, signal);

  async function submit(request: SubmitRequest, signal: AbortSignal): Promise<{ readonly providerRef: string }> {
    const picture = PICTURE_MODELS.find(({ offer }) => offer.id === request.model);
    if (picture !== undefined) {
      const call = await prepared(() => pictureCall(picture, request));
      return { providerRef: writeRef(await draw(call, signal)) };
    }
    const video = videoModels.find(({ offer }) => offer.id === request.model);
    if (video === undefined) throw new ProviderFlaw(NO_MODEL);
    const call = await prepared(() => videoCall(video.model, request));
    return { providerRef: writeRef({ state: "video", id: parseVideoId(await ask(call, signal)) }) };
  }

  async function draw(call: Call, signal: AbortSignal): Promise<OpenaiRef> {
    const answer = await ask(call, signal).catch(madeAndBlocked);
    const requestId = requestIdOf(answer);
    if (answer instanceof RefusedAnswer)
      return {
        state: "refused",
        why: "blocked",
        requestId,
        words: quoted(parseOpenaiError(answer.body)?.message, key) ?? "",
      };
    const drawn = readPicture(answer);
    if (drawn.state === "link") {
      const url = URL.parse(drawn.url, `${outbound.home}/`)?.href;
      // Whatever holds a key is not written down.
      if (url === undefined || url.includes(key.reveal())) throw new ProviderFlaw(NO_ADDRESS);
      return { state: "link", url };
    }
    const kept = drawn.state === "bytes" ? await shelf.keep(drawn.bytes) : null;
    return kept === null
      ? { state: "refused", why: "empty", requestId, words: "" }
      : { state: "picture", key: kept, requestId };
  }

  async function status({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderStatus> {
    const ref = refOf(providerRef);
    switch (ref.state) {
      case "picture":
      case "link":
        return { state: "succeeded" };
      case "refused":
        return { state: "failed", error: classifyRefusal(ref) };
      case "video":
        return videoStatus(parseVideo(await ask({ method: "GET", path: videoPath(ref.id) }, signal)));
    }
  }

  async function fetchOutput({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderOutput> {
    const ref = refOf(providerRef);
    if (ref.state === "refused") throw new ProviderFlaw(classifyRefusal(ref));
    if (ref.state === "picture") {
      const kept = await shelf.take(ref.key);
      if (kept === null) throw new ProviderFlaw(PICTURE_GONE);
      return kept;
    }
    const url = ref.state === "link" ? ref.url : `${outbound.home}${videoPath(ref.id)}/content`;
    // The key goes home with it, and nowhere else.
    return outbound.download({ url, headers: headers() }, signal).catch((cause: unknown) => {
      const error = files.classify(providerRef, cause);
      throw error === null ? cause : new ProviderFlaw(error, { cause });
    });
  }

  return {
    name: "openai",
    models: [...PICTURE_MODELS, ...videoModels].map(({ offer }) => offer),
    idempotentSubmit: false,
    pollMs: POLL_MS,
    submit,
    status,
    fetchOutput,
    classifyError: (error) => (error instanceof StorageError ? ourStorage(error) : classifyOpenaiError(error)),
    close: async () => {},
  };
}

/** A picture that was made before the rules refused it was a request that was accepted, and may be billed. */
function madeAndBlocked(error: unknown): RefusedAnswer {
  const said = error instanceof RefusedAnswer ? parseOpenaiError(error.body) : null;
  if (error instanceof RefusedAnswer && said?.stage === "output" && isBlock(said)) return error;
  throw error;
}

/** For whoever has to ask there; it stands within a reference. */
function requestIdOf({ headers }: Answer): string {
  return (headers["x-request-id"] ?? "").replaceAll(/[^\w-]/g, "").slice(0, 100);
}

function refOf(written: string): OpenaiRef {
  const ref = readRef(written);
  if (ref === null) throw new ProviderFlaw(NO_REF);
  return ref;
}

function videoPath(id: string): string {
  return `/videos/${encodeURIComponent(id)}`;
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

const NO_MODEL: ClassifiedError = {
  code: "invalid_input",
  message: "This model is not offered any more.",
  retryable: false,
  notAccepted: true,
};

const NO_REF: ClassifiedError = {
  code: "internal",
  message: "What was written down of this request cannot be read.",
  retryable: false,
};

const NO_ADDRESS: ClassifiedError = {
  code: "provider_unavailable",
  message: "The service names no address for the picture that could be kept.",
  retryable: true,
};

const PICTURE_GONE: ClassifiedError = {
  code: "provider_unavailable",
  message: "The service gives a picture once, and the studio keeps it for a day until it is used. This one is gone.",
  retryable: false,
  gone: true,
};
