import type { Actor } from "./actors.ts";
import type { Cast } from "./playCast.ts";
import type { Stage } from "./stages.ts";

/** Every choice of so many actors from a list, a leading one twice too, each from every stage that has what they need. */
export function* castsOf(stages: readonly Stage[], actors: readonly Actor[], size: number): Generator<Cast> {
  for (const stage of stages) {
    const fit = actors.filter(({ needs }) => needs === undefined || stage.has.includes(needs));
    const pool = fit.flatMap((actor) => (actor.leading ? [actor, actor] : [actor]));
    for (const chosen of choices(pool, size)) yield { stage, actors: chosen };
  }
}

function* choices(pool: readonly Actor[], size: number): Generator<readonly Actor[]> {
  if (size === 0) return yield [];
  for (const [index, actor] of pool.entries()) {
    // The second of two that are the same is chosen together with the first, or not at all.
    if (actor === pool[index - 1]) continue;
    for (const others of choices(pool.slice(index + 1), size - 1)) yield [actor, ...others];
  }
}
