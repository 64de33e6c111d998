import { pino } from "pino";
import { parseConfig } from "../config.ts";
import { createSimulator } from "../providers/simulator/simulatorProvider.ts";
import { startStudio } from "../startStudio.ts";
import { temporaryFolder } from "./temporaryFolder.ts";
import type { ProviderCard } from "@reelstate/api";
import type { Asset } from "@reelstate/lifecycle";
import type { HostedProvider } from "../providers/hosted/HostedProvider.ts";

type Environment = Readonly<Record<string, string>>;

/** What a client got: the answer's data, or the refusal. */
export interface Told<T> {
  readonly status: number;
  readonly data: T;
  readonly error:
    | { readonly message: string; readonly data: { readonly why?: string; readonly field?: string } }
    | undefined;
}

/**
 * Whole studios, one after the other on one folder, with two providers that are set up in its settings, acme and other: simulators with a key.
 * Everything that is said is kept, to be searched.
 */
export async function openSettings(extra: readonly HostedProvider[] = [], always: Environment = {}) {
  const folder = await temporaryFolder();
  const said: string[] = [];
  /** With which key it was opened, and for which address. */
  const opened: string[] = [];
  // At the providers it passes when it is told to: whatever takes time there is under way until then.
  const time = { now: Date.now() };
  const log = pino({ level: "trace", base: null }, { write: (line) => void said.push(line) });
  const simulated = (name: string): HostedProvider => ({
    name,
    keyVariable: `${name.toUpperCase()}_KEY`,
    homeVariable: `${name.toUpperCase()}_URL`,
    defaultHome: `https://${name}.example/v1`,
    create: ({ key, outbound }) => {
      opened.push(`${key.reveal()} at ${outbound.home}`);
      const simulator = createSimulator({ file: `${folder.path}/${name}.jsonl`, clock: () => time.now });
      const models = simulator.models.map((offer) => ({ ...offer, id: offer.id.replace("sim/", `${name}/`) }));
      return { ...simulator, name, models };
    },
  });
  const providers = [simulated("acme"), simulated("other"), ...extra];

  async function start(env: Environment = {}) {
    const base = { DATA_DIR: folder.path, PORT: "0", DRAIN_MS: "0", SWEEP_MS: "100" };
    const studio = await startStudio(parseConfig({ ...base, ...always, ...env }, providers), log);

    async function ask<T>(path: string, init: RequestInit = {}): Promise<Told<T>> {
      const answer = await fetch(`${studio.url}/trpc/${path}`, init);
      const text = await answer.text();
      said.push(text);
      const { result, error } = JSON.parse(text) as { result?: { data: T }; error?: Told<T>["error"] };
      return { status: answer.status, data: result?.data as T, error };
    }
    const query = <T>(path: string, input: unknown = {}): Promise<Told<T>> =>
      ask(`${path}?input=${encodeURIComponent(JSON.stringify(input))}`);
    const call = <T>(path: string, input: unknown): Promise<Told<T>> =>
      ask(path, {
        method: "POST",
        body: JSON.stringify(input),
        headers: { "content-type": "application/json" },
      });
    const get = async (id: string): Promise<Asset> => (await query<Asset>("assets.get", { id })).data;

    return {
      ...studio,
      query,
      call,
      get,
      save: (change: Readonly<Record<string, unknown>>) =>
        call<ProviderCard>("settings.providers.save", { name: "acme", ...change }),
      list: async () => (await query<{ providers: ProviderCard[] }>("settings.providers.list")).data.providers,
      card: async (name = "acme"): Promise<ProviderCard | undefined> =>
        (await query<{ providers: ProviderCard[] }>("settings.providers.list")).data.providers.find(
          (card) => card.name === name,
        ),
      models: async () => (await query<{ id: string }[]>("models.list")).data.map(({ id }) => id),
      create: (script: Readonly<Record<string, unknown>> = {}, model = "acme/image") =>
        call<{ assets: readonly Asset[] }>("assets.create", {
          type: "image",
          prompt: "fog",
          model,
          params: /^(acme|other|sim)\//.test(model) ? { script: { queueMs: 0, runMs: 0, ...script } } : {},
        }),
    };
  }

  return {
    folder: folder.path,
    opened,
    said,
    start,
    pass: (ms: number): void => void (time.now += ms),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
