import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import type { ProviderSetting } from "../../store/settings.ts";
import type { OpenReachable } from "../openStudio.ts";

const NOTHING: Omit<ProviderSetting, "name"> = {
  position: null,
  enabled: null,
  sealedKey: null,
  keyHome: null,
  home: null,
  atOnce: null,
  modelOrder: [],
  modelsOff: [],
};
const WHOLE = {
  enabled: false,
  sealedKey: "sealed “as it is”",
  keyHome: "https://gateway.example/v1",
  home: "https://gateway.example/v1",
  atOnce: 3,
  modelOrder: ["fal/b", "fal/a"],
  modelsOff: ["fal/c"],
};

/** What people set about providers: it is not looked into here, only kept, and told apart by its revision. */
export function settingsContract(open: OpenReachable): void {
  it("there is nothing at first, at revision 0", async () => {
    await using studio = await openStudio(open);
    expect(await studio.store.providerSettings()).toEqual({ revision: 0, settings: [] });
    expect(await studio.store.settingsRevision()).toBe(0);
  });

  it("a change keeps what it does not name, and null takes away; each has a revision of its own", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    await store.saveProviderSetting({ name: "fal", change: WHOLE });
    expect(await store.providerSettings()).toEqual({
      revision: 1,
      settings: [{ ...NOTHING, ...WHOLE, name: "fal" }],
    });
    await store.saveProviderSetting({ name: "fal", change: { atOnce: null, enabled: true } });
    await store.saveProviderSetting({ name: "comfyui", change: { home: "http://127.0.0.1:8188" } });
    expect(await store.settingsRevision()).toBe(3);
    expect((await store.providerSettings()).settings).toEqual([
      { ...NOTHING, name: "comfyui", home: "http://127.0.0.1:8188" },
      { ...NOTHING, ...WHOLE, name: "fal", atOnce: null, enabled: true },
    ]);
  });

  it("an order is one change, and takes nothing away from what it puts in order", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    await store.saveProviderSetting({ name: "fal", change: WHOLE });
    await store.orderProviders({ names: ["google", "fal"] });
    await store.saveProviderSetting({ name: "google", change: { enabled: false } });
    expect(await store.providerSettings()).toEqual({
      revision: 3,
      settings: [
        { ...NOTHING, ...WHOLE, name: "fal", position: 1 },
        { ...NOTHING, name: "google", position: 0, enabled: false },
      ],
    });
  });

  it("of many changes at one moment none is lost, and none has the revision of another", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    const changes = [{ enabled: true }, { home: "http://a" }, { atOnce: 2 }, { modelsOff: ["fal/a"] }];
    await Promise.all(changes.map((change) => store.saveProviderSetting({ name: "fal", change })));
    expect(await store.providerSettings()).toEqual({
      revision: changes.length,
      settings: [Object.assign({ ...NOTHING, name: "fal" }, ...changes)],
    });
  });

  it("a change wakes whoever works", async () => {
    await using studio = await openStudio(open);
    const woken = Promise.withResolvers<boolean>();
    studio.store.onWake(({ work }) => woken.resolve(work));
    await studio.store.saveProviderSetting({ name: "fal", change: { enabled: false } });
    expect(await woken.promise).toBe(true);
  });

  it("a key without the address it belongs to is refused by the table itself", async () => {
    await using reached = await open();
    await reached.store.saveProviderSetting({ name: "fal", change: WHOLE });
    await expect(reached.byStatement("UPDATE provider_setting SET key_home = NULL")).rejects.toThrow(/key_has_home/);
  });
}
