import { randomUUID } from "node:crypto";
import { z } from "zod";
import { simulatedOutput } from "../../../providers/simulator/simulatedOutput.ts";
import { openProtocolServer } from "../openProtocolServer.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ProtocolServer } from "../openProtocolServer.ts";

export const OPENAI_TEST_KEY = "sk-proj-test_test_test_test_test_0123456789";

export interface OpenaiPlan {
  /** How a picture is given: within the answer, as OpenAI does, or as gateways do. */
  readonly picture?: "b64_json" | "data" | "url";
  /** What is told in place of the count of tokens. */
  readonly usage?: unknown;
  /** A video's status for ever. */
  readonly stays?: string;
  /** How far it is at each read; then it has ended. */
  readonly progress?: readonly (number | null)[];
  /** It fails with this instead of being completed. */
  readonly error?: unknown;
  /** Its file is gone. */
  readonly expired?: true;
}

export interface OpenaiServer extends ProtocolServer {
  /** As `OPENAI_BASE_URL`. */
  readonly home: URL;
  /** The fields of what was asked to be made, in order; of a file its type and its name. */
  readonly bodies: readonly Fields[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Video {
  readonly body: z.infer<typeof VIDEO>;
  reads: number;
  /** Made once: it is the same file, as often as it is asked for. */
  clip: Promise<Buffer> | null;
}

const USAGE = {
  input_tokens: 9,
  input_tokens_details: { text_tokens: 9, image_tokens: 0 },
  output_tokens: 1_756,
  output_tokens_details: { text_tokens: 0, image_tokens: 1_756 },
  total_tokens: 1_765,
};

const PICTURE_MODELS = new Set(["gpt-image-2.6-flare", "gpt-image-2.6-sunburst", "gpt-image-2.5-flare"]);
const common = {
  model: z.string(),
  prompt: z.string().min(1).max(32_000),
  // "Width and height must both be divisible by 16."
  size: z
    .string()
    .regex(/^\d+x\d+$/)
    .refine((size) => size.split("x").every((side) => Number(side) % 16 === 0))
    .optional(),
  quality: z.enum(["auto", "low", "medium", "high", "xhigh", "max"]).optional(),
};
const FILE = z.object({ type: z.string().regex(/^image\/(png|jpeg|webp)$/), name: z.string().min(1) });
const GENERATE = z.strictObject({ ...common, n: z.literal(1).optional(), output_format: z.literal("png").optional() });
const EDIT = z.strictObject({ ...common, image: FILE.optional(), "image[]": z.array(FILE).max(16).optional() });
const VIDEO = z.strictObject({
  model: z.string(),
  prompt: z.string().min(1),
  size: z.enum(["720x1280", "1280x720"]).default("720x1280"),
  seconds: z.enum(["4", "8", "12"]).default("4"),
  input_reference: FILE.optional(),
});

/**
 * Speaks as OpenAI's images do, and as gateways copy its videos. Steps: `generate`, `edit`, `file` (a picture that has an
 * address); `create`, `poll`, `content`.
 */
export async function openOpenaiServer(planOf: (body: Fields) => OpenaiPlan = () => ({})): Promise<OpenaiServer> {
  const bodies: Fields[] = [];
  const server = await openProtocolServer((app) => {
    speak(app);
    speakPictures(app, bodies, planOf);
    speakVideos(app, bodies, planOf);
  });
  return { ...server, home: new URL("v1", server.url), bodies };
}

function speak(app: FastifyInstance): void {
  app.addContentTypeParser(
    "multipart/form-data",
    { parseAs: "buffer" },
    async ({ headers }: FastifyRequest, body: Buffer) => {
      const sent = new Response(new Uint8Array(body), { headers: { "content-type": headers["content-type"] ?? "" } });
      return fieldsOf(await sent.formData());
    },
  );
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("x-request-id", `req_${randomUUID().replaceAll("-", "")}`);
  });
  app.addHook("preHandler", async (request, reply) => {
    const { authorization = "" } = request.headers;
    if (authorization === `Bearer ${OPENAI_TEST_KEY}` || request.routeOptions.config.step === "file") return;
    const words = `Incorrect API key provided: ${authorization.replace("Bearer ", "")}. You can find your API key in your account.`;
    return refuse(reply, 401, { message: words, code: "invalid_api_key" });
  });
}

