import type { LifeReport } from "../playLife.ts";

/** What many lives came to. */
export interface Sum {
  lives: number;
  virtualMs: number;
  deaths: number;
  jobs: number;
  events: number;
  effects: number;
  submits: number;
  renders: number;
  resets: number;
  collected: number;
  cpuMs: number;
  /** Of the failed lives the one with the smallest seed. */
  failed: LifeReport | null;
  failures: number;
}

const COUNTED = [
  "virtualMs",
  "deaths",
  "jobs",
  "events",
  "effects",
  "submits",
  "renders",
  "resets",
  "collected",
] as const satisfies readonly (keyof Sum & keyof LifeReport)[];

export function nothing(): Sum {
  return {
    lives: 0,
    virtualMs: 0,
    deaths: 0,
    jobs: 0,
    events: 0,
    effects: 0,
    submits: 0,
    renders: 0,
    resets: 0,
    collected: 0,
    cpuMs: 0,
    failed: null,
    failures: 0,
  };
}

export function addLife(sum: Sum, life: LifeReport): void {
  sum.lives += 1;
  for (const name of COUNTED) sum[name] += life[name];
  if (life.accusations.length > 0) {
    sum.failures += 1;
    sum.failed = earlier(sum.failed, life);
  }
}

export function addSum(sum: Sum, more: Sum): void {
  for (const name of [...COUNTED, "lives", "cpuMs", "failures"] as const) sum[name] += more[name];
  sum.failed = more.failed === null ? sum.failed : earlier(sum.failed, more.failed);
}

function earlier(a: LifeReport | null, b: LifeReport): LifeReport {
  return a !== null && a.seed < b.seed ? a : b;
}
