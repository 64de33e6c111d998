import { bodyHash } from "./bodyHash.ts";
import { checkInputs, planParams, tooManyInputs } from "./planRequest.ts";
import { NOT_FOUND, outside } from "./refusals.ts";
import { unlessGranted } from "./unlessGranted.ts";
import type { Caller, Outcome, Refusal, StartRequest } from "@reelstate/api";
import type { JobPlan, StartJob } from "@reelstate/db";
import type { Asset, AssetParams, Credits } from "@reelstate/lifecycle";
import type { CommandDeps } from "./CommandDeps.ts";

const SEEDS = 2 ** 32;
/** What an upload has in the place of a model. */
const NOT_GENERATED = "";

/** Retry, regenerate and recover. A new version has a new seed unless one was named: the same one would look the same. */
export async function startAgain(deps: CommandDeps, caller: Caller, request: StartRequest): Promise<Outcome<Asset>> {
  const { kind, id, idempotencyKey, expectedQuote, change } = request;
  const seed = Math.floor(deps.random() * SEEDS);
  const judged: { refusal: Refusal | null; each: Credits | null } = { refusal: null, each: null };
  const changed = (old: AssetParams): AssetParams => ({ ...old, seed, ...definedOf(change?.params) });

  const plan: StartJob["plan"] = ({ model, params, inputs }) => {
    // What was paid for is recovered of a model that is off, too; nothing else is begun with one (P6).
    const listed = kind === "recover" ? deps.catalogue.known(model) : deps.catalogue.find(model);
    if (model === NOT_GENERATED) {
      judged.refusal = {
        ok: false,
        why: "not_allowed",
        message: "This picture was uploaded; there is nothing to make again.",
      };
      return null;
    }
    if (listed === null) {
      judged.refusal = {
        ok: false,
        why: "not_allowed",
        message: `The model ${model} is no longer offered here. Create it anew with another one.`,
      };
      return null;
    }
    judged.refusal = tooManyInputs(listed, change?.inputs ?? []);
    if (judged.refusal !== null) return null;
    const planned = planParams(listed, params, inputs);
    if (planned.ok) {
      judged.each = planned.value.each;
      return planned.value.plan;
    }
    judged.refusal = planned;
    return null;
  };

  const idempotency =
    idempotencyKey === undefined ? null : { key: idempotencyKey, bodyHash: bodyHash(kind, { id, change }) };
  const badInput = await checkInputs(deps, caller, change?.inputs ?? []);
  if (badInput !== null) {
    const granted = await unlessGranted(deps, { caller, idempotency }, badInput);
    return granted.ok ? firstOf(granted.value) : granted;
  }
  const outcome = await deps.store.startJob({
    workspaceId: caller.workspaceId,
    assetId: id,
    kind,
    jobId: deps.newId(),
    versionId: deps.newId(),
    idempotency,
    expectedQuote: expectedQuote === undefined ? null : (expectedQuote as JobPlan["quote"]),
    plan,
    ...(kind === "regenerate"
      ? { change: { ...definedOf({ prompt: change?.prompt, inputs: change?.inputs }), params: changed } }
      : {}),
  });
  if (outcome.ok) return { ok: true, value: outcome.asset };
  if (judged.refusal !== null)
    return { ...judged.refusal, ...(outcome.asset === undefined ? {} : { asset: outcome.asset }) };
  const refusal = outside(outcome);
  if (refusal.why !== "quote_changed" || judged.each === null) return refusal;
  return { ...refusal, quote: { each: judged.each, total: judged.each } };
}

/** What was started once may have been deleted since. */
function firstOf([asset]: readonly Asset[]): Outcome<Asset> {
  return asset === undefined ? NOT_FOUND : { ok: true, value: asset };
}

function definedOf<T extends object>(values: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
