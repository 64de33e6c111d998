import { durationMs } from "@reelstate/lifecycle";
import { seesKey } from "../../outbound/seesKey.ts";
import { openMissingFiles } from "../hosted/openMissingFiles.ts";
import { prepared } from "../hosted/prepared.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { classifyReplicateError } from "./classifyReplicateError.ts";
import { fileOf } from "./fileOf.ts";
import { picturesOf } from "./picturesOf.ts";
import { parsePrediction, parsePredictionId } from "./prediction.ts";
import { REPLICATE_MODELS } from "./replicateModels.ts";
import { statusOf } from "./statusOf.ts";
import type { Call } from "../../outbound/Outbound.ts";
import type { HostedDeps } from "../hosted/HostedProvider.ts";
import type { Provider, SubmissionRef } from "../Provider.ts";
import type { Prediction } from "./prediction.ts";

/** Well below the 3,000 reads a minute that an account has. */
const POLL_MS = durationMs(2_000);

/**
 * Replicate over its HTTP API, as its reference "HTTP API" had it in 2026-11. Predictions are made asynchronously, never with
 * `Prefer: wait`: a call that waits for the result holds back the id, which is what must not be lost (P1).
 *
 * There is no `lookup` and no idempotent submit (P2). A prediction carries nothing of ours but its input, of which several
 * submissions may have the same, and a webhook's address, which not every studio has; and nothing says how soon the list of
 * predictions has a new one, so that not to find it would prove nothing.
 */
export function createReplicateProvider({ outbound, key }: Pick<HostedDeps, "outbound" | "key">): Provider {
  const models = new Map(REPLICATE_MODELS.map((model) => [model.offer.id, model]));
  const files = openMissingFiles({
    gone: "The finished file is no longer at Replicate.",
    away: new Set([403, 404, 410]),
  });
  const authorization = `Bearer ${key.reveal()}`;

  async function ask(call: Call, signal: AbortSignal): Promise<unknown> {
    const { body } = await outbound.ask({ ...call, headers: { ...call.headers, authorization } }, signal);
    return body;
  }

  async function read({ providerRef }: SubmissionRef, signal: AbortSignal): Promise<Prediction> {
    return parsePrediction(await ask({ method: "GET", path: pathOf(providerRef) }, signal));
  }

  return {
    name: "replicate",
    models: REPLICATE_MODELS.map(({ offer }) => offer),
    idempotentSubmit: false,
    pollMs: POLL_MS,

    submit: async (request, signal) => {
      const model = models.get(request.model);
      if (model === undefined) throw new ProviderFlaw(UNKNOWN_MODEL);
      const input = await prepared(async () => model.inputOf(request, await picturesOf(request.inputPaths)));
      const answer = await ask(
        {
          method: "POST",
          path: `/models/${model.path}/predictions`,
          headers: { "cancel-after": `${model.deadlineMinutes}m` },
          body: { input },
        },
        signal,
      );
      return { providerRef: parsePredictionId(answer) };
    },

    status: async (submission, signal) => statusOf(await read(submission, signal), key),

    cancel: async ({ providerRef }, signal) => {
      await ask({ method: "POST", path: `${pathOf(providerRef)}/cancel` }, signal);
    },

    fetchOutput: async (submission, signal) => {
      const url = fileOf((await read(submission, signal)).output);
      if (url === null) throw new ProviderFlaw(NO_FILE);
      // Without the key, unless the file lies at the API itself.
      return outbound.download({ url, headers: { authorization } }, signal).catch((cause: unknown) => {
        const error = files.classify(submission.providerRef, cause, { keyed: seesKey(outbound.home, url) });
        throw error === null ? cause : new ProviderFlaw(error, { cause });
      });
    },

    classifyError: (error) => classifyReplicateError(error, key),
    close: async () => {},
  };
}

function pathOf(providerRef: string): string {
  return `/predictions/${encodeURIComponent(providerRef)}`;
}

/** It was deleted since its status was read: the next attempt's read of that says so, and ends the submission (P6). */
const NO_FILE = {
  code: "provider_unavailable",
  message: "Replicate did not give the file of the result.",
  retryable: true,
} as const;

const UNKNOWN_MODEL = {
  code: "invalid_input",
  message: "The studio does not offer this model of Replicate any more.",
  retryable: false,
  notAccepted: true,
} as const;
