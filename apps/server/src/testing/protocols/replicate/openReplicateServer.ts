import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { simulatedOutput } from "../../../providers/simulator/simulatedOutput.ts";
import { openProtocolServer } from "../openProtocolServer.ts";
import { MODEL_PAGES } from "./replicateInputs.ts";
import { momentOf } from "./ServedPrediction.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ProtocolServer } from "../openProtocolServer.ts";
import type { Course, ServedPrediction } from "./ServedPrediction.ts";

/**
 * Replicate's HTTP API for predictions of official models, as its documentation had it in 2026-11 ("HTTP API", "Prediction
 * lifecycle", "Data retention", "Rate limits", "Set deadlines for predictions"). Its time passes by itself, and faster when told.
 * Steps for faults: `submit`, `poll`, `list`, `cancel`, `file`, `download`.
 */
export interface ReplicateServer extends ProtocolServer {
  /** For `baseUrl`: what `https://api.replicate.com/v1` is otherwise. */
  readonly home: URL;
  /** What it has taken on, oldest first. */
  readonly predictions: readonly ServedPrediction[];
  /** What becomes of the predictions that are submitted from now on. */
  readonly follow: (course: Course | ((input: ServedPrediction["input"]) => Course)) => void;
  /** Lets time pass at once. */
  readonly pass: (ms: number) => void;
}

export const REPLICATE_TOKEN = "r8_Protocol0Server0Token";

const REQUEST = z.strictObject({
  input: z.record(z.string(), z.unknown()),
  stream: z.boolean().optional(),
  webhook: z.string().optional(),
  webhook_events_filter: z.array(z.enum(["start", "output", "logs", "completed"])).optional(),
});
const PREFER = /^wait(?:=(\d+))?$/;
const CANCEL_AFTER = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/;
const SHORTEST_DEADLINE_MS = 5_000;
const PAGE = 100;

