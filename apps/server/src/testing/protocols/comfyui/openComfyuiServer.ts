import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { simulatedOutput } from "../../../providers/simulator/simulatedOutput.ts";
import { openProtocolServer } from "../openProtocolServer.ts";
import { coreNodes, objectInfo } from "./coreNodes.ts";
import { validatePrompt } from "./validatePrompt.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import type { ProtocolServer } from "../openProtocolServer.ts";
import type { PromptGraph } from "./validatePrompt.ts";

// ComfyUI as its server.py, execution.py, main.py and comfy_execution/progress.py have it (2026-11): one prompt runs at a time,
// the others wait; all that is known of them lies in memory, and is gone with a crash; files stay. What a prompt comes to
// is written in its words: see `Ending`.

export interface ComfyuiOptions {
  /** Of the server: older ones cannot do everything. */
  readonly version?: string;
  /** Asked for as a bearer by what guards it; none unless given. */
  readonly token?: string;
  readonly checkpoints?: readonly string[];
  /** How long a step of a sampler takes. */
  readonly stepMs?: number;
}

export interface ComfyuiServer extends ProtocolServer {
  /** Its process dies and starts again: queue, history and sockets are gone. */
  readonly crash: () => void;
  /** Somebody clears the queue's or the history's list at ComfyUI itself. */
  readonly clearHistory: () => void;
  /** Somebody empties the output folder. */
  readonly emptyOutputs: () => void;
  /** Begins to run what waits; with `held`, nothing runs before. */
  readonly hold: (held: boolean) => void;
  /** How often it began to run a prompt. */
  readonly runs: readonly string[];
  /** The graphs that it was given, by prompt id. */
  readonly graphs: ReadonlyMap<string, PromptGraph>;
  readonly uploads: ReadonlyMap<string, Buffer>;
  readonly sockets: () => number;
  /** Ends every socket, as a proxy does now and then. */
  readonly hangUp: () => void;
  /** To whoever listens as this client; everybody without one. */
  readonly tell: (message: string | Uint8Array, clientId?: string) => void;
}

/** By a word in the prompt: never ends by itself, or ends in this. */
const ENDINGS = {
  "[slow]": "never",
  "[oom]": {
    exception_type: "torch.OutOfMemoryError",
    exception_message:
      "Allocation on device 0 would exceed allowed memory. (out of memory)\nThis error means you ran out of memory on your GPU.",
  },
  "[broken]": {
    exception_type: "RuntimeError",
    exception_message: "mat1 and mat2 shapes cannot be multiplied (77x2048 and 768x320)\n",
  },
  "[nothing]": "saves nothing",
  "[strange]": "a status of its own",
} as const;
type Ending = (typeof ENDINGS)[keyof typeof ENDINGS] | "done";

type Item = readonly [
  number: number,
  id: string,
  graph: PromptGraph,
  extra: Readonly<Record<string, unknown>>,
  outputs: readonly string[],
];

const STEPS = 4;
const CANONICAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const promptBody = z.looseObject({
  prompt: z.unknown().optional(),
  prompt_id: z.union([z.string(), z.number()]).nullish(),
  client_id: z.string().optional(),
  number: z.number().optional(),
  extra_data: z.record(z.string(), z.unknown()).default({}),
});
const listBody = z.looseObject({ clear: z.boolean().optional(), delete: z.array(z.string()).default([]) });
const interruptBody = z.looseObject({ prompt_id: z.string().optional() });

