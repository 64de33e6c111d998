import { credits } from "@reelstate/lifecycle";
import { bodyHash } from "./bodyHash.ts";
import { planRequest } from "./planRequest.ts";
import { invalid, outside } from "./refusals.ts";
import { unlessGranted } from "./unlessGranted.ts";
import type { Caller, CreateInput, Outcome, Quote } from "@reelstate/api";
import type { NewAsset } from "@reelstate/db";
import type { Asset } from "@reelstate/lifecycle";
import type { CommandDeps } from "./CommandDeps.ts";
import type { PlannedRequest } from "./planRequest.ts";

const SEEDS = 2 ** 32;
const NAME_CHARS = 60;
const LETTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/** C1: the server's price, for exactly what `create` would make. */
export async function quoteAssets(deps: CommandDeps, caller: Caller, input: CreateInput): Promise<Outcome<Quote>> {
  const planned = await planRequest(deps, caller, input);
  return planned.ok ? { ok: true, value: quoteOf(planned.value, input) } : planned;
}

/** Everything in one transaction: all the assets of the request, their jobs and holds, or nothing (A1, C1, C4). */
export async function createAssets(
  deps: CommandDeps,
  caller: Caller,
  input: CreateInput,
): Promise<Outcome<{ readonly assets: readonly Asset[] }>> {
  // What was expected of the price guards a request and is not part of what it asks for.
  const { idempotencyKey, expectedQuote, ...body } = input;
  const idempotency = idempotencyKey === undefined ? null : { key: idempotencyKey, bodyHash: bodyHash("create", body) };
  const planned = agreed(await planRequest(deps, caller, input), input, expectedQuote);
  if (!planned.ok) {
    const granted = await unlessGranted(deps, { caller, idempotency }, planned);
    return granted.ok ? { ok: true, value: { assets: granted.value } } : granted;
  }
  const outcome = await deps.store.createAssets({
    workspaceId: caller.workspaceId,
    projectId: input.projectId ?? null,
    idempotency,
    assets: newAssets(deps, input, planned.value),
  });
  if (outcome.ok) return { ok: true, value: { assets: outcome.assets } };
  // Nothing else that a request names can be missing and have no reason of its own.
  return outcome.why === "not_found" ? invalid("projectId", "there is no such project") : outside(outcome);
}

/** What was planned, if it costs what was expected. */
function agreed(
  planned: Outcome<PlannedRequest>,
  input: CreateInput,
  expected: number | undefined,
): Outcome<PlannedRequest> {
  if (!planned.ok) return planned;
  const quote = quoteOf(planned.value, input);
  if (expected === undefined || expected === quote.total) return planned;
  const message = `The price is ${quote.total} credits now, not ${expected}. Confirm the new price.`;
  return { ok: false, why: "quote_changed", message, quote };
}

function quoteOf({ each }: PlannedRequest, { count }: CreateInput): Quote {
  return { each, total: credits(each * (count ?? 1)) };
}

/** Each has a seed of its own, so that several are different, and each can be made again alike. */
function newAssets(deps: CommandDeps, input: CreateInput, { plan, params }: PlannedRequest): readonly NewAsset[] {
  const seed = params.seed ?? Math.floor(deps.random() * SEEDS);
  return Array.from({ length: input.count ?? 1 }, (_, index) => ({
    assetId: deps.newId(),
    versionId: deps.newId(),
    jobId: deps.newId(),
    type: input.type,
    name: input.name ?? nameFrom(input.prompt),
    prompt: input.prompt,
    params: { ...params, seed: (seed + index) % SEEDS },
    inputs: input.inputs ?? [],
    plan,
  }));
}

/** The prompt's beginning, cut between words where there are any. */
function nameFrom(prompt: string): string {
  const line = prompt.replace(/\s+/gu, " ").trim();
  // As people count them: an emoji of several code points is one letter, and is not cut in half.
  const letters = Array.from(LETTERS.segment(line), ({ segment }) => segment);
  if (letters.length <= NAME_CHARS) return line;
  const cut = letters.slice(0, NAME_CHARS).join("");
  const space = cut.lastIndexOf(" ");
  return `${space > NAME_CHARS / 2 ? cut.slice(0, space) : cut}…`;
}
