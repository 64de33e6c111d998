import { durationMs } from "@reelstate/lifecycle";
import { invalid } from "./refusals.ts";
import type { Caller, CreateInput, Outcome, Refusal } from "@reelstate/api";
import type { JobPlan } from "@reelstate/db";
import type { AssetId, AssetParams, Credits } from "@reelstate/lifecycle";
import type { Listed } from "../providers/openCatalogue.ts";
import type { CommandDeps } from "./CommandDeps.ts";

/** A request with everything filled in that the person left open, and its price. */
export interface PlannedRequest {
  readonly plan: JobPlan;
  /** Complete but for the seed, which each asset of a request has of its own. */
  readonly params: AssetParams;
  readonly each: Credits;
}

const COMMON = new Set(["aspectRatio", "durationMs", "seed", "resolution"]);
const MAX_FAILURES = 3;
const MAX_LOSSES = 10;

/** Which model, with which parameters, at which price; or the field to mend. */
export async function planRequest(
  deps: CommandDeps,
  caller: Caller,
  input: CreateInput,
): Promise<Outcome<PlannedRequest>> {
  const listed = input.model === undefined ? deps.catalogue.defaultFor(input.type) : deps.catalogue.find(input.model);
  if (listed === null)
    return invalid(
      "model",
      input.model === undefined
        ? `no model makes a ${input.type} here`
        : `there is no model ${input.model} here; choose one from models.list`,
    );
  if (listed.offer.type !== input.type)
    return invalid(
      "model",
      `${listed.offer.id} makes ${listed.offer.type}s; choose another, or type ${listed.offer.type}`,
    );
  const ids = input.inputs ?? [];
  const badInput = tooManyInputs(listed, ids) ?? (await checkInputs(deps, caller, ids));
  if (badInput !== null) return badInput;
  return planParams(listed, input.params ?? {}, ids.length);
}

/** The same for parameters alone: what a retry or a new version of known inputs needs. */
export function planParams(
  listed: Listed,
  given: Readonly<Record<string, unknown>>,
  inputs: number,
): Outcome<PlannedRequest> {
  const { offer, provider } = listed;
  const chosen = (name: "aspectRatio" | "resolution", offered: readonly string[]) => {
    const value = given[name];
    if (value === undefined) return { ok: true, value: offered[0] } as const;
    if (typeof value === "string" && offered.includes(value)) return { ok: true, value } as const;
    return invalid(
      `params.${name}`,
      `${JSON.stringify(value)} is not offered by ${offer.id}; choose one of ${offered.join(", ")}`,
    );
  };
  const aspectRatio = chosen("aspectRatio", offer.aspectRatios);
  if (!aspectRatio.ok) return aspectRatio;
  const resolution = chosen("resolution", offer.resolutions);
  if (!resolution.ok) return resolution;
  const span = lengthOf(listed, given["durationMs"]);
  if (!span.ok) return span;
  const own = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => !COMMON.has(name) && value !== undefined),
  );
  const wrong = judgeOwn(listed, own);
  if (wrong !== null) return invalid(`params.${wrong.field}`, wrong.message);

  const params: AssetParams = {
    ...own,
    ...(aspectRatio.value === undefined ? {} : { aspectRatio: aspectRatio.value }),
    ...(resolution.value === undefined ? {} : { resolution: resolution.value }),
    ...(span.value === null ? {} : { durationMs: span.value }),
    ...(typeof given["seed"] === "number" ? { seed: given["seed"] } : {}),
  };
  const each = offer.price({ durationMs: span.value ?? undefined, inputs });
  return {
    ok: true,
    value: {
      params,
      each,
      plan: {
        model: offer.id,
        provider: provider.name,
        quote: each,
        attemptTimeoutMs: durationMs(offer.attemptTimeoutMs),
        jobTimeoutMs: durationMs(offer.jobTimeoutMs),
        maxFailures: MAX_FAILURES,
        maxLosses: MAX_LOSSES,
        priority: 0,
      },
    },
  };
}

function lengthOf({ offer }: Listed, given: unknown): Outcome<number | null> {
  const { durationsMs } = offer;
  if (durationsMs === null) {
    return given === undefined
      ? { ok: true, value: null }
      : invalid("params.durationMs", "pictures have no length; leave it out");
  }
  const value = given ?? durationsMs.default;
  if (typeof value !== "number" || value < durationsMs.min || value > durationsMs.max) {
    return invalid(
      "params.durationMs",
      `must be from ${durationsMs.min} to ${durationsMs.max} milliseconds for ${offer.id}`,
    );
  }
  return { ok: true, value };
}

function judgeOwn({ offer }: Listed, own: Readonly<Record<string, unknown>>) {
  const [unknown] = Object.keys(own);
  if (offer.parseParams !== undefined) return offer.parseParams(own);
  return unknown === undefined ? null : { field: unknown, message: `is not something ${offer.id} knows; leave it out` };
}

/** More references than the model takes. */
export function tooManyInputs({ offer }: Listed, ids: readonly AssetId[]): Refusal | null {
  return ids.length > offer.maxInputs ? invalid("inputs", `${offer.id} takes at most ${offer.maxInputs}`) : null;
}

/** References that cannot be: gone, no pictures, or not made. */
export async function checkInputs(deps: CommandDeps, caller: Caller, ids: readonly AssetId[]): Promise<Refusal | null> {
  if (ids.length === 0) return null;
  if (new Set(ids).size !== ids.length) return invalid("inputs", "names the same picture twice");
  const found = await deps.store.resolveInputs({ workspaceId: caller.workspaceId, assetIds: ids });
  for (const [index, { found: there, type, status }] of found.entries()) {
    const field = `inputs.${index}`;
    if (!there) return invalid(field, "there is no such asset; it may have been deleted");
    if (type !== "image") return invalid(field, "only pictures can be references");
    if (status === "failed" || status === "cancelled")
      return invalid(field, "this picture was not made; choose another reference");
  }
  return null;
}
