import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Caller, Outcome, StudioPorts } from "../ports.ts";

export const CALLER: Caller = { workspaceId: "w-1" as WorkspaceId };

/** One call that reached a port: its name, and what it was told after the caller. */
export type Heard = readonly [port: string, told: unknown];

export interface HandMade {
  readonly ports: StudioPorts;
  readonly heard: readonly Heard[];
}

/**
 * Ports that write down what they are told and answer the same to everything: this package is about parsing before
 * them and mapping after them. The server's suites ask the real ones.
 */
export function handMadePorts(
  answer: () => Outcome<never> | Promise<Outcome<never>>,
  feed?: StudioPorts["feed"],
): HandMade {
  const heard: Heard[] = [];
  const hears =
    (port: string) =>
    async (caller: Caller, told?: unknown): Promise<Outcome<never>> => {
      if (caller.workspaceId !== CALLER.workspaceId) throw new Error("Another workspace's caller.");
      heard.push([port, told]);
      return answer();
    };
  const views =
    (port: string) =>
    async (caller: Caller, told?: unknown): Promise<never> =>
      (await hears(port)(caller, told)) as never;
  const began =
    (port: string) =>
    (_caller: Caller, told: unknown): boolean => {
      heard.push([port, told]);
      return true;
    };
  return {
    heard,
    ports: {
      assets: {
        quote: hears("assets.quote"),
        create: hears("assets.create"),
        list: hears("assets.list"),
        get: hears("assets.get"),
        history: hears("assets.history"),
        cancel: hears("assets.cancel"),
        start: hears("assets.start"),
        delete: hears("assets.delete"),
      },
      jobs: { list: views("jobs.list") },
      models: { list: views("models.list") },
      projects: { list: views("projects.list"), create: hears("projects.create") },
      credits: { summary: views("credits.summary"), entries: views("credits.entries") },
      settings: {
        budget: { get: views("settings.budget.get"), set: hears("settings.budget.set") },
        providers: {
          list: views("settings.providers.list"),
          save: hears("settings.providers.save"),
          order: hears("settings.providers.order"),
          check: hears("settings.providers.check"),
        },
      },
      health: {
        watch: () => silence(),
        check: began("health.check"),
        repair: began("health.repair"),
      },
      feed: feed ?? { live: () => silence() },
    },
  };
}

async function* silence(): AsyncGenerator<never> {}
