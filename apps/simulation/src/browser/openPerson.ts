import { viewOf } from "@reelstate/lifecycle";
import type { AssetAction } from "@reelstate/lifecycle";
import type { Chance } from "../clock/createChance.ts";
import type { World } from "../World.ts";
import type { Browser } from "./openBrowser.ts";

export interface Press {
  readonly prompt: string;
  readonly count: number;
  answered: boolean;
}

/** Somebody at a browser who creates and presses whatever a card offers, until `until`. */
export function openPerson(
  world: World,
  browser: Browser,
  { models, until, busy }: { readonly models: readonly string[]; readonly until: number; readonly busy: number },
): readonly Press[] {
  const chance = world.chance.fork();
  const realm = world.scheduler.realm(`${browser.name}'s person`);
  const presses: Press[] = [];

  function next(): void {
    const wait = chance.between(50, busy);
    if (realm.clock() + wait > until) return;
    realm.after(wait, () => {
      if (chance.happens(0.08)) browser.sleep(chance.between(500, 9_000));
      else if (browser.shown().length < 3 || chance.happens(0.4)) create();
      else act();
      next();
    });
  }

  function create(): void {
    const model = chance.pick(models);
    const pictures = browser
      .shown()
      .filter(({ type, status }) => type === "image" && status !== "failed" && status !== "cancelled");
    const inputs = pictures.length > 0 && chance.happens(0.5) ? [chance.pick(pictures).id] : [];
    const prompt = `${browser.name} ${presses.length + 1}`;
    const made: Press = { prompt, count: chance.happens(0.2) ? 2 : 1, answered: false };
    presses.push(made);
    const type = model.endsWith("image") ? ("image" as const) : ("video" as const);
    void browser.create({ type, model, prompt, count: made.count, inputs }).then((assets) => {
      made.answered = assets !== null;
    });
  }

  function act(): void {
    const asset = chance.pick(browser.shown());
    const permitted = viewOf(asset).actions.map(({ type }) => type);
    if (permitted.length === 0) return;
    void browser.act(asset, weighed(chance, permitted));
  }

  next();
  return presses;
}

/** Deleting is permitted nearly always, and not what people mostly do. */
function weighed(chance: Chance, permitted: readonly AssetAction[]): AssetAction {
  const others = permitted.filter((type) => type !== "delete");
  return others.length === 0 || chance.happens(0.1) ? chance.pick(permitted) : chance.pick(others);
}
