import { addUpload } from "../../commands/addUpload.ts";
import { createAssets, Undo } from "../../commands/createAssets.ts";
import { cancelAsset, deleteAsset } from "../../commands/endByPerson.ts";
import { startJob } from "../../commands/startJob.ts";
import type { Asset, AssetId, EpochMs } from "@reelstate/lifecycle";
import type { Desk } from "../../commands/Desk.ts";
import type { Store } from "../../Store.ts";
import type { EnsureWorkspace, OnAsset, StoreOutcome, StoreRefusal } from "../../store/people.ts";
import { budget } from "../reads/budget.ts";
import type { Needs } from "../desk/Needs.ts";
import type { Lanes } from "../openLanes.ts";
import type { Session } from "../Session.ts";
import type { Answers } from "./openAnswers.ts";

type PeopleCommands = Pick<
  Store,
  | "createAssets"
  | "addUpload"
  | "startJob"
  | "cancel"
  | "deleteAsset"
  | "ensureWorkspace"
  | "createProject"
  | "setBudget"
>;

/** What people ask, each in its workspace's lane, answered with the assets as they are after the commit. */
export function peopleCommands(session: Session, lanes: Lanes, answers: Answers): PeopleCommands {
  async function onAsset<Q extends OnAsset>(
    request: Q,
    needs: Needs,
    command: (desk: Desk, request: Q) => { readonly ok: true } | StoreRefusal,
  ): Promise<StoreOutcome<{ readonly asset: Asset }>> {
    const { workspaceId, assetId } = request;
    const outcome = await lanes.run(workspaceId, {
      needs: { ...needs, assets: [assetId] },
      decide: (desk) => command(desk, request),
    });
    const [asset] = await answers.assets(workspaceId, [assetId]);
    if (!outcome.ok) return asset === undefined ? outcome : { ...outcome, asset };
    return asset === undefined ? { ok: false, why: "not_found" } : { ok: true, asset };
  }

  return {
    createAssets: async (request) => {
      const { workspaceId, projectId, idempotency } = request;
      try {
        const outcome = await lanes.run(workspaceId, {
          needs: {
            workspaces: [workspaceId],
            projects: projectId === null ? [] : [projectId],
            keys: idempotency === null ? [] : [{ workspaceId, key: idempotency.key }],
            inputs: request.assets.flatMap(({ inputs }) => inputs),
          },
          decide: (desk) => createAssets(desk, request),
        });
        if (!outcome.ok) return outcome;
        const ids = "before" in outcome ? outcome.before : outcome.made.map(({ asset }) => asset.id);
        return { ok: true, assets: await answers.assets(workspaceId, ids) };
      } catch (error) {
        if (error instanceof Undo) return error.refusal;
        throw error;
      }
    },
    addUpload: async (upload) => {
      const { workspaceId, projectId, assetId } = upload;
      await lanes.run(workspaceId, {
        needs: { workspaces: [workspaceId], projects: projectId === null ? [] : [projectId] },
        decide: (desk) => addUpload(desk, upload),
      });
      const [asset] = await answers.assets(workspaceId, [assetId]);
      if (asset === undefined) throw new Error(`Upload ${assetId} was not written.`);
      return asset;
    },
    startJob: (request) => {
      const { workspaceId, idempotency } = request;
      const keys = idempotency === null ? [] : [{ workspaceId, key: idempotency.key }];
      const inputs = request.change?.inputs ?? [];
      return onAsset(request, { begins: true, workspaces: [workspaceId], keys, inputs }, startJob);
    },
    cancel: (request) => onAsset(request, { ends: true }, cancelAsset),
    deleteAsset: async (request) => {
      const { workspaceId, assetId } = request;
      const outcome = await lanes.run(workspaceId, {
        needs: { assets: [assetId], ends: true },
        decide: (desk) => deleteAsset(desk, request),
      });
      if (outcome.ok) return { ok: true, assetId };
      return refusedWith(outcome, await answers.assets(workspaceId, [assetId]));
    },
    ensureWorkspace: (request) => ensureWorkspace(session, request),
    createProject: ({ workspaceId, id, name }) =>
      session.db.write(async ({ rows }) => {
        const [made] = await rows<{ readonly at: EpochMs }>(
          `INSERT INTO project (id, workspace_id, name, created_at) VALUES ($1, $2, $3, ${session.clock()})
           RETURNING created_at AS at`,
          id,
          workspaceId,
          name,
        );
        if (made === undefined) throw new Error(`Project ${id} was not written.`);
        return { id, name, createdAt: made.at };
      }),
    setBudget: ({ workspaceId, day, month }) =>
      session.db.write(async (connection) => {
        if (day !== undefined)
          await connection.run("UPDATE workspace SET budget_day = $1 WHERE id = $2", day, workspaceId);
        if (month !== undefined)
          await connection.run("UPDATE workspace SET budget_month = $1 WHERE id = $2", month, workspaceId);
        return budget(session, connection, { workspaceId });
      }),
  };
}

function refusedWith(refusal: StoreRefusal, [asset]: readonly Asset[]): StoreOutcome<{ readonly assetId: AssetId }> {
  return asset === undefined ? refusal : { ...refusal, asset };
}

/** Of several processes that make it at one moment one does, and only that one grants. */
async function ensureWorkspace(session: Session, request: EnsureWorkspace): Promise<void> {
  const { workspaceId, name, project, grant } = request;
  await session.db.write(async ({ rows, run }) => {
    const [made] = await rows<{ readonly at: EpochMs }>(
      `INSERT INTO workspace (id, name, balance, held, seq, pruned_seq, created_at)
       VALUES ($1, $2, $3, 0, 0, 0, ${session.clock()}) ON CONFLICT DO NOTHING RETURNING created_at AS at`,
      workspaceId,
      name,
      grant,
    );
    if (made === undefined) return;
    await run(
      "INSERT INTO project (id, workspace_id, name, created_at) VALUES ($1, $2, $3, $4)",
      project.id,
      workspaceId,
      project.name,
      made.at,
    );
    if (grant > 0)
      await run(
        "INSERT INTO credit_entry (workspace_id, at, kind, balance, held) VALUES ($1, $2, 'grant', $3, 0)",
        workspaceId,
        made.at,
        grant,
      );
  });
}
