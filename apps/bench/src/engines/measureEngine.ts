import { openMeasuring } from "./openMeasuring.ts";
import type { Engine, EngineOptions } from "./Engine.ts";

/** One engine in one round: jobs a second, and milliseconds from an answered enqueueing to the beginning of the work. */
export interface Measured {
  readonly enqueue: number;
  readonly process: number;
  readonly cycles: number;
  readonly starts: readonly number[];
}

const STARTS = 200;

/** A pile put in, and taken away; then as many again, both at once; then one at a time, on the tables with all of those in them. */
export async function measureEngine(
  engine: Engine,
  { cycles, ...options }: EngineOptions & { readonly cycles: number },
): Promise<Measured> {
  await using opened = await engine.open(options);
  const measuring = openMeasuring(opened, options);
  return {
    enqueue: await measuring.enqueue(cycles),
    process: await measuring.process(cycles),
    cycles: await measuring.cycles(cycles),
    starts: await measuring.starts(STARTS),
  };
}