export async function openReplicateServer(): Promise<ReplicateServer> {
  const predictions: ServedPrediction[] = [];
  let ahead = 0;
  let course: Course | ((input: ServedPrediction["input"]) => Course) = {};
  const now = () => Date.now() + ahead;
  const server = await openProtocolServer(speak);
  return {
    ...server,
    home: new URL("/v1", server.url),
    predictions,
    follow: (next) => void (course = next),
    pass: (ms) => void (ahead += ms),
  };

  function speak(app: FastifyInstance): void {
    // Its own client says JSON of every call, also of one that has no body.
    app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
      try {
        done(null, body === "" ? null : JSON.parse(String(body)));
      } catch {
        done(Object.assign(new Error("The body is no JSON."), { statusCode: 400 }));
      }
    });
    app.addHook("preHandler", async (request, reply) => {
      if (!request.url.startsWith("/v1/")) return;
      if (request.headers.authorization === `Bearer ${REPLICATE_TOKEN}`) return;
      await refuse(reply, 401, "Unauthenticated", "You did not pass a valid authentication token");
    });

    app.post<{ Params: { owner: string; name: string } }>(
      "/v1/models/:owner/:name/predictions",
      { config: { step: "submit" } },
      async (request, reply) => {
        const model = `${request.params.owner}/${request.params.name}`;
        const page = MODEL_PAGES[model];
        if (page === undefined) return refuse(reply, 404, "Not found", "The requested resource could not be found.");
        const body = z.strictObject({ ...REQUEST.shape, input: page.input }).safeParse(request.body);
        if (!body.success) return refuseFields(reply, body.error);
        const lifetime = lifetimeOf(request);
        if (lifetime === null)
          return refuse(reply, 400, "Invalid header", "Cancel-After must be a duration of 5s or more");
        const prediction: ServedPrediction = {
          id: crypto.randomUUID().replaceAll("-", "").slice(0, 26),
          model,
          input: body.data.input,
          course: typeof course === "function" ? course(body.data.input) : course,
          createdAt: now(),
          deadline: now() + lifetime,
          canceledAt: Number.POSITIVE_INFINITY,
        };
        predictions.push(prediction);
        await waited(prediction, request);
        return reply.code(201).send(shown(prediction, request));
      },
    );

    app.get("/v1/account", { config: { step: "account" } }, async () => ({
      type: "organization",
      username: "acme",
      name: "Acme Corp, Inc.",
      github_url: "https://github.com/acme",
    }));

    app.get<{ Params: { id: string } }>("/v1/predictions/:id", { config: { step: "poll" } }, async (request, reply) => {
      const found = predictions.find(({ id }) => id === request.params.id);
      return found === undefined ? unknown(reply) : shown(found, request);
    });

    app.get<{ Querystring: { created_after?: string; created_before?: string } }>(
      "/v1/predictions",
      { config: { step: "list" } },
      (request) => {
        const after = Date.parse(request.query.created_after ?? "1970-01-01");
        const before = Date.parse(request.query.created_before ?? "9999-01-01");
        const results = predictions.filter(({ createdAt }) => createdAt >= after && createdAt < before).toReversed();
        return { previous: null, next: null, results: results.slice(0, PAGE).map((one) => shown(one, request)) };
      },
    );

    app.post<{ Params: { id: string } }>(
      "/v1/predictions/:id/cancel",
      { config: { step: "cancel" } },
      async (request, reply) => {
        const found = predictions.find(({ id }) => id === request.params.id);
        if (found === undefined) return unknown(reply);
        if (momentOf(found, now()).endedAt === null) found.canceledAt = now();
        return shown(found, request);
      },
    );

    // Only that there is such a path: what is made does not lie here.
    app.get("/v1/files/:id/download", { config: { step: "download" } }, async (_request, reply) => unknown(reply));

    // Files lie elsewhere than the API, for whoever has the address.
    app.get<{ Params: { id: string } }>("/files/:id/output", { config: { step: "file" } }, async (request, reply) => {
      const found = predictions.find(({ id }) => id === request.params.id);
      if (found === undefined || momentOf(found, now()).removed)
        return reply.code(404).type("text/plain").send("Not found");
      const type = MODEL_PAGES[found.model]?.type ?? "image";
      return reply.type(type === "image" ? "image/png" : "video/mp4").send(await made(found, type));
    });
  }

  function shown(prediction: ServedPrediction, request: FastifyRequest) {
    const { id, model, input, course: own, createdAt, deadline } = prediction;
    const { status, startedAt, endedAt, removed } = momentOf(prediction, now());
    const file = `${request.protocol}://${request.host}/files/${id}/output`;
    const output = own.output === undefined ? outputOf(model, file) : own.output(file);
    const api = `${request.protocol}://${request.host}/v1/predictions/${id}`;
    return {
      id,
      model,
      version: "hidden",
      input: removed ? {} : input,
      logs: removed ? null : "",
      output: status === "succeeded" && !removed ? output : null,
      data_removed: removed,
      error: status === "failed" ? own.error : null,
      status: own.status ?? status,
      source: "api",
      created_at: new Date(createdAt).toISOString(),
      started_at: timeOf(startedAt),
      completed_at: timeOf(endedAt),
      ...(Number.isFinite(deadline) ? { deadline: timeOf(deadline) } : {}),
      metrics: endedAt === null ? {} : { predict_time: (endedAt - (startedAt ?? endedAt)) / 1_000 },
      urls: { get: api, cancel: `${api}/cancel`, web: `https://replicate.com/p/${id}` },
    };
  }

  /** Sync mode: the answer is held back until the end, or for as long as was asked for. */
  async function waited(prediction: ServedPrediction, { headers }: FastifyRequest): Promise<void> {
    const prefer = PREFER.exec(String(headers["prefer"] ?? ""));
    if (prefer === null) return;
    const until = Date.now() + Number(prefer[1] ?? 60) * 1_000;
    while (Date.now() < until && momentOf(prediction, now()).endedAt === null) await delay(10);
  }
}

function outputOf(model: string, file: string): string | readonly string[] {
  return MODEL_PAGES[model]?.output === "list" ? [file] : file;
}

/** Milliseconds from `Cancel-After`; null where it cannot be read. */
function lifetimeOf({ headers }: FastifyRequest): number | null {
  const header = headers["cancel-after"];
  if (header === undefined) return Number.POSITIVE_INFINITY;
  const parts = CANCEL_AFTER.exec(String(header));
  if (parts === null) return null;
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  const lifetime = (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1_000;
  return lifetime < SHORTEST_DEADLINE_MS ? null : lifetime;
}

function made({ input }: ServedPrediction, type: "image" | "video"): Promise<Buffer> {
  const { aspect_ratio: ratio, seed, duration } = input;
  const aspectRatio = typeof ratio === "string" && ratio.includes(":") ? ratio : "1:1";
  const params = { aspectRatio, seed, durationMs: Number(duration) * 1_000 };
  return simulatedOutput({ clientRef: "", model: "", type, prompt: "", params }, 128);
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function unknown(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, "Not found", "The requested resource could not be found.");
}

function refuse(reply: FastifyReply, status: number, title: string, detail: string): FastifyReply {
  return reply.code(status).send({ title, detail, status });
}

function refuseFields(reply: FastifyReply, { issues }: z.ZodError): FastifyReply {
  const fields = issues.map(({ code, path, message }) => ({ type: code, field: path.join("."), description: message }));
  const detail = fields.map(({ field, description }) => `- ${field}: ${description}\n`).join("");
  return reply.code(422).send({ title: "Input validation failed", detail, status: 422, invalid_fields: fields });
}
