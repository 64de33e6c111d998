import { applyStep } from "./applyStep.ts";
import { stateKey } from "./stateKey.ts";
import { STEP_NAMES } from "./steps.ts";
import type { Decision } from "../decision.ts";
import type { AssetRows } from "../rows.ts";
import type { Identify } from "./stateKey.ts";
import type { Step } from "./steps.ts";

/** One state that some sequence of steps leads to. */
export interface ReachableState<S extends Step = Step> {
  readonly key: string;
  /** Rows in this state; null before the asset exists. */
  readonly rows: AssetRows | null;
  /** A shortest way here. */
  readonly path: readonly Step[];
  /** What each step does here: the state's row of the transition matrix. */
  readonly outcomes: Readonly<Record<S, Outcome>>;
}

export interface Outcome {
  /** Null for evidence about a submission, which no machine decides. */
  readonly decision: Decision | null;
  /** The state afterwards; the same when refused. */
  readonly to: string;
}

export interface ExploreOptions<S extends Step = Step> {
  readonly steps?: readonly S[];
  /** Which rows are one state; `stateKey` by default. Coarser ones see fewer states, each through its first rows. */
  readonly identify?: Identify;
}

const TOO_MANY = 50_000;

/**
 * Every state that one asset can reach, with what every step, legal or not, does in it: breadth first from nothing, so
 * that every path is a shortest one.
 */
export function explore<S extends Step = Step>(
  options: ExploreOptions<S> = {},
): ReadonlyMap<string, ReachableState<S>> {
  const { steps = STEP_NAMES as readonly S[], identify = stateKey } = options;
  const found = new Map<string, ReachableState<S>>();
  const seen = new Set([identify(null)]);
  const frontier: Pick<ReachableState, "key" | "rows" | "path">[] = [{ key: identify(null), rows: null, path: [] }];
  for (const here of frontier) {
    const outcomes: Partial<Record<S, Outcome>> = {};
    for (const step of steps) {
      const { rows, decision } = applyStep(here.rows, step);
      const to = identify(rows);
      outcomes[step] = { decision, to };
      if (seen.has(to)) continue;
      seen.add(to);
      if (seen.size > TOO_MANY)
        throw new Error(`There are more than ${TOO_MANY} states, such as "${to}": something counts on for ever.`);
      frontier.push({ key: to, rows, path: [...here.path, step] });
    }
    found.set(here.key, { ...here, outcomes: outcomes as Record<S, Outcome> });
  }
  return found;
}
