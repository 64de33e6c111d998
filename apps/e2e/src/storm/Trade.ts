import type { AssetHistory } from "@reelstate/api";
import type { Chance } from "./chanceFrom.ts";

type Version = AssetHistory["versions"][number];

/** What people may order, and what may come of it. */
export interface Trade {
  /** All kinds again and again, so that chance leaves none out of a short storm. */
  readonly kindsInTurn: (chance: Chance) => () => Kind;
  /** How many may be ordered at once. */
  readonly atOnce: number;
  /** A video of a picture that has only just been ordered; null where there is none. */
  readonly follower: Kind | null;
  /** How people have something made again that is there or has failed. */
  readonly again: readonly ("retry" | "regenerate")[];
  /** What makes one making of an asset into this kind, where it is regenerated. */
  readonly change: (kind: Kind, prompt: string) => { readonly prompt?: string; readonly params?: Kind["params"] };
  /** Whether it goes on until it is cancelled. */
  readonly hangs: (version: Version) => boolean;
  /** What it may end as, for all that has happened to it. */
  readonly mayFail: (version: Version, story: Story) => ReadonlySet<string>;
}

export interface Kind {
  readonly type: "image" | "video";
  readonly model: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** At the end of its prompt. */
  readonly words?: string;
}

/** How often a job ended badly, and was lost with its worker. */
export interface Story {
  readonly failures: number;
  readonly losses: number;
}

/** What a job may lose before it ends for that reason: ended attempts, and vanished workers. */
const FAILURES = 3;
const LOSSES = 10;

/** What any job may end as that has been struck often enough. */
export function wornOut({ failures, losses }: Story): readonly string[] {
  return [
    // A kill before the provider heard of it is a try that failed, and three of them are three.
    ...(failures >= FAILURES ? ["provider_unavailable", "storage_failed", "rate_limited"] : []),
    ...(losses >= LOSSES ? ["worker_lost", "unconfirmed_submit"] : []),
  ];
}