export async function openComfyuiServer({
  version = "0.36.0",
  token,
  checkpoints = ["sd_xl_base_1.0.safetensors"],
  stepMs = 5,
}: ComfyuiOptions = {}): Promise<ComfyuiServer> {
  const since = (...wanted: readonly number[]): boolean => isAtLeast(version, wanted);
  const classes = coreNodes(checkpoints);
  const uploads = new Map<string, Buffer>();
  const files = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  const clients = new Map<string, WebSocket>();
  const graphs = new Map<string, PromptGraph>();
  const runs: string[] = [];
  let memory = newMemory();
  let held = false;
  let closed = false;

  function newMemory() {
    return {
      waiting: [] as Item[],
      running: null as { item: Item; interrupted: boolean } | null,
      history: new Map<string, unknown>(),
      number: 0,
    };
  }

  const tell = (message: string | Uint8Array, clientId?: string): void => {
    for (const [id, socket] of clients) if (clientId === undefined || clientId === id) socket.send(message);
  };
  const send = (type: string, data: Readonly<Record<string, unknown>>, clientId?: string): void =>
    tell(JSON.stringify({ type, data }), clientId);
  const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, stepMs));

  async function work(): Promise<void> {
    const mine = memory;
    if (mine.running !== null || held || closed) return;
    const item = mine.waiting.toSorted(([a], [b]) => a - b)[0];
    if (item === undefined) return;
    mine.waiting.splice(mine.waiting.indexOf(item), 1);
    const running = { item, interrupted: false };
    mine.running = running;
    const [, id, graph, extra, outputs] = item;
    runs.push(id);
    const client = typeof extra["client_id"] === "string" ? extra["client_id"] : "";
    const messages: [string, Record<string, unknown>][] = [];
    const note = (event: string, data: Record<string, unknown>): void => {
      const dated = { ...data, prompt_id: id, timestamp: Date.now() };
      messages.push([event, dated]);
      send(event, dated, client);
    };
    note("execution_start", {});
    note("execution_cached", { nodes: [] });
    const ending = endingOf(graph);
    const sampler = Object.keys(graph).find((node) => graph[node]?.class_type === "KSampler") ?? outputs[0] ?? "";
    send("executing", { node: sampler, display_node: sampler, prompt_id: id }, client);
    const steps = ending === "never" ? Number.POSITIVE_INFINITY : STEPS;
    for (let step = 1; step <= steps && !running.interrupted; step += 1) {
      await pause();
      if (mine !== memory || closed) return;
      const value = Math.min(step, STEPS - (ending === "never" ? 1 : 0));
      const state = {
        value,
        max: STEPS,
        state: "running",
        node_id: sampler,
        prompt_id: id,
        display_node_id: sampler,
        parent_node_id: null,
        real_node_id: sampler,
      };
      send("progress_state", { prompt_id: id, nodes: { [sampler]: state } }, client);
      send("progress", { value, max: STEPS, prompt_id: id, node: sampler }, client);
      // A preview: the kind of event and of picture, four bytes each, and the picture.
      tell(Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]), Buffer.from("a JPEG")]), client);
    }
    const node = { node_id: sampler, node_type: graph[sampler]?.class_type, executed: [] };
    const saved: Record<string, unknown> = {};
    if (running.interrupted) note("execution_interrupted", node);
    else if (typeof ending === "object")
      note("execution_error", {
        ...node,
        ...ending,
        traceback: ["  File …"],
        current_inputs: { text: ["a secret"] },
        current_outputs: [],
      });
    else {
      for (const output of ending === "saves nothing" ? [] : outputs) {
        const ui = await save(output, item);
        if (mine !== memory || closed) return;
        saved[output] = ui;
        send("executed", { node: output, display_node: output, output: ui, prompt_id: id }, client);
      }
      note("execution_success", {});
    }
    const good = !running.interrupted && typeof ending !== "object";
    mine.history.set(id, {
      prompt: item,
      outputs: saved,
      status: {
        status_str: ending === "a status of its own" ? "paused" : good ? "success" : "error",
        completed: good,
        messages,
      },
      meta: {},
    });
    mine.running = null;
    send("executing", { node: null, prompt_id: id }, client);
    void work();
  }

  /** A file of the folder `output`, as the node tells of it. */
  async function save(output: string, [number, id, graph]: Item): Promise<unknown> {
    const { class_type: name = "", inputs = {} } = graph[output] ?? {};
    const type = classes[name]?.saves ?? "image";
    const prefix = String(inputs["filename_prefix"]).split("/");
    const filename = `${prefix.pop()}_${String(number + 1).padStart(5, "0")}_.${type === "image" ? "png" : "mp4"}`;
    const latent = Object.values(graph).find(({ inputs: { width } }) => typeof width === "number")?.inputs ?? {};
    const params = {
      aspectRatio: `${Number(latent["width"] ?? 16)}:${Number(latent["height"] ?? 9)}`,
      durationMs: 1_000,
      seed: number,
    };
    const bytes = await simulatedOutput({ clientRef: id, model: name, type, prompt: "", params });
    files.set([...prefix, filename].join("/"), { bytes, type: type === "image" ? "image/png" : "video/mp4" });
    const entry = { filename, subfolder: prefix.join("/"), type: "output" };
    return type === "image" ? { images: [entry] } : { images: [entry], animated: [true] };
  }

  function interrupt(id?: string): boolean {
    const { running } = memory;
    if (running === null || (id !== undefined && running.item[1] !== id)) return false;
    running.interrupted = true;
    return true;
  }

  function dequeue(id: string): boolean {
    const at = memory.waiting.findIndex(([, waiting]) => waiting === id);
    if (at >= 0) memory.waiting.splice(at, 1);
    return at >= 0;
  }

  async function post(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { prompt, prompt_id: given, client_id: client, number, extra_data: extra } = promptBody.parse(request.body);
    if (prompt === undefined)
      return reply.code(400).send({
        error: { type: "no_prompt", message: "No prompt provided", details: "No prompt provided", extra_info: {} },
        node_errors: {},
      });
    if (since(0, 30) && given !== undefined && given !== null && !(typeof given === "string" && CANONICAL.test(given)))
      return reply.code(400).send({
        error: { type: "invalid_prompt_id", message: "prompt_id must be a valid UUID", details: "", extra_info: {} },
        node_errors: {},
      });
    const id = since(0, 3, 45) && typeof given === "string" ? given : randomUUID();
    const valid = validatePrompt({ classes, hasFile: (name) => uploads.has(name) }, prompt);
    if ("error" in valid) return reply.code(400).send(valid);
    graphs.set(id, valid.graph);
    const place = number ?? memory.number++;
    memory.waiting.push([
      place,
      id,
      valid.graph,
      { ...extra, ...(client === undefined ? {} : { client_id: client }), create_time: Date.now() },
      valid.outputs,
    ]);
    send("status", { status: { exec_info: { queue_remaining: memory.waiting.length } } });
    // After the answer: it is another thread that runs it.
    setImmediate(() => void work());
    return { prompt_id: id, number: place, node_errors: {} };
  }

  const served = await openProtocolServer((app) => {
    // An interrupt may come without a body.
    app.removeContentTypeParser("application/json");
    app.addContentTypeParser(
      "application/json",
      { parseAs: "string" },
      async (_request: FastifyRequest, body: string) => (body === "" ? {} : (JSON.parse(body) as unknown)),
    );
    app.addContentTypeParser(
      "multipart/form-data",
      { parseAs: "buffer" },
      async (request: FastifyRequest, body: Buffer) =>
        new Response(new Uint8Array(body), {
          headers: { "content-type": request.headers["content-type"] ?? "" },
        }).formData(),
    );
    app.addHook("onRequest", async (request, reply) => {
      if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
        return reply.code(401).send("Authentication required.");
    });
    // Every route is there a second time, below /api.
    for (const base of ["", "/api"]) {
      app.post(`${base}/prompt`, { config: { step: "submit" } }, post);
      app.get(`${base}/prompt`, async () => ({ exec_info: { queue_remaining: memory.waiting.length } }));
      app.get(`${base}/queue`, { config: { step: "queue" } }, async () => ({
        queue_running: memory.running === null ? [] : [memory.running.item],
        queue_pending: memory.waiting,
      }));
      app.post(`${base}/queue`, { config: { step: "dequeue" } }, async ({ body }, reply) => {
        const { clear, delete: ids } = listBody.parse(body);
        if (clear === true) memory.waiting.length = 0;
        for (const id of ids) dequeue(id);
        return reply.send();
      });
      app.post(`${base}/interrupt`, { config: { step: "interrupt" } }, async ({ body }, reply) => {
        const { prompt_id: id } = interruptBody.parse(body ?? {});
        interrupt(since(0, 3, 57) ? id : undefined);
        return reply.send();
      });
      app.get<{ Querystring: { max_items?: string } }>(
        `${base}/history`,
        { config: { step: "history" } },
        async ({ query }) =>
          Object.fromEntries([...memory.history].slice(-Number(query.max_items ?? memory.history.size))),
      );
      app.get<{ Params: { id: string } }>(
        `${base}/history/:id`,
        { config: { step: "history" } },
        async ({ params: { id } }) => (memory.history.has(id) ? { [id]: memory.history.get(id) } : {}),
      );
      app.get<{ Querystring: { filename?: string; subfolder?: string; type?: string } }>(
        `${base}/view`,
        { config: { step: "view" } },
        async ({ query: { filename = "", subfolder = "", type = "output" } }, reply) => {
          if (filename.startsWith("/") || filename.includes("..")) return reply.code(400).send();
          const path = subfolder === "" ? filename : `${subfolder}/${filename}`;
          const file = type === "output" ? files.get(path) : undefined;
          if (file === undefined) return reply.code(404).send();
          return reply.type(file.type).header("content-disposition", `filename="${filename}"`).send(file.bytes);
        },
      );
      app.post(`${base}/upload/image`, { config: { step: "upload" } }, async ({ body }, reply) => {
        const form = body instanceof FormData ? body : new FormData();
        const image = form.get("image");
        if (!(image instanceof File)) return reply.code(400).send();
        const subfolder = textIn(form, "subfolder");
        uploads.set(
          subfolder === "" ? image.name : `${subfolder}/${image.name}`,
          Buffer.from(await image.arrayBuffer()),
        );
        return { name: image.name, subfolder, type: textIn(form, "type") };
      });
      app.get<{ Params: { name: string } }>(
        `${base}/object_info/:name`,
        { config: { step: "info" } },
        async ({ params: { name } }) => {
          const found = classes[name];
          return found === undefined ? {} : objectInfo(name, found);
        },
      );
      app.get(`${base}/object_info`, async () =>
        Object.assign({}, ...Object.entries(classes).map(([name, found]) => objectInfo(name, found))),
      );
      app.get(`${base}/system_stats`, { config: { step: "stats" } }, async () => ({
        system: {
          os: "posix",
          comfyui_version: version,
          python_version: "3.13",
          pytorch_version: "2.9",
          embedded_python: false,
          argv: ["main.py"],
        },
        devices: [{ name: "cuda:0 Simulated", type: "cuda", index: 0, vram_total: 24e9, vram_free: 20e9 }],
      }));
    }
    // Below /api alone, and since 2026-06.
    app.post<{ Params: { id: string } }>(
      "/api/jobs/:id/cancel",
      { config: { step: "cancel" } },
      async ({ params: { id } }, reply) => {
        if (!since(0, 30)) return reply.code(405).send("405: Method Not Allowed");
        return { cancelled: interrupt(id) || dequeue(id) };
      },
    );

    const sockets = new WebSocketServer({ noServer: true });
    app.server.on("upgrade", (request, socket, head) => {
      const url = new URL(request.url ?? "/", "http://comfyui");
      if (url.pathname.replace(/^\/api/, "") !== "/ws") return void socket.destroy();
      if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
        return void socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      sockets.handleUpgrade(request, socket, head, (client) => {
        const id = url.searchParams.get("clientId") ?? randomUUID();
        clients.set(id, client);
        client.on("close", () => clients.delete(id));
        send("status", { status: { exec_info: { queue_remaining: memory.waiting.length } }, sid: id }, id);
      });
    });
    app.addHook("preClose", async () => hangUp());
  });

  function hangUp(): void {
    for (const client of clients.values()) client.terminate();
    clients.clear();
  }

  return {
    ...served,
    crash: () => {
      memory = newMemory();
      hangUp();
    },
    clearHistory: () => memory.history.clear(),
    emptyOutputs: () => files.clear(),
    hold: (wanted) => {
      held = wanted;
      void work();
    },
    runs,
    graphs,
    uploads,
    sockets: () => clients.size,
    hangUp,
    tell,
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await served[Symbol.asyncDispose]();
    },
  };
}

function endingOf(graph: PromptGraph): Ending {
  const words = JSON.stringify(graph);
  return Object.entries(ENDINGS).find(([word]) => words.includes(word))?.[1] ?? "done";
}

function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const numbers = version.split(".").map(Number);
  const differing = wanted.findIndex((number, place) => numbers[place] !== number);
  return differing === -1 || (numbers[differing] ?? 0) > (wanted[differing] ?? 0);
}
