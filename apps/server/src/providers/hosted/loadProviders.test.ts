import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { realTimers } from "../../Timers.ts";
import { openProtocolServer } from "../../testing/protocols/openProtocolServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import { turnedOn } from "../../testing/turnedOn.ts";
import { simulatedOutput } from "../simulator/simulatedOutput.ts";
import { loadProviders } from "./loadProviders.ts";
import { openHosted } from "./openHosted.ts";
import { parseHosted } from "./parseHosted.ts";
import { ProviderUnusable } from "./ProviderUnusable.ts";
import type { SubmitRequest } from "../Provider.ts";

const EXAMPLE = fileURLToPath(new URL("../../../../../docs/examples/acme-provider.js", import.meta.url));

async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder.path, path, ".."), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  return folder;
}

async function complaint(files: Readonly<Record<string, string>>, named: string): Promise<string> {
  await using folder = await folderWith(files);
  return await loadProviders({ REELSTATE_PROVIDERS: named }, folder.path).then(
    () => "",
    (error: unknown) => {
      if (error instanceof ProviderUnusable) return error.message;
      throw error;
    },
  );
}

/** What is made here comes as a file: nothing of it is put by. */
const unused = (): Promise<never> => Promise.reject(new Error("Nothing is to be kept."));
const STUDIO = { ...realTimers, storage: { put: unused, get: unused }, log: pino({ level: "silent" }) };

const WHOLE = `export const provider = { name: "mine", keyVariable: null, homeVariable: "MINE_URL", defaultHome: null, create: () => ({}) };`;

describe("providers that somebody else wrote", () => {
  it("are found as a package and as a file, after those that come with the studio", async () => {
    await using folder = await folderWith({
      "node_modules/reelstate-mine/package.json": `{"name":"reelstate-mine","type":"module","exports":{"import":"./it.js"}}`,
      "node_modules/reelstate-mine/it.js": WHOLE,
      "other.mjs": WHOLE.replace("mine", "other"),
    });
    const own = await loadProviders({}, folder.path);
    const all = await loadProviders({ REELSTATE_PROVIDERS: "reelstate-mine, ./other.mjs" }, folder.path);
    expect(all.slice(0, own.length)).toEqual(own);
    expect(all.slice(own.length).map(({ name }) => name)).toEqual(["mine", "other"]);
  });

  it.each([
    ["is not there", {}, "nobody-made-this", /nobody-made-this: it is not found from .+; install it/],
    ["is no file", {}, "./not-there.mjs", /not-there\.mjs: it is not found/],
    ["cannot be loaded", { "a.mjs": "throw new Error('no luck')" }, "./a.mjs", /a\.mjs: it cannot be loaded: no luck/],
    ["exports something else", { "a.mjs": "export default 1" }, "./a.mjs", /does not export `provider`/],
    [
      "has a name that cannot be kept",
      { "a.mjs": WHOLE.replace('"mine"', '"My one"') },
      "./a.mjs",
      /provider\.name must be lower case/,
    ],
    [
      "is called by nothing",
      { "a.mjs": WHOLE.replace('"mine",', '"mine", label: " ",') },
      "./a.mjs",
      /provider\.label must be what people call it, or left out/,
    ],
    [
      "lacks a variable",
      { "a.mjs": WHOLE.replace('homeVariable: "MINE_URL",', "") },
      "./a.mjs",
      /provider\.homeVariable/,
    ],
    [
      "creates nothing",
      { "a.mjs": WHOLE.replace("() => ({})", "1") },
      "./a.mjs",
      /provider\.create must be a function/,
    ],
    ["is there twice", { "a.mjs": WHOLE, "b.mjs": WHOLE }, "./a.mjs,./b.mjs", /its name mine is taken/],
  ])("one that %s is refused with its name, what is wrong and what to do", async (_what, files, named, words) => {
    expect(await complaint(files, named)).toMatch(words);
  });

  it("one that makes no whole provider is refused when it is opened, naming the field", async () => {
    await using folder = await folderWith({ "a.mjs": WHOLE });
    const providers = await loadProviders({ REELSTATE_PROVIDERS: "./a.mjs" }, folder.path);
    const parsed = parseHosted(providers, { MINE_URL: "http://127.0.0.1:9" }, folder.path);
    const settings = (await turnedOn(parsed)).at(-1);
    if (settings === undefined) throw new Error("It is not turned on.");
    expect(() => openHosted(settings, STUDIO)).toThrow(/mine cannot be used: submit must be a function/);
  });
});

