import { pino } from "pino";
import { expect, it } from "vitest";
import { Secret } from "../../Secret.ts";
import { realTimers } from "../../Timers.ts";
import { parseHosted } from "../hosted/parseHosted.ts";
import { SIMULATED_MODELS } from "../simulator/simulatedModels.ts";
import { openProviders } from "./openProviders.ts";
import type { Limit, LimitsKept, ProviderSetting } from "@reelstate/db";
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
  /** Of its models; absent: one, of its own name. */
  readonly models?: readonly string[];
  /** The name that it gives itself when it is made. */
  readonly as?: string;
  readonly breaks?: string;
  /** It needs none, where it lives anyway. */
  readonly keyless?: true;
}

/** Providers over a store of hand-made settings that wakes nobody, and a clock that goes when it is told to. */
function openWorld(made: readonly Made[], env: Readonly<Record<string, string>> = {}, fixed: readonly Provider[] = []) {
  const settings: ProviderSetting[] = [];
  const limits: (readonly Limit[])[] = [];
  const kept: (LimitsKept | undefined)[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  const due: (() => void)[] = [];
  const state = { revision: 0, away: false, unreadable: false };
  const hosted = made.map(({ name, models: ids = [`${name}/a`], as = name, breaks, keyless }): HostedProvider => {
    const models = ids.map((id) => ({ ...SIMULATED_MODELS[0], id }) as Provider["models"][number]);
    return {
      name,
      keyVariable: keyless === true ? null : `${name.toUpperCase()}_KEY`,
      homeVariable: `${name.toUpperCase()}_URL`,
      defaultHome: `https://${name}.example`,
      create: ({ key }) => {
        if (breaks !== undefined) throw new Error(`${breaks} ${key.reveal()}`);
        opened.push(name);
        const close = async (): Promise<void> => void closed.push(name);
        const rest = { submit: never, status: never, fetchOutput: never, classifyError: () => never() as never, close };
        return { name: as, models, idempotentSubmit: false, pollMs: 1 as Provider["pollMs"], ...rest };
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
    sealing: {
      seal: never,
      unseal: async (sealed: string) => (state.unreadable ? null : new Secret(`key in ${sealed}`)),
    },
    store: {
      providerSettings: () => asked(() => ({ revision: state.revision, settings: [...settings] })),
      settingsRevision: () => asked(() => state.revision),
      setLimits: (set: readonly Limit[], keep?: LimitsKept) =>
        asked(() => {
          limits.push(set);
          kept.push(keep);
        }),
      onWake: () => () => {},
    },
  };
  return {
    state,
    limits,
    kept,
    opened,
    closed,
    open: () => openProviders(deps, { fixed, known: parsed.known }),
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

it("[P7] a process that cannot read a key leaves the limits of its provider to those that can, until the key is taken back", async () => {
  const world = openWorld([{ name: "one" }, { name: "two" }]);
  world.state.unreadable = true;
  world.set({ atOnce: 2 });
  const providers = await world.open();
  expect([world.limits, world.kept]).toEqual([[[]], [expect.objectContaining({ awaited: ["one"], models: [] })]]);
  world.set({ sealedKey: null, keyHome: null });
  await providers.refresh();
  expect(world.limits).toEqual([[], []]);
  expect(world.kept.at(-1)).toMatchObject({ awaited: [] });
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

it("[P6] one without a key that only the page has turned on is never a reason not to start; with its address in the environment it is", async () => {
  const made = [{ name: "one", breaks: "No luck", keyless: true }, { name: "two" }] as const;
  const byPage = openWorld(made, { TWO_KEY: "k-2" });
  byPage.set({ enabled: true, sealedKey: null, keyHome: null });
  const providers = await byPage.open();
  expect(providers.all().map(({ flaw }) => flaw)).toEqual([expect.stringContaining("No luck"), null]);
  expect(providers.catalogue.kept).toMatchObject({ models: ["two/a"], awaited: ["one"] });
  await providers.close();
  const byEnvironment = openWorld(made, { ONE_URL: "https://one.example", TWO_KEY: "k-2" });
  byEnvironment.set({ enabled: true, sealedKey: null, keyHome: null });
  await expect(byEnvironment.open()).rejects.toThrow("No luck");
});

it("of two that offer a model of one name the second cannot be used", async () => {
  const world = openWorld([{ name: "one" }, { name: "two", models: ["one/a"] }]);
  world.set({});
  const providers = await world.open();
  world.set({ name: "two", keyHome: "https://two.example" });
  await providers.refresh();
  expect(providers.all().map(({ flaw }) => flaw)).toEqual([null, expect.stringContaining("one/a")]);
  expect(providers.catalogue.find("one/a")?.provider.name).toBe("one");
  await providers.close();
});

it.each([
  ["offers a model twice", { name: "one", models: ["one/a", "one/a"] }, /offers one\/a twice/],
  ["is called as one of the studio's own", { name: "local", models: ["one/a"] }, /local is the name of another/],
  ["gives itself another name when it is made", { name: "one", as: "local" }, /called local when it is made, and one/],
])(
  "one that %s says so and is not used, where its key was entered in a page: the answer was a 500, and no start went well after it",
  async (_what, made, words) => {
    const fixed = { name: "local", models: [], close: async () => {} } as unknown as Provider;
    const world = openWorld([made, { name: "two" }], {}, [fixed]);
    const providers = await world.open();
    world.set({ name: made.name, keyHome: `https://${made.name}.example` });
    world.set({ name: "two", keyHome: "https://two.example" });
    await providers.refresh();
    const again = await world.open();
    for (const { all, catalogue } of [providers, again]) {
      expect(all().map(({ flaw }) => flaw)).toEqual([expect.stringMatching(words), null]);
      expect(catalogue.models.map(({ offer }) => offer.id)).toEqual(["two/a"]);
    }
    await providers.close();
    await again.close();
  },
);

it("of two that offer a model of one name the environment's has it, at whatever place: one that was put before it in a page kept the studio from starting", async () => {
  for (const position of [0, null]) {
    const world = openWorld([{ name: "two", models: ["one/a"] }, { name: "one" }], { ONE_KEY: "k-1" });
    world.set({ name: "two", keyHome: "https://two.example", position });
    const providers = await world.open();
    expect(providers.all().map(({ known, flaw }) => [known.provider.name, flaw])).toEqual([
      ["two", expect.stringContaining("one/a")],
      ["one", null],
    ]);
    expect(providers.catalogue.find("one/a")?.provider.name).toBe("one");
    await providers.close();
  }
});

it("of two of the environment that offer a model of one name the one that is turned off keeps the other from nothing", async () => {
  const world = openWorld([{ name: "one" }, { name: "two", models: ["one/a"] }], { ONE_KEY: "k-1", TWO_KEY: "k-2" });
  world.set({ name: "two", sealedKey: null, keyHome: null, position: 0, enabled: false });
  const providers = await world.open();
  expect(providers.catalogue.find("one/a")?.provider.name).toBe("one");
  await providers.close();
});

it("one that cannot be used is closed at once: it was opened anew at every change, and each stayed open", async () => {
  const world = openWorld([{ name: "one" }, { name: "two", models: ["one/a"] }, { name: "three", as: "four" }]);
  world.set({});
  world.set({ name: "two", keyHome: "https://two.example" });
  world.set({ name: "three", keyHome: "https://three.example" });
  const providers = await world.open();
  expect(world.closed).toEqual(["two", "three"]);
  world.set({ name: "three", sealedKey: null, keyHome: null });
  await providers.refresh();
  expect([world.opened, world.closed]).toEqual([
    ["one", "two", "three", "two"],
    ["two", "three", "two"],
  ]);
  await providers.close();
  expect(world.closed).toEqual(["two", "three", "two", "one"]);
});

it("one that is at work when another takes its model's name stays open, for what is under way", async () => {
  const world = openWorld([{ name: "one" }, { name: "two", models: ["one/a"] }]);
  world.set({ name: "two", keyHome: "https://two.example" });
  const providers = await world.open();
  world.set({});
  await providers.refresh();
  expect([providers.catalogue.find("one/a")?.provider.name, world.closed]).toEqual(["one", []]);
  await providers.close();
  expect(world.closed.toSorted()).toEqual(["one", "two"]);
});
