import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { openCatalogue } from "./openCatalogue.ts";
import { createSimulator } from "./simulator/simulatorProvider.ts";
import type { ModelOffer, Provider } from "./Provider.ts";

async function openProvider() {
  const folder = await temporaryFolder();
  const provider = createSimulator({ file: join(folder.path, "simulator.jsonl"), clock: Date.now });
  return { provider, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** The same provider under another name, with so many slots of its own and of its first model. */
function like(provider: Provider, name: string, slots: { own?: number; first?: number } = {}): Provider {
  const models = provider.models.map((offer, index): ModelOffer => ({
    ...offer,
    id: offer.id.replace("sim/", `${name}/`),
    ...(index === 0 && slots.first !== undefined ? { slots: slots.first } : {}),
  }));
  return { ...provider, name, models, ...(slots.own === undefined ? {} : { slots: slots.own }) };
}

it("[P7] names a limit for each provider and model that has one, and none for the others", async () => {
  await using opened = await openProvider();
  const { provider } = opened;
  const [first] = provider.models;
  const limitsOf = (...providers: readonly Provider[]) => openCatalogue(providers).limits;
  expect(limitsOf(provider)).toEqual([]);
  expect(limitsOf(like(provider, "a", { own: 2 }), like(provider, "b", { first: 1 }), like(provider, "c"))).toEqual([
    { provider: "a", slots: 2 },
    { model: first?.id.replace("sim/", "b/"), slots: 1 },
  ]);
  expect(limitsOf(like(provider, "a", { own: 3, first: 1 }))).toEqual([
    { provider: "a", slots: 3 },
    { model: first?.id.replace("sim/", "a/"), slots: 1 },
  ]);
});

it("[P1] says what a process can work on, and finds models and providers by their names alone", async () => {
  await using opened = await openProvider();
  const [a, b] = [like(opened.provider, "a"), like(opened.provider, "b")];
  const catalogue = openCatalogue([a, b]);
  const ids = [...a.models, ...b.models].map(({ id }) => id);
  expect(catalogue.offered).toEqual({ models: ids, providers: ["a", "b"] });
  expect(catalogue.find("b/image")?.provider).toBe(b);
  expect([catalogue.provider("a"), catalogue.provider("c"), catalogue.find("a")]).toEqual([a, null, null]);
  expect(catalogue.defaultFor("video")?.offer.id).toBe("a/video");
});

it("refuses two models or two providers of one name", async () => {
  await using opened = await openProvider();
  const a = like(opened.provider, "a");
  expect(() => openCatalogue([a, { ...a, name: "b" }])).toThrow("model of the same name");
  expect(() => openCatalogue([a, { ...like(opened.provider, "b"), name: "a" }])).toThrow("the same name");
});
