import { advance, overBudget } from "@reelstate/lifecycle";
import { freezeInputs, NOT_MADE } from "./createOne.ts";
import { replayOf, rememberKey } from "./idempotency.ts";
import { loadRowsOfAsset } from "./loadRows.ts";
import { creditOf, newJob, newJobRecord } from "./newJob.ts";
import { writeDecision } from "./writeDecision.ts";
import type { Credits, VersionId } from "@reelstate/lifecycle";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { VersionRecord } from "../rows/records.ts";
import type { JobPlan, StartJob, StoreRefusal } from "../store/people.ts";
import type { FrozenInput } from "./createOne.ts";
import type { Desk } from "./Desk.ts";

type Making = Pick<VersionRecord, "id" | "model" | "prompt" | "params" | "inputs">;

/** Retry, regenerate, recover: a new job, hold and, for regenerate, version (J11, A3, A6, P6). */
export function startJob(desk: Desk, request: StartJob): { readonly ok: true } | StoreRefusal {
  const { workspaceId, assetId, kind } = request;
  const replay = replayOf(desk, workspaceId, request.idempotency);
  if (replay !== null && !replay.ok) return replay;
  const loaded = loadRowsOfAsset(desk, workspaceId, assetId);
  if (loaded === null || loaded.rows.asset.deletedAt !== null) return { ok: false, why: "not_found" };
  if (replay !== null) return { ok: true };

  const at = desk.now();
  const making = makingOf(desk, request, loaded);
  if ("ok" in making) return making;
  const plan = planOf(request, loaded, making);
  if (plan === null) return { ok: false, why: "illegal" };
  if (request.expectedQuote !== null && kind !== "recover" && request.expectedQuote !== plan.quote) {
    return { ok: false, why: "quote_changed" };
  }
  const waiting = waitingInputs(desk, making);
  if (waiting === null) return { ok: false, why: "input_failed" };
  const credit = creditOf(desk, workspaceId);
  const decision = advance(loaded.rows, {
    type: kind,
    at,
    versionId: kind === "regenerate" ? request.versionId : loaded.rows.version.id,
    versionNumber: kind === "regenerate" ? desk.lastNumber(assetId) + 1 : loaded.rows.version.number,
    job: newJob({ credit, jobId: request.jobId, plan, waiting: waiting.length > 0 }),
  });
  if (!decision.ok) return decision;
  const over = overBudget(credit, plan.quote, at);
  if (over !== null) return over;

  const { next } = decision;
  if (kind === "regenerate") {
    const { id, number, status } = next.version;
    const { prompt, params, inputs } = making;
    desk.insertVersion({
      ...NOT_MADE,
      id,
      assetId,
      number,
      status,
      prompt,
      model: plan.model,
      params,
      inputs,
      createdAt: at,
    });
  }
  if (next.job !== null) desk.insertJob(newJobRecord({ workspaceId, assetId, job: next.job, plan, at }));
  for (const versionId of waiting) desk.insertJobInput(versionId, request.jobId);
  if (kind === "recover" && loaded.job !== null) {
    const heirs = { from: loaded.job.id, to: request.jobId };
    desk.inheritSubmission(heirs);
    desk.inheritSlots(heirs);
    // One job answers for what was paid: the old one has nothing left to recover.
    desk.noteOnJob(loaded.job, { submission: "none", recoverable: false });
  }
  writeDecision(desk, loaded, decision, { at });
  rememberKey(desk, workspaceId, request.idempotency, [assetId], at);
  return { ok: true };
}

/** Retry and recover make the version last tried; regenerate makes a new one like the current, with what was changed. */
function makingOf(desk: Desk, request: StartJob, loaded: LoadedRows): Making | StoreRefusal {
  if (request.kind !== "regenerate") return loaded.version;
  const current = desk.version(loaded.asset.currentVersionId) ?? loaded.version;
  const { prompt, params, inputs } = request.change ?? {};
  const frozen = freezeInputs(desk, request.workspaceId, inputs ?? current.inputs.map(({ assetId }) => assetId));
  if ("ok" in frozen) return inputs === undefined ? { ...current, ...changed(current) } : frozen;
  return {
    ...current,
    ...changed(current),
    inputs: inputs === undefined ? stillGood(current.inputs, frozen) : bare(frozen),
  };

  function changed(from: Making): Pick<Making, "prompt" | "params"> {
    return { prompt: prompt ?? from.prompt, params: params?.(from.params) ?? from.params };
  }
  /** The reference as it was seen, or, where that one was never made, as it is by now (A7). */
  function stillGood(old: Making["inputs"], now: readonly FrozenInput[]): Making["inputs"] {
    return old.map((input, at) => {
      const status = desk.version(input.versionId)?.status;
      const newer = now[at];
      return newer !== undefined && (status === "failed" || status === "cancelled")
        ? (bare([newer])[0] ?? input)
        : input;
    });
  }
}

function bare(inputs: readonly FrozenInput[]): Making["inputs"] {
  return inputs.map(({ assetId, versionId }) => ({ assetId, versionId }));
}

/** A recovery holds what the paid submission was quoted; everything else holds today's price. */
function planOf(request: StartJob, loaded: LoadedRows, making: Making): JobPlan | null {
  const { model, params, inputs } = making;
  const plan = request.plan({ model, type: loaded.asset.type, params, inputs: inputs.length });
  if (plan === null || request.kind !== "recover") return plan;
  return { ...plan, quote: loaded.rows.hold?.amount ?? (0 as Credits) };
}

/** The versions that are still being made; null when one was not made (A7: they were frozen when first submitted). */
function waitingInputs(desk: Desk, making: Making): readonly VersionId[] | null {
  const states = making.inputs.map(({ versionId }) => ({ versionId, status: desk.version(versionId)?.status }));
  if (states.some(({ status }) => status === "failed" || status === "cancelled")) return null;
  return states.filter(({ status }) => status !== "completed").map(({ versionId }) => versionId);
}
