import { StudioAway } from "@reelstate/api";
import { StoreUnavailable } from "@reelstate/db";
import { expect, it } from "vitest";
import { whereKept, whereRead } from "./refusals.ts";

const kept = (reason: StoreUnavailable["reason"]) =>
  whereKept(Promise.reject(new StoreUnavailable(reason, { cause: null })));

it.each([
  ["full", "disk_full"],
  ["locked", "unavailable"],
  ["broken", "unavailable"],
  ["unreachable", "unavailable"],
] as const)("[A1] what cannot be kept is refused in words: %s", async (reason, why) => {
  expect(await kept(reason)).toMatchObject({ ok: false, why });
});

it("[A1] of what may have been kept it is not said that nothing was done", async () => {
  await expect(kept("unconfirmed")).rejects.toThrow("went away while it was keeping this");
  await expect(kept("unconfirmed")).rejects.toBeInstanceOf(StudioAway);
});

it("[A1] what cannot be read at the moment is no bug, and a bug is not called so", async () => {
  const away = new StoreUnavailable("unreachable", { cause: null });
  await expect(whereRead(Promise.reject(away))).rejects.toBeInstanceOf(StudioAway);
  const bug = new Error("a bug");
  await expect(whereRead(Promise.reject(bug))).rejects.toBe(bug);
});