interface AcmeJob {
  readonly id: string;
  readonly reference: string;
  readonly prompt: string;
  /** How often it was asked about. */
  reads: number;
  stopped: boolean;
}

/** Acme, as the example takes it to be: made when it is asked about the second time. A prompt of "slow" works until it is stopped. */
async function openAcme() {
  const jobs = new Map<string, AcmeJob>();
  const stateOf = ({ stopped, prompt, reads }: AcmeJob): string => {
    if (stopped) return "stopped";
    return prompt === "slow" || reads < 2 ? "working" : "made";
  };
  const server = await openProtocolServer((app) => {
    app.addHook("onRequest", async ({ headers }, reply) => {
      if (headers.authorization !== "Bearer k-1") await reply.code(401).send({ code: "key" });
    });
    app.post<{ Body: { reference: string; prompt: string } }>(
      "/v1/jobs",
      { config: { step: "submit" } },
      async ({ body }, reply) => {
        if (body.prompt === "forbidden") return reply.code(422).send({ code: "declined" });
        const known = [...jobs.values()].find(({ reference }) => reference === body.reference);
        const job = known ?? { ...body, id: `acme-${jobs.size + 1}`, reads: 0, stopped: false };
        jobs.set(job.id, job);
        return { id: job.id };
      },
    );
    app.get<{ Params: { id: string } }>("/v1/jobs/:id", { config: { step: "poll" } }, async ({ params }, reply) => {
      const job = jobs.get(params.id);
      if (job === undefined) return reply.code(404).send({ code: "unknown" });
      job.reads += 1;
      return { state: stateOf(job), done: 0.5, file: `${server.url.origin}/v1/files/${job.id}` };
    });
    app.delete<{ Params: { id: string } }>("/v1/jobs/:id", async ({ params }) => {
      const job = jobs.get(params.id);
      if (job !== undefined) job.stopped = true;
      return {};
    });
    app.get("/v1/files/:id", { config: { step: "file" } }, async (_request, reply) => {
      const request = { ...FOG, clientRef: "any" };
      return reply.type("image/png").send(await simulatedOutput(request, undefined));
    });
  });
  return server;
}

const FOG: Omit<SubmitRequest, "clientRef"> = {
  model: "acme/dreams",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "16:9" },
  inputPaths: [],
};

async function openExample() {
  const server = await openAcme();
  const providers = await loadProviders({ REELSTATE_PROVIDERS: EXAMPLE }, "/");
  const parsed = parseHosted(providers, { ACME_KEY: "k-1", ACME_BASE_URL: `${server.url.origin}/v1` }, "/");
  const [settings] = await turnedOn(parsed);
  if (settings === undefined) throw new Error("The example is not turned on.");
  const provider = openHosted(settings, STUDIO);
  return {
    server,
    provider,
    quick: (clientRef: string) => ({ ...FOG, clientRef }),
    slow: (clientRef: string) => ({ ...FOG, clientRef, prompt: "slow" }),
    async [Symbol.asyncDispose]() {
      await provider.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

providerContract("example", openExample);

describe("the example of docs/providers.md", () => {
  const { signal } = new AbortController();

  it("is called what it says it is called", async () => {
    await using at = await openExample();
    expect([at.provider.name, at.provider.label]).toEqual(["acme", "Acme"]);
  });

  it("[P2] asks again after a lost answer and has one request", async () => {
    await using at = await openExample();
    at.server.fault({ step: "submit", reply: "lost" });
    const request = at.quick("job-1");
    const error = await at.provider.submit(request, signal).catch((thrown: unknown) => thrown);
    expect(at.provider.classifyError(error)).not.toHaveProperty("notAccepted");
    expect(await at.provider.submit(request, signal)).toEqual({ providerRef: "acme-1" });
  });

  it("[J5] says what a refusal was", async () => {
    await using at = await openExample();
    const error = await at.provider
      .submit({ ...FOG, clientRef: "job-1", prompt: "forbidden" }, signal)
      .catch((thrown: unknown) => thrown);
    expect(at.provider.classifyError(error)).toMatchObject({ code: "content_policy_input", notAccepted: true });
  });
});
