import { randomUUID } from "node:crypto";
import { simulatedOutput } from "../../../providers/simulator/simulatedOutput.ts";
import { openProtocolServer } from "../openProtocolServer.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AssetType } from "@reelstate/lifecycle";
import type { ProtocolServer } from "../openProtocolServer.ts";
import type { ServedState } from "../ServedProvider.ts";

/** How a request goes, counted in reads of its status so that no time passes: two in the queue and at work, then it is done. */
export interface FalPlan {
  /** Where it stays. */
  readonly stays?: "IN_QUEUE" | "IN_PROGRESS";
  /** The word for its state, instead of the three there are. */
  readonly status?: string | undefined;
  /** How it ends, when not with a file. */
  readonly failure?: FalEnd;
  /** The model finishes all the same: fal only signals it. */
  readonly ignoresCancel?: boolean;
  /** Nothing is known of it once it has been taken out of the queue. */
  readonly forgotten?: boolean;
  /** Changes the result before it is sent. */
  readonly result?: (result: Record<string, unknown>) => unknown;
}

export interface FalEnd {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** What the status says beside COMPLETED. Some apps leave that out. */
  readonly error?: string;
  readonly errorType?: string;
}

export interface FalSubmission {
  readonly id: string;
  readonly endpoint: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FalServer extends ProtocolServer {
  /** Every request that was accepted, in order. */
  readonly accepted: readonly FalSubmission[];
  readonly stateOf: (id: string) => ServedState;
}

interface Kept extends FalSubmission {
  readonly app: string;
  readonly plan: FalPlan;
  reads: number;
  end: FalEnd | null;
  forgotten: boolean;
}

export const FAL_TEST_KEY = "0b9c6a52-fal-test:4d1f3e8a77c2";

/** As the model pages name them. */
const ENDPOINTS: Readonly<Record<string, AssetType>> = {
  "fal-ai/flux/schnell": "image",
  "fal-ai/nano-banana-2": "image",
  "fal-ai/nano-banana-2/edit": "image",
  "fal-ai/bytedance/seedream/v4.5/text-to-image": "image",
  "fal-ai/bytedance/seedream/v4.5/edit": "image",
  "fal-ai/kling-video/v3/standard/text-to-video": "video",
  "fal-ai/veo3.1/fast": "video",
  "fal-ai/veo3.1/fast/image-to-video": "video",
};

const CANCELLED: FalEnd = {
  status: 499,
  headers: { "x-fal-error-type": "client_cancelled" },
  body: { detail: "The request was cancelled by the client", error_type: "client_cancelled" },
  error: "The request was cancelled by the client",
  errorType: "client_cancelled",
};

/** fal's queue, as its documentation of 2026-11 has it; and beside it the files, which in truth lie on other hosts. */
export async function openFalServer(plan: (submission: FalSubmission) => FalPlan = () => ({})): Promise<FalServer> {
  const kept = new Map<string, Kept>();
  const files = new Map<string, { readonly type: string; readonly bytes: Buffer }>();

  async function guard({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (headers.authorization !== `Key ${FAL_TEST_KEY}`)
      await reply.code(401).send({ detail: "Authentication is required to access this application" });
  }

  /** Below owner and app alone, whatever the model is called further on. */
  function find({ params }: FastifyRequest): Kept | null {
    const { owner, app, id } = params as Record<"owner" | "app" | "id", string>;
    const found = kept.get(id);
    return found?.app === `${owner}/${app}` && !found.forgotten ? found : null;
  }

  function speak(app: FastifyInstance): void {
    // fal's own client sends the type of a body without one.
    app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) =>
      done(null, body === "" ? null : JSON.parse(String(body))),
    );
    const address = (path: string) => `${app.listeningOrigin}/${path}`;

    function submit(request: FastifyRequest, reply: FastifyReply): FastifyReply {
      const endpoint = request.url.slice(1).split("?", 1)[0] ?? "";
      if (ENDPOINTS[endpoint] === undefined)
        return reply.code(404).send({ detail: `Application ${endpoint} not found` });
      const input = request.body as Record<string, unknown>;
      const submission = { id: randomUUID(), endpoint, input };
      const missing = typeof input["prompt"] === "string" ? null : MISSING_PROMPT;
      const planned = plan(submission);
      const made: Kept = {
        ...submission,
        app: endpoint.split("/", 2).join("/"),
        plan: planned,
        reads: 0,
        end: missing ?? planned.failure ?? null,
        forgotten: false,
      };
      kept.set(made.id, made);
      return reply.send({ ...head(made), status: "IN_QUEUE", queue_position: 1, logs: null, metrics: {} });
    }

    function head({ app: name, id }: Kept) {
      const path = `${name}/requests/${id}`;
      return {
        request_id: id,
        response_url: address(path),
        status_url: address(`${path}/status`),
        cancel_url: address(`${path}/cancel`),
      };
    }

    app.post("/:owner/:app", { config: { step: "submit" }, preHandler: guard }, submit);
    app.post("/:owner/:app/*", { config: { step: "submit" }, preHandler: guard }, submit);

    app.get(
      "/:owner/:app/requests/:id/status",
      { config: { step: "poll" }, preHandler: guard },
      async (request, reply) => {
        const found = find(request);
        if (found === null) return reply.code(404).send({ detail: "Request not found" });
        const status = statusOf(found);
        found.reads += 1;
        void reply.code(status === "COMPLETED" ? 200 : 202);
        return {
          ...head(found),
          status,
          ...(status === "IN_QUEUE" ? { queue_position: 0 } : { logs: [] }),
          ...(status === "COMPLETED" ? { metrics: { inference_time: 1.5 } } : {}),
          ...(status === "COMPLETED" && found.end?.error !== undefined ? { error: found.end.error } : {}),
          ...(status === "COMPLETED" && found.end?.errorType !== undefined ? { error_type: found.end.errorType } : {}),
        };
      },
    );

    app.get("/:owner/:app/requests/:id", { config: { step: "result" }, preHandler: guard }, async (request, reply) => {
      const found = find(request);
      if (found === null) return reply.code(404).send({ detail: "Request not found" });
      void reply.header("x-fal-request-id", found.id);
      if (statusOf(found) !== "COMPLETED") return reply.code(400).send({ detail: "Request is still in progress" });
      if (found.end !== null)
        return reply
          .code(found.end.status)
          .headers(found.end.headers ?? {})
          .send(found.end.body);
      const result = await resultOf(found);
      return found.plan.result?.(result) ?? result;
    });

    app.put(
      "/:owner/:app/requests/:id/cancel",
      { config: { step: "cancel" }, preHandler: guard },
      async (request, reply) => {
        const found = find(request);
        if (found === null) return reply.code(404).send({ status: "NOT_FOUND" });
        const status = statusOf(found);
        if (status === "COMPLETED") return reply.code(400).send({ status: "ALREADY_COMPLETED" });
        if (status === "IN_QUEUE") {
          found.end = CANCELLED;
          found.forgotten = found.plan.forgotten === true;
          return { status: "OK" };
        }
        if (found.plan.ignoresCancel !== true) found.end = CANCELLED;
        return reply.code(202).send({ status: "CANCELLATION_REQUESTED" });
      },
    );

    // In truth on a host of its own, api.fal.ai.
    app.get<{ Querystring: { endpoint_id?: string } }>(
      "/v1/models/pricing",
      { config: { step: "pricing" }, preHandler: guard },
      async ({ query: { endpoint_id: id = "" } }, reply) => {
        if (ENDPOINTS[id] === undefined)
          return reply.code(404).send({ error: { type: "not_found", message: `Endpoint ${id} not found` } });
        const prices = [{ endpoint_id: id, unit_price: 0.003, unit: "megapixels", currency: "USD" }];
        return { prices, next_cursor: null, has_more: false };
      },
    );

    app.get("/files/:name", { config: { step: "file" } }, async (request, reply) => {
      const { name } = request.params as { name: string };
      const found = files.get(name);
      if (found === undefined) return reply.code(404).send("Not found");
      return reply.type(found.type).send(found.bytes);
    });

    async function resultOf({ id, endpoint, input }: Kept): Promise<Record<string, unknown>> {
      const type = ENDPOINTS[endpoint] ?? "image";
      const [extension, mime] = type === "image" ? ["png", "image/png"] : ["mp4", "video/mp4"];
      const name = `${id}.${extension}`;
      const bytes =
        files.get(name)?.bytes ??
        (await simulatedOutput({
          clientRef: id,
          model: endpoint,
          type,
          prompt: said(input, "prompt", ""),
          params: {
            aspectRatio: ratioOf(input),
            durationMs: 1_000 * Number.parseInt(said(input, "duration", "1"), 10),
          },
        }));
      files.set(name, { type: mime, bytes });
      const file = { url: address(`files/${name}`), content_type: mime, file_name: name, file_size: bytes.length };
      if (type === "video") return { video: file };
      return { images: [{ ...file, width: 640, height: 360 }], seed: 1, has_nsfw_concepts: [false] };
    }
  }

