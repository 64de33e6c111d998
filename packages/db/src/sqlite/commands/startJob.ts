import { advance } from "@reelstate/lifecycle";
import { loadRowsOfAsset } from "../loadRows.ts";
import { readAssets } from "../reads/readAssets.ts";
import { writeDecision } from "../writeDecision.ts";
import { freezeInputs, NO_MEDIA } from "./createOne.ts";
import { replayOf, rememberKey } from "./idempotency.ts";
import { newJob, writeNewJob } from "./writeNewJob.ts";
import type { Asset, Credits, VersionId } from "@reelstate/lifecycle";
import type { JobPlan, StartJob, StoreOutcome, StoreRefusal } from "../../store/people.ts";
import type { FrozenInput } from "./createOne.ts";
import type { LoadedRows } from "../../rows/loadedRows.ts";
import type { VersionRecord } from "../../rows/records.ts";
import type { Session } from "../Session.ts";

type Making = Pick<VersionRecord, "id" | "model" | "prompt" | "params" | "inputs">;

/** Retry, regenerate, recover: a new job, hold and, for regenerate, version (J11, A3, A6, P6). */
export function startJob(session: Session, request: StartJob): StoreOutcome<{ readonly asset: Asset }> {
  const { workspaceId, assetId, kind } = request;
  const replay = replayOf(session, workspaceId, request.idempotency);
  if (replay !== null && !replay.ok) return withAsset(session, request, replay);
  const loaded = loadRowsOfAsset(session, workspaceId, assetId);
  if (loaded === null || loaded.rows.asset.deletedAt !== null) return { ok: false, why: "not_found" };
  if (replay !== null) return answer(session, request);

  const at = session.now();
  const making = makingOf(session, request, loaded);
  if ("ok" in making) return withAsset(session, request, making);
  const plan = planOf(request, loaded, making);
  if (plan === null) return withAsset(session, request, { ok: false, why: "illegal" });
  if (request.expectedQuote !== null && kind !== "recover" && request.expectedQuote !== plan.quote) {
    return withAsset(session, request, { ok: false, why: "quote_changed" });
  }
  const waiting = waitingInputs(session, making);
  if (waiting === null) return withAsset(session, request, { ok: false, why: "input_failed" });
  const decision = advance(loaded.rows, {
    type: kind,
    at,
    versionId: kind === "regenerate" ? request.versionId : loaded.rows.version.id,
    versionNumber: kind === "regenerate" ? Number(session.sql.lastNumber.get(assetId)) + 1 : loaded.rows.version.number,
    job: newJob(session, { workspaceId, jobId: request.jobId, plan, waiting: waiting.length > 0 }),
  });
  if (!decision.ok) return withAsset(session, request, decision);

  const { next } = decision;
  if (kind === "regenerate") {
    session.sql.insertVersion.run({
      ...NO_MEDIA,
      id: next.version.id,
      assetId,
      number: next.version.number,
      status: next.version.status,
      prompt: making.prompt,
      model: plan.model,
      params: JSON.stringify(making.params),
      inputs: JSON.stringify(making.inputs),
      at,
    });
  }
  if (next.job !== null) writeNewJob(session, { workspaceId, assetId, job: next.job, plan, at });
  for (const versionId of waiting) session.sql.insertJobInput.run(versionId, request.jobId);
  if (kind === "recover" && loaded.rows.job !== null) {
    const heirs = { from: loaded.rows.job.id, to: request.jobId };
    session.sql.inheritSubmission.run(heirs);
    session.slots.inherit(heirs);
    // One job answers for what was paid: the old one has nothing left to recover.
    session.sql.letSubmissionGo.run(loaded.rows.job.id);
  }
  writeDecision(session, loaded, decision, { at });
  rememberKey(session, workspaceId, request.idempotency, [assetId], at);
  return answer(session, request);
}

/** Retry and recover make the version last tried; regenerate makes a new one like the current, with what was changed. */
function makingOf(session: Session, request: StartJob, loaded: LoadedRows): Making | StoreRefusal {
  if (request.kind !== "regenerate") return loaded.version;
  const current = session.row.version(loaded.asset.currentVersionId) ?? loaded.version;
  const { prompt, params, inputs } = request.change ?? {};
  const frozen = freezeInputs(session, request.workspaceId, inputs ?? current.inputs.map(({ assetId }) => assetId));
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
      const status = session.sql.versionStatus.get(input.versionId);
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
  const plan = request.plan({ model: making.model, type: loaded.asset.type, params: making.params });
  if (plan === null || request.kind !== "recover") return plan;
  return { ...plan, quote: loaded.rows.hold?.amount ?? (0 as Credits) };
}

/** The versions that are still being made; null when one was not made (A7: they were frozen when first submitted). */
function waitingInputs(session: Session, making: Making): readonly VersionId[] | null {
  const states = making.inputs.map(({ versionId }) => ({
    versionId,
    status: session.sql.versionStatus.get(versionId),
  }));
  if (states.some(({ status }) => status === "failed" || status === "cancelled")) return null;
  return states.filter(({ status }) => status !== "completed").map(({ versionId }) => versionId);
}

function answer(session: Session, request: StartJob): StoreOutcome<{ readonly asset: Asset }> {
  const [asset] = readAssets(session, request.workspaceId, [request.assetId]);
  return asset === undefined ? { ok: false, why: "not_found" } : { ok: true, asset };
}

export function withAsset(
  session: Session,
  { workspaceId, assetId }: Pick<StartJob, "workspaceId" | "assetId">,
  refusal: StoreRefusal,
): StoreRefusal {
  const [asset] = readAssets(session, workspaceId, [assetId]);
  return {
    ok: false,
    why: refusal.why,
    ...(refusal.short === undefined ? {} : { short: refusal.short }),
    ...(asset === undefined ? {} : { asset }),
  };
}
