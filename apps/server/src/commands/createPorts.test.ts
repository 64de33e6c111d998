import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { CreateInput } from "@reelstate/api";

const FOG: CreateInput = { type: "image", prompt: "fog", model: "sim/image" };
const caller = { workspaceId: "default" as never };

describe("lists", () => {
  it("refuse a cursor that is not ours, by field", async () => {
    await using studio = await openTestStudio();
    const refusal = await studio.ports.assets.list(caller, { cursor: "'; DROP TABLE asset; --", limit: 10 });
    expect(refusal).toMatchObject({ ok: false, why: "invalid_input", field: "cursor" });
  });

  it("go on where a cursor points, and end", async () => {
    await using studio = await openTestStudio();
    await studio.api.assets.create({ ...FOG, count: 5 });
    const first = await studio.api.assets.list({ limit: 3 });
    const second = await studio.api.assets.list({ limit: 3, cursor: first.nextCursor ?? "" });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(5);
  });

  it("of models tell whose they are, their price and limits", async () => {
    await using studio = await openTestStudio();
    expect(await studio.api.models.list()).toMatchObject([
      { id: "sim/image", provider: "simulator", providerLabel: "Simulator", durationsMs: null, from: 6 },
      {
        id: "sim/video",
        providerLabel: "Simulator",
        durationsMs: { min: 1_000, max: 15_000, default: 4_000 },
        from: 24,
      },
    ]);
  });
});
