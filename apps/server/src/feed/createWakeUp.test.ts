import { describe, expect, it } from "vitest";
import { realTimers } from "../Timers.ts";
import { createWakeUp } from "./createWakeUp.ts";

describe("a wake-up", () => {
  it("is heard when it comes between arming and waiting", async () => {
    let ring = (): void => {};
    const wake = createWakeUp(
      realTimers,
      (woken) => {
        ring = woken;
        return () => {};
      },
      new AbortController().signal,
    );
    wake.arm();
    ring();
    const at = Date.now();
    await wake.wait(5_000);
    expect(Date.now() - at).toBeLessThan(500);
    wake.arm();
    const again = Date.now();
    await wake.wait(60);
    expect(Date.now() - again).toBeGreaterThanOrEqual(50);
    wake.close();
  });
});
