import { setImmediate as turn } from "node:timers/promises";
import { BEGINNING } from "../World.ts";
import { forbidRealTime } from "../clock/forbidRealTime.ts";
import { openTemplate } from "../openTemplate.ts";
import { playLife } from "../playLife.ts";
import { addLife, nothing } from "./Sum.ts";
import type { Breakage } from "../Breakage.ts";

/** Lives between two reports. */
const TELL_EVERY = 20;

/** In a process of its own: plays every `step`th seed from `first` on, and tells the parent process as it goes. */
export async function playChunk(what: readonly string[], breakage: Breakage): Promise<void> {
  const [first = 1, runs = 1, step = 1] = what.map(Number);
  using template = await openTemplate();
  forbidRealTime(() => BEGINNING);
  let sum = nothing();
  let before = process.cpuUsage();
  for (let index = 0; index < runs; index += 1) {
    addLife(sum, await playLife(template, first + index * step, { breakage }));
    if (sum.lives === TELL_EVERY || index === runs - 1) {
      const used = process.cpuUsage(before);
      before = process.cpuUsage();
      sum.cpuMs = (used.user + used.system) / 1_000;
      process.send?.(sum);
      sum = nothing();
      // A life leaves no turn of the event loop to what sends messages.
      await turn();
    }
  }
  process.disconnect?.();
}
