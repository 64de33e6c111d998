import { useCallback, useSyncExternalStore } from "react";
import { trpc } from "../trpc.ts";
import { useLive } from "./LiveContext.ts";
import { refusalOf } from "./refusalOf.ts";
import { uploadPicture } from "./uploadPicture.ts";
import type { inferRouterInputs } from "@trpc/server";
import type { AppRouter } from "@reelstate/api/router";
import type { Asset, AssetAction, AssetId } from "@reelstate/lifecycle";
import type { AnswerWriter } from "./cacheWriter.ts";
import type { RefusalFacts } from "./refusalOf.ts";
import type { UploadOptions } from "./uploadPicture.ts";

type Inputs = inferRouterInputs<AppRouter>["assets"];
export type CreateRequest = Omit<Inputs["create"], "idempotencyKey">;
/** What an action may carry: `expectedQuote` for every start, prompt, params and inputs for regenerate. */
export type ActOptions = Omit<Inputs["regenerate"], "id" | "idempotencyKey">;

/** `refusal: null` in a failure: the studio could not be reached or broke; the same press may be tried again. */
export type Failed = { readonly ok: false; readonly refusal: RefusalFacts | null; readonly error: Error };
export type CreateResult = { readonly ok: true; readonly assets: readonly Asset[] } | Failed;
/** `asset` is null after a delete. */
export type ActResult = { readonly ok: true; readonly asset: Asset | null } | Failed;

/** Creating: the answer's skeletons are in the lists when the promise resolves (U4). */
export function useCreateAssets(): {
  create(request: CreateRequest): Promise<CreateResult>;
  readonly pending: boolean;
} {
  const { writer, keys } = useLive();
  const { mutateAsync, isPending } = trpc.assets.create.useMutation();
  const create = useCallback(
    async (request: CreateRequest): Promise<CreateResult> => {
      const press = pressOf("create", request);
      const answer = writer.asking();
      try {
        const { assets } = await mutateAsync({ ...request, idempotencyKey: keys.keyFor(press) });
        keys.answered(press);
        answer.applyAssets(assets);
        return { ok: true, assets };
      } catch (error) {
        const failed = failedBy(answer, error);
        if (failed.refusal !== null) keys.answered(press);
        return failed;
      }
    },
    [keys, mutateAsync, writer],
  );
  return { create, pending: isPending };
}

/** What a press is meant for. */
export type SeenAsset = Pick<Asset, "id" | "rowVersion"> & Partial<Pick<Asset, "liveJob">>;

export interface AssetActing {
  /** Null when one of this asset's actions is already on its way: a double click acts once. */
  act(asset: SeenAsset, action: AssetAction, options?: ActOptions): Promise<ActResult | null>;
  /** The action of an asset that has not been answered yet, wherever it was pressed. */
  pendingOf(id: AssetId): AssetAction | null;
}

/** What a person may ask of an asset; answers and 409s are in the lists when the promise resolves. */
export function useAssetAction(): AssetActing {
  const { writer, keys, pending } = useLive();
  const all = useSyncExternalStore(pending.all.subscribe, pending.all.get);
  const { mutateAsync: cancel } = trpc.assets.cancel.useMutation();
  const { mutateAsync: retry } = trpc.assets.retry.useMutation();
  const { mutateAsync: regenerate } = trpc.assets.regenerate.useMutation();
  const { mutateAsync: recover } = trpc.assets.recover.useMutation();
  const { mutateAsync: remove } = trpc.assets.delete.useMutation();

  const ask = useCallback(
    async (
      { id, liveJob }: SeenAsset,
      action: AssetAction,
      start: ActOptions & { readonly idempotencyKey: string },
    ): Promise<Asset | null> => {
      const { prompt: _prompt, params: _params, inputs: _inputs, ...plain } = start;
      switch (action) {
        case "cancel":
          // Late, it must not stop what was begun after the job that was seen (J7).
          return cancel({ id, ...(liveJob ? { jobId: liveJob.id } : {}) });
        case "retry":
          return retry({ id, ...plain });
        case "recover":
          return recover({ id, ...plain });
        case "regenerate":
          return regenerate({ id, ...start });
        case "delete":
          await remove({ id });
          return null;
      }
    },
    [cancel, recover, regenerate, remove, retry],
  );

  const act = useCallback<AssetActing["act"]>(
    async (seen, action, options = {}) => {
      const { id, rowVersion } = seen;
      if (!pending.begin(id, action)) return null;
      const press = pressOf(`${action} ${id} ${rowVersion}`, options);
      const answer = writer.asking();
      try {
        const asset = await ask(seen, action, { ...options, idempotencyKey: keys.keyFor(press) });
        keys.answered(press);
        if (asset === null) answer.removeAsset(id);
        else answer.applyAssets([asset]);
        return { ok: true, asset };
      } catch (error) {
        const failed = failedBy(answer, error);
        if (failed.refusal !== null) keys.answered(press);
        if (failed.refusal?.why === "not_found") answer.removeAsset(id);
        return failed;
      } finally {
        pending.end(id);
      }
    },
    [ask, keys, pending, writer],
  );

  const pendingOf = useCallback((id: AssetId) => all.get(id) ?? null, [all]);
  return { act, pendingOf };
}

/** Uploading: the picture is in the lists when the promise resolves. Throws what `uploadPicture` throws. */
export function useUploadPicture(): (file: File, options?: UploadOptions) => Promise<Asset> {
  const { writer } = useLive();
  return useCallback(
    async (file, options) => {
      const answer = writer.asking();
      const asset = await uploadPicture(file, options);
      answer.applyAssets([asset]);
      return asset;
    },
    [writer],
  );
}

/** A 409 carries the asset as it is, and that is shown before the words are. */
function failedBy(answer: AnswerWriter, error: unknown): Failed {
  const refusal = refusalOf(error);
  if (refusal?.asset) answer.applyAssets([refusal.asset]);
  return { ok: false, refusal, error: error instanceof Error ? error : new Error(String(error)) };
}

/** What tells one press from another: all that is asked for. The price that is expected of it only guards it (C4). */
function pressOf(
  what: string,
  { expectedQuote: _guard, ...asked }: { readonly expectedQuote?: number | undefined },
): string {
  return `${what} ${JSON.stringify(asked)}`;
}
