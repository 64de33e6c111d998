import { viewOf } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";

it("[U6] when a model is gone its assets say so, and asking for it all the same is refused by name", async () => {
  await using before = await openTestStudio();
  before.startWorker();
  const { id } = await before.ended((await before.create({ fail: { code: "internal", at: "submit" } })).id);
  expect((await before.get(id)).currentVersion).not.toHaveProperty("modelGone");
  await before.close();

  await using after = await openTestStudio({
    folder: before.folder,
    wrapProvider: (simulator) => ({ ...simulator, models: simulator.models.filter(({ type }) => type === "video") }),
  });
  const asset = await after.get(id);
  expect(asset.currentVersion).toMatchObject({ model: "sim/image", modelGone: true });
  expect(viewOf(asset).actions.map(({ type }) => type)).toEqual(["delete"]);
  for (const kind of ["retry", "regenerate", "recover"] as const) {
    await expect(after.api.assets[kind]({ id })).rejects.toThrow("The model sim/image is no longer offered here.");
  }
});
