import { setImmediate as turn } from "node:timers/promises";
import { BEGINNING } from "./World.ts";
import { forbidRealTime } from "./clock/forbidRealTime.ts";
import { addLife, nothing } from "./command/Sum.ts";
import { openTemplate } from "./openTemplate.ts";
import { playLife } from "./playLife.ts";

// A process of its own that plays every `step`th seed from `first` on, and tells its parent as it goes.

const [first = 1, runs = 1, step = 1] = process.argv.slice(2).map(Number);
/** Lives between two reports. */
const TELL_EVERY = 20;

using template = await openTemplate();
forbidRealTime(() => BEGINNING);
let sum = nothing();
let before = process.cpuUsage();
for (let index = 0; index < runs; index += 1) {
  addLife(sum, await playLife(template, first + index * step));
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
