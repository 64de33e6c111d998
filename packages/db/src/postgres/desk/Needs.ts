import type { AssetId, JobId, ProjectId, SubmissionId, VersionId, WorkspaceId } from "@reelstate/lifecycle";

/**
 * What a command has to have read, and locked, before it decides. What it turns out to need besides is added, and the
 * transaction begins again.
 */
export interface Needs {
  /** Jobs that may be written, each with its asset and version. */
  readonly jobs?: readonly JobId[];
  /** Assets that may be written, each with its job. */
  readonly assets?: readonly AssetId[];
  /** Submissions that may be written, each with its job, asset and version. */
  readonly submissions?: readonly SubmissionId[];
  /** Assets that only have to stay as they are until the commit, with their current versions. */
  readonly inputs?: readonly AssetId[];
  /** Versions to be read; what keeps them as they are is the lock of their asset. */
  readonly versions?: readonly VersionId[];
  /** Whether a job may end, whose dependants then follow it in the same transaction. */
  readonly ends?: boolean;
  /** Whether assets are only looked at: nothing of them is written, and nobody needs to wait for them. */
  readonly looks?: boolean;
  /** Whether a new job may begin, for what some asset has made so far: its inputs, and the number of its next version. */
  readonly begins?: boolean;
  /** Whether the jobs' versions are about to be made, for which their inputs are needed. */
  readonly made?: boolean;
  /** Whose credits are spent, or whose projects are asked for. */
  readonly workspaces?: readonly WorkspaceId[];
  readonly projects?: readonly ProjectId[];
  /** Idempotency keys of those workspaces. */
  readonly keys?: readonly { readonly workspaceId: WorkspaceId; readonly key: string }[];
}

/** Thrown by a desk that is asked for a row which was not read under its lock. */
export class NotAtHand extends Error {
  override readonly name = "NotAtHand";
  readonly needs: Needs;

  constructor(needs: Needs) {
    super(`Not read yet: ${JSON.stringify(needs)}.`);
    this.needs = needs;
  }
}

export function together(all: readonly Needs[]): Required<Needs> {
  const every = <T>(pick: (needs: Needs) => readonly T[] | undefined): readonly T[] => [
    ...new Set(all.flatMap((needs) => pick(needs) ?? [])),
  ];
  return {
    jobs: every(({ jobs }) => jobs),
    assets: every(({ assets }) => assets),
    submissions: every(({ submissions }) => submissions),
    inputs: every(({ inputs }) => inputs),
    versions: every(({ versions }) => versions),
    ends: all.some(({ ends }) => ends === true),
    looks: all.every(({ looks }) => looks === true),
    begins: all.some(({ begins }) => begins === true),
    made: all.some(({ made }) => made === true),
    workspaces: every(({ workspaces }) => workspaces),
    projects: every(({ projects }) => projects),
    keys: all.flatMap(({ keys }) => keys ?? []),
  };
}
