import { applyStep } from "./applyStep.ts";
import { shownStateKey } from "./stateKey.ts";
import { STEP_NAMES } from "./steps.ts";
import type { AssetRows } from "../rows.ts";
import type { Path } from "./shortestPaths.ts";
import type { Identify } from "./stateKey.ts";
import type { Step } from "./steps.ts";

export interface SimplePathOptions {
  readonly steps?: readonly Step[];
  readonly identify?: Identify;
  /** The longest path, in steps. Their number grows steeply with it. */
  readonly maxLength: number;
}

/**
 * Every path of at most `maxLength` accepted steps that comes to no state twice, longest continuations only: a path that
 * is the beginning of another is not given by itself. Lazy, so that a caller may stop.
 */
export function* simplePaths(options: SimplePathOptions): Generator<Path> {
  const { steps = STEP_NAMES, identify = shownStateKey, maxLength } = options;

  function* onwards(rows: AssetRows | null, path: readonly Step[], visited: ReadonlySet<string>): Generator<Path> {
    let goesOn = false;
    for (const step of path.length < maxLength ? steps : []) {
      const next = applyStep(rows, step).rows;
      const key = identify(next);
      if (visited.has(key)) continue;
      goesOn = true;
      yield* onwards(next, [...path, step], new Set([...visited, key]));
    }
    if (!goesOn && path.length > 0) yield { steps: path, rows, key: identify(rows) };
  }

  yield* onwards(null, [], new Set([identify(null)]));
}
