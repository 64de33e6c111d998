import type { Realm } from "../clock/openScheduler.ts";
import type { World } from "../World.ts";

/**
 * Everything that a process does to the world goes through its gate. At each effect the process may die: before it, or
 * after it and before its answer is heard. A dead process does nothing more and hears nothing more, whatever its
 * promises still wait for.
 */
export interface Gate {
  readonly realm: Realm;
  readonly pass: <T>(what: string, effect: () => Promise<T>) => Promise<T>;
}

export function openGate(world: World, realm: Realm, dies: (what: string) => boolean, die: () => void): Gate {
  return {
    realm,
    pass: (what, effect) =>
      new Promise((resolve, reject) => {
        if (realm.dead()) return;
        world.counts.effects += 1;
        if (dies(what)) {
          world.tell(realm.name, "dies before", what);
          return die();
        }
        effect().then(
          (value) => {
            if (realm.dead()) return;
            if (dies(what)) {
              world.tell(realm.name, "dies after", what);
              die();
            } else resolve(value);
          },
          (error: unknown) => {
            if (!realm.dead()) reject(error);
          },
        );
      }),
  };
}
