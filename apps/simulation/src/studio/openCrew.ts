import { LEASE_MS, openProcess, openStore } from "./openProcess.ts";
import type { Chance } from "../clock/createChance.ts";
import type { World } from "../World.ts";
import type { Ground, StudioProcess } from "./openProcess.ts";

/** The processes of one life: who serves browsers now, and all the troubles that processes have. */
export interface Crew {
  readonly served: () => StudioProcess | null;
  /** Nobody is stopped any more, and who is dead comes back. */
  readonly comfort: () => void;
}

/** What is done rarely and matters most is where processes die most. */
const MATTERS =
  /submit|intend|openSubmission|complete|fail|settle|shelf|fetch|handBack|claim|startJob|createAssets|prune|storage delete/;

/**
 * Alone: one process that owns the database, as on SQLite. Otherwise a few processes at one database server, as on
 * PostgreSQL: what a dead one had asked of it is still done, and the others sweep up after it.
 */
export function openCrew(world: World, ground: Ground): Crew {
  const chance = world.chance.fork();
  const outside = world.scheduler.realm("outside");
  const alone = chance.happens(0.6);
  const odds = chance.pick([0.0003, 0.001, 0.003]);
  const server = alone ? null : openStore(world, ground, world.scheduler.realm("database"));
  const places: (StudioProcess | null)[] = Array.from({ length: alone ? 1 : chance.between(2, 3) }, () => null);
  const runs = places.map(() => 0);

  function start(place: number): void {
    runs[place] = (runs[place] ?? 0) + 1;
    places[place] = openProcess(world, ground, {
      name: `${alone ? "studio" : `studio-${"abc"[place]}`}#${runs[place]}`,
      server,
      dies: (what) => world.trouble && chance.happens(MATTERS.test(what) ? odds * 8 : odds),
      onEnd: () => {
        places[place] = null;
        outside.after(chance.between(100, world.trouble ? 6_000 : 300), () => start(place));
      },
    });
  }

  function disturb(): void {
    outside.after(chance.between(400, 5_000), () => {
      if (!world.trouble) return;
      const process = places[chance.between(0, places.length - 1)] ?? null;
      if (process !== null) trouble(chance, process);
      if (chance.happens(0.1)) fillDisk();
      disturb();
    });
  }

  function trouble(among: Chance, process: StudioProcess): void {
    const drawn = among.draw();
    if (drawn < 0.2) process.kill();
    else if (drawn < 0.35) {
      world.tell(process.realm.name, "is told to stop");
      void process.stop();
    } else if (drawn < 0.65) {
      const ms = among.between(50, among.happens(0.4) ? LEASE_MS * 3 : 800);
      world.tell(process.realm.name, "is stopped", `for ${ms} ms`);
      process.realm.pause(ms);
    }
  }

  function fillDisk(): void {
    world.tell("storage", "is full");
    ground.space.full = true;
    outside.after(chance.between(300, 3_000), () => {
      ground.space.full = false;
      world.tell("storage", "has room");
    });
  }

  for (const place of places.keys()) start(place);
  disturb();
  return {
    served: () => places[0] ?? null,
    comfort: () => {
      ground.space.full = false;
    },
  };
}
