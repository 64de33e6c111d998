import { Readable } from "node:stream";
import { durationMs } from "@reelstate/lifecycle";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { NOT_OFFERED } from "../hosted/meaningsOf.ts";
import { openMissingFiles } from "../hosted/openMissingFiles.ts";
import { openReplies } from "../hosted/openReplies.ts";
import { prepared } from "../hosted/prepared.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { readReplyRef, writeReplyRef } from "../hosted/replyRef.ts";
import { classifyGoogleError } from "./classifyGoogleError.ts";
import { classifyRefusal } from "./classifyRefusal.ts";
import { pictureCall, readPicture } from "./drawPicture.ts";
import { pictureCost } from "./pictureCost.ts";
import { parseGoogleError } from "./googleError.ts";
import { GOOGLE_MODELS } from "./googleModels.ts";
import { parseInteraction, parseInteractionId, videoCall } from "./interaction.ts";
import { filePath, fileStatus } from "./videoFile.ts";
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
import type { InteractionState, VideoOutput } from "./interaction.ts";

/** Google's own examples ask every five to ten seconds. */
const POLL_MS = durationMs(5_000);
const GOOGLE_HOST = "generativelanguage.googleapis.com";

/** What Google says of a file that is not there. */
const AWAY: ReadonlySet<number> = new Set([403, 404, 410]);

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
  // What Google promises of its bills, and lists for tokens, a gateway that speaks its API does not.
  const own = URL.parse(outbound.home)?.hostname === GOOGLE_HOST;
  const replies = openReplies(deps, place, {
    gone: "Google gives a picture once, and the studio keeps it for a day until it is used. This one is gone.",
    classify: classifyRefusal,
  });
  const files = openMissingFiles({ gone: "Google keeps a finished video for two days. This one is gone.", away: AWAY });
  const headers = (): Record<string, string> => ({ "x-goog-api-key": key.reveal() });
  const ask = (call: Call, signal: AbortSignal): Promise<Answer> =>
    outbound.ask({ ...call, headers: headers() }, signal);

  async function submit(request: SubmitRequest, signal: AbortSignal): Promise<{ readonly providerRef: string }> {
    const found = GOOGLE_MODELS.find(({ offer }) => offer.id === request.model);
    if (found === undefined) throw new ProviderFlaw(NOT_OFFERED);
    const { model, tokens } = found;
    if (request.type === "image") {
      const call = await prepared(() => pictureCall(model, request));
      const answer = await ask(call, signal).catch((error: unknown) => {
        throw own ? asNotBilled(error) : error;
      });
      const costOf = (usage: unknown): Cost | undefined =>
        own && tokens !== undefined ? pictureCost(usage, tokens, request.inputPaths.length) : undefined;
      return { providerRef: await replies.keep(readPicture(answer, costOf), signal) };
    }
    const call = await prepared(() => videoCall(model, request));
    return { providerRef: writeReplyRef({ state: "video", id: parseInteractionId(await ask(call, signal)) }) };
  }

  async function read(id: string, signal: AbortSignal): Promise<InteractionState> {
    return parseInteraction(await ask({ method: "GET", path: pathOf(id) }, signal), { own });
  }

  async function status({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderStatus> {
    const ref = refOf(providerRef);
    if (ref.state !== "video") return replies.status(ref);
    const found = await read(ref.id, signal);
    switch (found.state) {
      case "queued":
        return { state: "queued", position: null };
      case "running":
        return { state: "running", fraction: null };
      case "completed":
        return statusOfFile(found.output, signal);
      case "failed":
      case "cancelled":
      case "unknown":
        return found;
    }
  }

  async function statusOfFile(output: VideoOutput, signal: AbortSignal): Promise<ProviderStatus> {
    const path = filePath(output);
    if (path === null) return { state: "succeeded" };
    try {
      return fileStatus(await ask({ method: "GET", path }, signal));
    } catch (error) {
      // That it is gone, whoever fetches it will say: the key has just been good for the interaction.
      if (error instanceof RefusedAnswer && AWAY.has(error.status)) return { state: "succeeded" };
      throw error;
    }
  }

  async function fetchOutput({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<ProviderOutput> {
    const ref = refOf(providerRef);
    if (ref.state === "picture") return replies.take(ref.key);
    const found = ref.state === "video" ? await read(ref.id, signal) : null;
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

  return {
    name: "google",
    models: GOOGLE_MODELS.map(({ offer }) => offer),
    idempotentSubmit: false,
    pollMs: POLL_MS,
    submit,
    status,
    // A picture is made by the time it can be asked about.
    cancel: async ({ providerRef }, signal) => {
      const ref = refOf(providerRef);
      if (ref.state === "video") await ask({ method: "POST", path: `${pathOf(ref.id)}/cancel` }, signal);
    },
    fetchOutput,
    classifyError: classifyGoogleError,
    close: async () => {},
  };
}

/** Earlier versions of this adapter wrote down the id of an interaction as it is. */
function refOf(written: string): ReplyRef {
  return readReplyRef(written) ?? { state: "video", id: written };
}

function pathOf(id: string): string {
  return `/interactions/${encodeURIComponent(id)}`;
}

/**
 * "If your request fails with a 400 or 500 error, you won't be charged" (the Gemini API's billing FAQ): when Google itself says
 * that drawing failed, there is no picture and nothing alive that could become one. Not so of a video, which may go on in the
 * background.
 */
function asNotBilled(error: unknown): unknown {
  const code = error instanceof RefusedAnswer ? parseGoogleError(error.body)?.code : undefined;
  if (code !== "internal" && code !== "unavailable") return error;
  return new ProviderFlaw({ ...classifyGoogleError(error), notAccepted: true }, { cause: error });
}

function inMemory(bytes: Buffer): ProviderOutput {
  return { body: Readable.from([bytes]), claimedMime: "video/mp4", claimedBytes: bytes.length };
}

const NOT_THERE: ClassifiedError = {
  code: "provider_unavailable",
  message: "Google does not give what it has made.",
  retryable: true,
};
