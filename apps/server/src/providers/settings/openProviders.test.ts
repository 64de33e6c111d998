import { pino } from "pino";
import { expect, it } from "vitest";
import { Secret } from "../../Secret.ts";
import { realTimers } from "../../Timers.ts";
import { parseHosted } from "../hosted/parseHosted.ts";
import { SIMULATED_MODELS } from "../simulator/simulatedModels.ts";
import { openProviders } from "./openProviders.ts";
import type { Limit, ProviderSetting } from "@reelstate/db";
import type { HostedProvider } from "../hosted/HostedProvider.ts";
import type { Provider } from "../Provider.ts";

const SETTING: ProviderSetting = {
  name: "one",
  position: null,
  enabled: null,
  sealedKey: "sealed",
  keyHome: "https://one.example",
  home: null,
  atOnce: null,
  modelOrder: [],
  modelsOff: [],
};
const never = (): Promise<never> => Promise.reject(new Error("Nothing is asked for here."));

interface Made {
  readonly name: string;
  /** Of its only model. */
  readonly model?: string;
  readonly breaks?: string;
}

/** Providers over a store of hand-made settings that wakes nobody, and a clock that goes when it is told to. */
function openWorld(made: readonly Made[], env: Readonly<Record<string, string>> = {}) {
  const settings: ProviderSetting[] = [];
  const limits: (readonly Limit[])[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  const due: (() => void)[] = [];
  const state = { revision: 0, away: false };
  const hosted = made.map(({ name, model = `${name}/a`, breaks }): HostedProvider => {
    const offer = { ...SIMULATED_MODELS[0], id: model } as Provider["models"][number];
    return {
      name,
      keyVariable: `${name.toUpperCase()}_KEY`,
      homeVariable: `${name.toUpperCase()}_URL`,
      defaultHome: `https://${name}.example`,
      create: ({ key }) => {
        if (breaks !== undefined) throw new Error(`${breaks} ${key.reveal()}`);
        opened.push(name);
        const close = async (): Promise<void> => void closed.push(name);
        const rest = { submit: never, status: never, fetchOutput: never, classifyError: () => never() as never, close };
        return { name, models: [offer], idempotentSubmit: false, pollMs: 1 as Provider["pollMs"], ...rest };
      },
    };
  });
  const parsed = parseHosted(hosted, env, "/nowhere");
  if ("flaws" in parsed) throw new Error(parsed.flaws.join());
  const asked = async <T>(value: () => T): Promise<T> => {
    if (state.away) throw new Error("The database is away.");
    return value();
  };
  const deps = {
    ...realTimers,
    after: (_ms: number, callback: () => void) => {
      due.push(callback);
      return () => {};
    },
    random: () => 0,
    log: pino({ level: "silent" }),
    storage: { put: never, get: never },
    sealing: { seal: never, unseal: async (sealed: string) => new Secret(`key in ${sealed}`) },
    store: {
      providerSettings: () => asked(() => ({ revision: state.revision, settings: [...settings] })),
      settingsRevision: () => asked(() => state.revision),
      setLimits: (set: readonly Limit[]) => asked(() => void limits.push(set)),
      onWake: () => () => {},
    },
  };
  return {
    state,
    limits,
    opened,
    closed,
    open: () => openProviders(deps, { fixed: [], known: parsed.known }),
    set: (setting: Partial<ProviderSetting>): void => {
      settings.splice(0, settings.length, ...settings.filter(({ name }) => name !== (setting.name ?? "one")));
      settings.push({ ...SETTING, ...setting });
      state.revision += 1;
    },
    /** The time comes at which it looks by itself. */
    tick: (): void => due.pop()?.(),
  };
}

it("a change is followed within moments also when its wake is lost, and after a while in which nothing could be asked", async () => {
  const world = openWorld([{ name: "one" }]);
  const providers = await world.open();
  expect([providers.catalogue.models, world.limits]).toEqual([[], [[]]]);
  world.set({ atOnce: 2 });
  world.state.away = true;
  world.tick();
  await expect(providers.refresh()).rejects.toThrow("away");
  world.state.away = false;
  world.tick();
  await expect.poll(() => providers.catalogue.models.map(({ offer }) => offer.id)).toEqual(["one/a"]);
  expect(world.limits).toEqual([[], [{ provider: "one", slots: 2 }]]);
  expect(providers.catalogue.kept).toEqual({ models: ["one/a"], providers: ["one"], awaited: [], settings: 1 });
  world.set({ atOnce: 2, enabled: false });
  world.tick();
  await expect.poll(() => providers.catalogue.models).toEqual([]);
  expect(providers.catalogue.offered).toEqual({ models: ["one/a"], providers: ["one"] });
  // Neither opened anew for that, nor told to the store again.
  expect([world.opened, world.limits.length]).toEqual([["one"], 2]);
  await providers.close();
  expect(world.closed).toEqual(["one"]);
});

it("[P6] one that cannot be opened as it was set up says why without its key, holds up nobody, and is waited for", async () => {
  const world = openWorld([{ name: "one", breaks: "No luck with" }, { name: "two" }]);
  world.set({});
  world.set({ name: "two", keyHome: "https://two.example" });
  const providers = await world.open();
  expect(providers.all().map(({ flaw }) => flaw)).toEqual(["No luck with [secret]", null]);
  expect(providers.catalogue.kept).toMatchObject({ models: ["two/a"], providers: ["two"], awaited: ["one"] });
  await providers.close();
});

it("one that the environment turns on and that cannot be opened is a reason not to start; what was opened is closed", async () => {
  const world = openWorld([{ name: "two" }, { name: "one", breaks: "No luck with" }], {
    ONE_KEY: "k-1",
    TWO_KEY: "k-2",
  });
  await expect(world.open()).rejects.toThrow("one: No luck with [secret]");
  expect(world.closed).toEqual(["two"]);
});

it("of two that offer a model of one name the second cannot be used", async () => {
  const world = openWorld([{ name: "one" }, { name: "two", model: "one/a" }]);
  world.set({});
  const providers = await world.open();
  world.set({ name: "two", keyHome: "https://two.example" });
  await providers.refresh();
  expect(providers.all().map(({ flaw }) => flaw)).toEqual([null, expect.stringContaining("one/a")]);
  expect(providers.catalogue.find("one/a")?.provider.name).toBe("one");
  await providers.close();
});
