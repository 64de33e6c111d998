import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { createCacheWriter } from "./cacheWriter.ts";
import { modelStudio } from "./testing/modelStudio.ts";
import { projects } from "./testing/studioSteps.ts";

it("[E3] [E5] an answer that was on its way while all that was known became void is not shown", () => {
  const writer = createCacheWriter(new QueryClient(), { after: () => () => {} });
  const asset = modelStudio().create("image", projects[0]);
  writer.apply([{ kind: "head", seq: 1, feedId: "before" }]);
  const late = writer.asking();
  writer.apply([{ kind: "head", seq: 5, feedId: "after a restart" }]);
  late.applyAssets([asset]);
  expect(writer.knowledge.get().assets.size).toBe(0);
  writer.asking().applyAssets([asset]);
  expect(writer.knowledge.get().assets.get(asset.id)?.asset).toBe(asset);
  late.removeAsset(asset.id);
  expect(writer.knowledge.get().assets.size).toBe(1);
  writer.asking().removeAsset(asset.id);
  expect(writer.knowledge.get().assets.size).toBe(0);
});