  const server = await openProtocolServer(speak);
  return {
    ...server,
    get accepted() {
      return [...kept.values()].map(({ id, endpoint, input }) => ({ id, endpoint, input }));
    },
    stateOf: (id) => {
      const found = kept.get(id);
      if (found === undefined || statusOf(found) !== "COMPLETED") return found === undefined ? "over" : "alive";
      return found.end === null ? "made" : "over";
    },
  };
}

function statusOf({ plan, reads, end }: Kept): string {
  if (end === CANCELLED) return "COMPLETED";
  if (plan.status !== undefined) return plan.status;
  if (plan.stays === "IN_QUEUE" || reads === 0) return "IN_QUEUE";
  return plan.stays === "IN_PROGRESS" || reads === 1 ? "IN_PROGRESS" : "COMPLETED";
}

function said(input: Readonly<Record<string, unknown>>, field: string, otherwise: string): string {
  const value = input[field];
  return typeof value === "string" ? value : otherwise;
}

function ratioOf(input: Readonly<Record<string, unknown>>): string {
  const size = input["image_size"];
  if (typeof size !== "object" || size === null) return said(input, "aspect_ratio", "1:1");
  const { width, height } = size as { readonly width: number; readonly height: number };
  return `${width}:${height}`;
}

const MISSING_PROMPT: FalEnd = {
  status: 422,
  headers: { "x-fal-retryable": "false" },
  body: {
    detail: [{ loc: ["body", "prompt"], msg: "Field required", type: "missing", url: "https://docs.fal.ai/errors" }],
  },
  error: "Unprocessable Entity",
};
