import { durationMs } from "@reelstate/lifecycle";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { seesKey } from "../../outbound/seesKey.ts";
import { NOT_OFFERED } from "../hosted/meaningsOf.ts";
import { openMissingFiles } from "../hosted/openMissingFiles.ts";
import { openReplies } from "../hosted/openReplies.ts";
import { prepared } from "../hosted/prepared.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { readReplyRef, writeReplyRef } from "../hosted/replyRef.ts";
import { classifyOpenaiError, isBlock } from "./classifyOpenaiError.ts";
import { BLOCKED, classifyRefusal } from "./classifyRefusal.ts";
import { parseOpenaiError } from "./openaiError.ts";
import { PICTURE_MODELS } from "./openaiModels.ts";
import { answerIdOf, pictureCall, readPicture } from "./picture.ts";
import { pictureCost } from "./pictureCost.ts";
import { parseVideoId, videoCall, videoStatus } from "./video.ts";
import type { Cost } from "@reelstate/lifecycle";
import type { Answer, Call } from "../../outbound/Outbound.ts";
import type { HostedDeps, HostedPlace } from "../hosted/HostedProvider.ts";
import type { ReplyRef } from "../hosted/replyRef.ts";
import type {
  ClassifiedError,
  Provider,
  ProviderOutput,
  ProviderStatus,
  SubmissionRef,
  SubmitRequest,
} from "../Provider.ts";
import type { VideoModel } from "./parseVideoModels.ts";

const OPENAI_HOST = "api.openai.com";
/** Videos take minutes; examples of gateways ask every ten seconds. A picture is made by the time it can be asked about. */
const POLL_MS = durationMs(10_000);
/** Signed addresses have a few hundred characters. */
const LONGEST_ADDRESS = 4_000;

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
  // What OpenAI lists for tokens is not what a gateway takes for them.
  const own = URL.parse(outbound.home)?.hostname === OPENAI_HOST;
  const costOf = (usage: unknown): Cost | undefined => (own ? pictureCost(usage) : undefined);
  const replies = openReplies(deps, place, {
    gone: "The service gives a picture once, and the studio keeps it for a day until it is used. This one is gone.",
    classify: classifyRefusal,
  });
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
      return { providerRef: await draw(call, signal) };
    }
    const video = videoModels.find(({ offer }) => offer.id === request.model);
    if (video === undefined) throw new ProviderFlaw(NOT_OFFERED);
    const call = await prepared(() => videoCall(video.model, request));
    return { providerRef: writeReplyRef({ state: "video", id: parseVideoId(await ask(call, signal)) }) };
  }

  async function draw(call: Call, signal: AbortSignal): Promise<string> {
    const answer = await ask(call, signal).catch(madeAndBlocked);
    if (answer instanceof RefusedAnswer) {
      const words = parseOpenaiError(answer.body)?.message ?? "";
      const blocked = {
        state: "refused",
        side: "output",
        reason: BLOCKED,
        answerId: answerIdOf(answer),
        words,
      } as const;
      return replies.keep(blocked, signal);
    }
    const drawn = readPicture(answer, costOf);
    return drawn.state === "link" ? linkTo(drawn.url) : replies.keep(drawn, signal);
  }

  function linkTo(address: string): string {
    const url = URL.parse(address, `${outbound.home}/`)?.href ?? "";
    // Whatever holds a key is not written down.
    if (url === "" || url.length > LONGEST_ADDRESS || url.includes(key.reveal())) throw new ProviderFlaw(NO_ADDRESS);
    return writeReplyRef({ state: "link", url });
  }

  async function status({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderStatus> {
    const ref = refOf(providerRef);
    if (ref.state !== "video") return replies.status(ref);
    return videoStatus(await ask({ method: "GET", path: pathOf(ref.id) }, signal));
  }

  async function fetchOutput({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderOutput> {
    const ref = refOf(providerRef);
    if (ref.state === "refused") throw new ProviderFlaw(classifyRefusal(ref));
    if (ref.state === "picture") return replies.take(ref.key);
    const url = ref.state === "link" ? ref.url : `${outbound.home}${pathOf(ref.id)}/content`;
    // The key goes home with it, and nowhere else.
    return outbound.download({ url, headers: headers() }, signal).catch((cause: unknown) => {
      const error = files.classify(providerRef, cause, { keyed: seesKey(outbound.home, url) });
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
    classifyError: classifyOpenaiError,
    close: async () => {},
  };
}

/** A picture that was made before the rules refused it was a request that was accepted, and may be billed. */
function madeAndBlocked(error: unknown): RefusedAnswer {
  const said = error instanceof RefusedAnswer ? parseOpenaiError(error.body) : null;
  if (error instanceof RefusedAnswer && said?.stage === "output" && isBlock(said)) return error;
  throw error;
}

function refOf(written: string): ReplyRef {
  const ref = readReplyRef(written);
  if (ref === null) throw new ProviderFlaw(NO_REF);
  return ref;
}

function pathOf(id: string): string {
  return `/videos/${encodeURIComponent(id)}`;
}

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