function speakPictures(app: FastifyInstance, bodies: Fields[], planOf: (body: Fields) => OpenaiPlan): void {
  const files = new Map<string, Buffer>();
  for (const [path, step, shape] of [
    ["/v1/images/generations", "generate", GENERATE],
    ["/v1/images/edits", "edit", EDIT],
  ] as const)
    app.post<{ Body: Fields }>(path, { config: { step } }, async (request, reply) => {
      const parsed = shape.safeParse(request.body);
      if (!parsed.success) return invalid(reply, parsed.error);
      const { model, size = "1024x1024", quality } = parsed.data;
      if (!PICTURE_MODELS.has(model)) return noModel(reply, model);
      bodies.push(request.body);
      const bytes = await pictureOf(size, bodies.length);
      const [id, base64] = [randomUUID(), bytes.toString("base64")];
      files.set(id, bytes);
      const forms = {
        b64_json: { b64_json: base64 },
        data: { b64_json: `data:image/png;base64,${base64}` },
        url: { url: `http://${request.host}/files/${id}.png?sig=1`, revised_prompt: "…" },
      };
      const plan = planOf(request.body);
      const usage = "usage" in plan ? plan.usage : USAGE;
      const data = [forms[plan.picture ?? "b64_json"]];
      return { created: nowSeconds(), data, size, quality, output_format: "png", background: "opaque", usage };
    });

  app.get("/v1/models", { config: { step: "models" } }, async () => ({
    object: "list",
    data: [...PICTURE_MODELS].map((id) => ({ id, object: "model", created: nowSeconds(), owned_by: "openai" })),
  }));

  app.get<{ Params: { id: string } }>("/files/:id.png", { config: { step: "file" } }, async (request, reply) => {
    const bytes = files.get(request.params.id);
    return bytes === undefined ? reply.code(404).send() : reply.type("image/png").send(bytes);
  });
}

function speakVideos(app: FastifyInstance, bodies: Fields[], planOf: (body: Fields) => OpenaiPlan): void {
  const videos = new Map<string, Video>();
  app.post<{ Body: Fields }>("/v1/videos", { config: { step: "create" } }, async (request, reply) => {
    const parsed = VIDEO.safeParse(request.body);
    if (!parsed.success) return invalid(reply, parsed.error);
    if (parsed.data.model !== "sora-2") return noModel(reply, parsed.data.model);
    const id = `video_${randomUUID().replaceAll("-", "")}`;
    const video: Video = { body: parsed.data, reads: 0, clip: null };
    bodies.push(request.body);
    videos.set(id, video);
    return videoOf(id, video, {});
  });

  app.get<{ Params: { id: string } }>("/v1/videos/:id", { config: { step: "poll" } }, async (request, reply) => {
    const { id } = request.params;
    const video = videos.get(id);
    if (video === undefined) return noVideo(reply, id);
    video.reads += 1;
    return videoOf(id, video, planOf(video.body));
  });

  const content = "/v1/videos/:id/content";
  app.get<{ Params: { id: string } }>(content, { config: { step: "content" } }, async (request, reply) => {
    const { id } = request.params;
    const video = videos.get(id);
    if (video === undefined || planOf(video.body).expired === true) return noVideo(reply, id);
    if (videoOf(id, video, planOf(video.body)).status !== "completed")
      return refuse(reply, 400, { message: "Video is not ready yet, use GET /v1/videos/{video_id} to check status." });
    const params = { durationMs: Number(video.body.seconds) * 1_000 };
    video.clip ??= simulatedOutput({ clientRef: "", model: "", type: "video", prompt: "", params });
    return reply.type("video/mp4").send(await video.clip);
  });
}

/** Read by read, so that no time passes: first in the queue, then at work, then it has ended. */
function videoOf(id: string, { body, reads }: Video, { stays, progress = [40], error }: OpenaiPlan) {
  const at = reads - 2;
  const end = error === undefined ? "completed" : "failed";
  const status = stays ?? (at < 0 ? "queued" : at < progress.length ? "in_progress" : end);
  return {
    id,
    object: "video",
    ...body,
    input_reference: undefined,
    status,
    progress: status === "completed" ? 100 : at < 0 ? 0 : (progress[at] ?? null),
    error: status === "failed" ? error : null,
    created_at: nowSeconds(),
    completed_at: status === "completed" ? nowSeconds() : null,
    expires_at: null,
    remixed_from_video_id: null,
  };
}

function fieldsOf(form: FormData): Fields {
  const fields: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    const values = form
      .getAll(name)
      .map((value) => (typeof value === "string" ? value : { type: value.type, name: value.name }));
    fields[name] = name.endsWith("[]") ? values : values[0];
  }
  return fields;
}

function pictureOf(size: string, seed: number): Promise<Buffer> {
  const params = { aspectRatio: size.replace("x", ":"), seed: seed * 97 };
  return simulatedOutput({ clientRef: "", model: "", type: "image", prompt: "", params }, 256);
}

function refuse(
  reply: FastifyReply,
  status: number,
  { message, code = null }: { readonly message: string; readonly code?: string | null },
): FastifyReply {
  return reply.code(status).send({ error: { message, type: "invalid_request_error", param: null, code } });
}

function invalid(reply: FastifyReply, error: z.ZodError): FastifyReply {
  const message = error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  return refuse(reply, 400, { message, code: "invalid_value" });
}

function noModel(reply: FastifyReply, model: string): FastifyReply {
  return refuse(reply, 404, { message: `The model '${model}' does not exist.`, code: "model_not_found" });
}

function noVideo(reply: FastifyReply, id: string): FastifyReply {
  return refuse(reply, 404, { message: `Video with id '${id}' not found.` });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
