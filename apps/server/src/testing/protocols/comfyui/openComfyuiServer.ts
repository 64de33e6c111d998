import { randomUUID } from "node:crypto";
import { z } from "zod";
import { openProtocolServer } from "../openProtocolServer.ts";
import { coreNodes, objectInfo } from "./coreNodes.ts";
import { openComfyuiLines } from "./openComfyuiLines.ts";
import { openComfyuiQueue } from "./openComfyuiQueue.ts";
import { validatePrompt } from "./validatePrompt.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ProtocolServer } from "../openProtocolServer.ts";
import type { ComfyuiQueue } from "./openComfyuiQueue.ts";
import type { PromptGraph } from "./validatePrompt.ts";

// ComfyUI as its server.py, execution.py, main.py and comfy_execution/progress.py have it (2026-11): all that is known of prompts
// lies in memory, and is gone with a crash; files stay.

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
  readonly linger: ComfyuiQueue["linger"];
  readonly stateOf: ComfyuiQueue["stateOf"];
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
  const graphs = new Map<string, PromptGraph>();
  const lines = openComfyuiLines();
  const queue = openComfyuiQueue(lines, { classes, stepMs });
  const state = () => ({ exec_info: { queue_remaining: queue.waiting().length } });

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
    const marked = { ...extra, ...(client === undefined ? {} : { client_id: client }), create_time: Date.now() };
    const place = queue.enqueue(number, id, valid.graph, marked, valid.outputs);
    lines.send("status", { status: state() });
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
      app.get(`${base}/prompt`, async () => state());
      app.get(`${base}/queue`, { config: { step: "queue" } }, async () => {
        const running = queue.running();
        return { queue_running: running === null ? [] : [running], queue_pending: queue.waiting() };
      });
      app.post(`${base}/queue`, { config: { step: "dequeue" } }, async ({ body }, reply) => {
        const { clear, delete: ids } = listBody.parse(body);
        if (clear === true) queue.clear();
        for (const id of ids) queue.dequeue(id);
        return reply.send();
      });
      app.post(`${base}/interrupt`, { config: { step: "interrupt" } }, async ({ body }, reply) => {
        const { prompt_id: id } = interruptBody.parse(body ?? {});
        queue.interrupt(since(0, 3, 57) ? id : undefined);
        return reply.send();
      });
      app.get<{ Querystring: { max_items?: string } }>(
        `${base}/history`,
        { config: { step: "history" } },
        async ({ query }) => {
          const history = queue.history();
          return Object.fromEntries([...history].slice(-Number(query.max_items ?? history.size)));
        },
      );
      app.get<{ Params: { id: string } }>(
        `${base}/history/:id`,
        { config: { step: "history" } },
        async ({ params: { id } }) => (queue.history().has(id) ? { [id]: queue.history().get(id) } : {}),
      );
      app.get<{ Querystring: { filename?: string; subfolder?: string; type?: string } }>(
        `${base}/view`,
        { config: { step: "view" } },
        async ({ query: { filename = "", subfolder = "", type = "output" } }, reply) => {
          if (filename.startsWith("/") || filename.includes("..")) return reply.code(400).send();
          const path = subfolder === "" ? filename : `${subfolder}/${filename}`;
          const file = type === "output" ? queue.files.get(path) : undefined;
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
        return { cancelled: queue.interrupt(id) || queue.dequeue(id) };
      },
    );

    lines.attach(app.server, { token, status: state });
    app.addHook("preClose", async () => lines.hangUp());
  });

  return {
    ...served,
    crash: () => {
      queue.forget();
      lines.hangUp();
    },
    clearHistory: () => queue.history().clear(),
    emptyOutputs: () => queue.files.clear(),
    hold: queue.hold,
    linger: queue.linger,
    stateOf: queue.stateOf,
    runs: queue.runs,
    graphs,
    uploads,
    sockets: lines.count,
    hangUp: lines.hangUp,
    tell: lines.tell,
    [Symbol.asyncDispose]: async () => {
      queue.close();
      await served[Symbol.asyncDispose]();
    },
  };
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
