import { randomUUID } from "node:crypto";
import { z } from "zod";
import { simulatedOutput } from "../../../providers/simulator/simulatedOutput.ts";
import { openProtocolServer } from "../openProtocolServer.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ProtocolServer } from "../openProtocolServer.ts";

export const GOOGLE_TEST_KEY = "AIzaSyD-test_test_test_test_test_test_0";

/** How a video goes, counted in reads so that no time passes: one at work, then it is done. */
export interface VideoPlan {
  /** Its status until it is cancelled, or for ever. */
  readonly stays?: string;
  /** What is in the answer once it has ended, instead of a completed video. */
  readonly ends?: Readonly<Record<string, unknown>>;
  /** Within the answer, as when no other delivery was asked for. */
  readonly inline?: true;
  /** The address of the file, instead of the one at home. */
  readonly uri?: string;
  /** How often the file is read as PROCESSING; or what it is instead of ACTIVE: EXPIRED is one that is there no more. */
  readonly processing?: number;
  readonly file?: string;
}

export interface GoogleServer extends ProtocolServer {
  /** As `GEMINI_BASE_URL`. */
  readonly home: URL;
  /** The bodies of what was asked to be made, in order. */
  readonly bodies: readonly Record<string, unknown>[];
}

interface Video {
  readonly plan: VideoPlan;
  readonly body: z.infer<typeof INTERACTION>;
  readonly file: string;
  reads: number;
  fileReads: number;
  cancelled: boolean;
  /** Made once: it is the same file, as often as it is asked for. */
  clip: Promise<Buffer> | null;
}

const IMAGE = z.object({ mimeType: z.string(), data: z.string().min(1) });
const GENERATE = z.strictObject({
  contents: z
    .array(
      z.strictObject({
        role: z.literal("user").optional(),
        parts: z.array(z.union([z.strictObject({ text: z.string().min(1) }), z.strictObject({ inlineData: IMAGE })])),
      }),
    )
    .min(1),
  generationConfig: z
    .strictObject({
      responseModalities: z.array(z.enum(["TEXT", "IMAGE"])).optional(),
      imageConfig: z
        .strictObject({
          aspectRatio: z.enum(["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]).optional(),
          imageSize: z.enum(["1K", "2K", "4K"]).optional(),
        })
        .optional(),
    })
    .optional(),
});
const INTERACTION = z.strictObject({
  model: z.string(),
  input: z.union([
    z.string().min(1),
    z.array(
      z.union([
        z.strictObject({ type: z.literal("text"), text: z.string().min(1) }),
        z.strictObject({ type: z.literal("image"), data: z.string().min(1), mime_type: z.string() }),
      ]),
    ),
  ]),
  background: z.literal(true),
  store: z.literal(true).optional(),
  stream: z.literal(false).optional(),
  generation_config: z
    .strictObject({
      video_config: z.strictObject({ task: z.enum(["text_to_video", "image_to_video", "reference_to_video"]) }),
    })
    .optional(),
  response_format: z
    .strictObject({
      type: z.literal("video"),
      delivery: z.enum(["inline", "uri"]).optional(),
      aspect_ratio: z.enum(["16:9", "9:16"]).optional(),
      resolution: z.enum(["360p", "720p", "1080p", "4k"]).optional(),
      duration: z
        .string()
        .regex(/^\d+(\.\d+)?s$/)
        .refine((text) => Number.parseFloat(text) >= 3 && Number.parseFloat(text) <= 10)
        .optional(),
    })
    .optional(),
});
const PICTURE_MODELS = new Set(["gemini-nano-banana-2.1", "gemini-3-pro-image"]);
const VIDEO_MODELS = new Set(["gemini-omni-1.1-flash"]);

/**
 * Speaks as Google's Gemini API: `generateContent` for pictures, interactions in the background for videos, and the files that
 * those leave behind. Steps: `generate`; `create`, `poll`, `cancel`, `file`, `download`.
 */
export async function openGoogleServer(
  planOf: (body: Record<string, unknown>) => VideoPlan = () => ({}),
): Promise<GoogleServer> {
  const videos = new Map<string, Video>();
  const bodies: Record<string, unknown>[] = [];
  const server = await openProtocolServer((app) => speak(app, videos, bodies, planOf));
  return { ...server, home: new URL("v1beta", server.url), bodies };
}

function speak(
  app: FastifyInstance,
  videos: Map<string, Video>,
  bodies: Record<string, unknown>[],
  planOf: (body: Record<string, unknown>) => VideoPlan,
): void {
  // Cancel has no body, and says that it is JSON all the same.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    done(null, text === "" ? {} : JSON.parse(String(text)));
  });
  app.addHook("preHandler", async (request, reply) => {
    const key = request.headers["x-goog-api-key"];
    if (key === GOOGLE_TEST_KEY) return;
    if (request.url.startsWith("/v1beta/interactions"))
      return reply.code(401).send({ error: { code: "authentication", message: "The API key is missing or invalid." } });
    return key === undefined ? legacy(reply, 403, "PERMISSION_DENIED", UNREGISTERED) : reply.code(400).send(WRONG_KEY);
  });

  app.get<{ Querystring: { pageSize?: string } }>(
    "/v1beta/models",
    { config: { step: "models" } },
    async ({ query }) => ({
      models: [...PICTURE_MODELS].slice(0, Number(query.pageSize ?? 50)).map((name) => ({ name: `models/${name}` })),
      nextPageToken: "next",
    }),
  );

  app.post<{ Params: { target: string } }>(
    "/v1beta/models/:target",
    { config: { step: "generate" } },
    async (request, reply) => {
      const [model = "", method] = request.params.target.split(":");
      if (method !== "generateContent" || !PICTURE_MODELS.has(model))
        return legacy(reply, 404, "NOT_FOUND", `models/${model} is not found for API version v1beta.`);
      const parsed = GENERATE.safeParse(request.body);
      if (!parsed.success) return legacy(reply, 400, "INVALID_ARGUMENT", describe(parsed.error));
      bodies.push(request.body as Record<string, unknown>);
      return pictureAnswer(model, parsed.data, bodies.length);
    },
  );

  app.post("/v1beta/interactions", { config: { step: "create" } }, async (request, reply) => {
    const parsed = INTERACTION.safeParse(request.body);
    if (!parsed.success) {
      const unknown = parsed.error.issues.some(({ code }) => code === "unrecognized_keys");
      return modern(reply, 400, unknown ? "parameter_unknown" : "invalid_request", describe(parsed.error));
    }
    const { model } = parsed.data;
    if (!VIDEO_MODELS.has(model)) return modern(reply, 404, "model_not_found", `Model '${model}' not found.`);
    const id = `v1_${randomUUID()}`;
    const plan = planOf(request.body as Record<string, unknown>);
    bodies.push(request.body as Record<string, unknown>);
    videos.set(id, {
      plan,
      body: parsed.data,
      file: randomUUID(),
      reads: 0,
      fileReads: 0,
      cancelled: false,
      clip: null,
    });
    return { id, object: "interaction", model, status: "in_progress", created: new Date().toISOString() };
  });

  app.get<{ Params: { id: string } }>(
    "/v1beta/interactions/:id",
    { config: { step: "poll" } },
    async (request, reply) => {
      const video = videos.get(request.params.id);
      if (video === undefined) return modern(reply, 404, "not_found", "The requested resource was not found.");
      video.reads += 1;
      return { id: request.params.id, object: "interaction", model: video.body.model, ...(await told(request, video)) };
    },
  );

  app.post<{ Params: { id: string } }>(
    "/v1beta/interactions/:id/cancel",
    { config: { step: "cancel" } },
    async (request, reply) => {
      const video = videos.get(request.params.id);
      if (video === undefined) return modern(reply, 404, "not_found", "The requested resource was not found.");
      if (statusOf(video) === "completed")
        return modern(reply, 400, "failed_precondition", "Only interactions in progress can be cancelled.");
      video.cancelled = true;
      return { id: request.params.id, object: "interaction", model: video.body.model, status: "cancelled" };
    },
  );

  app.get<{ Params: { file: string } }>(
    "/v1beta/files/:file(^[\\w-]+$)::download",
    { config: { step: "download" } },
    async (request, reply) => {
      const video = fileOf(videos, request.params.file);
      if (video === null) return legacy(reply, 403, "PERMISSION_DENIED", noFile(request.params.file));
      return reply.type("video/mp4").send(await clipOf(video));
    },
  );

  app.get<{ Params: { file: string } }>("/v1beta/files/:file", { config: { step: "file" } }, async (request, reply) => {
    const { file } = request.params;
    const video = fileOf(videos, file);
    if (video === null) return legacy(reply, 403, "PERMISSION_DENIED", noFile(file));
    video.fileReads += 1;
    const processed = video.fileReads > (video.plan.processing ?? 0);
    const failed = { state: "FAILED", error: { code: 13, message: "The file could not be processed." } };
    const made = video.plan.file ?? "ACTIVE";
    const state = made === "FAILED" ? failed : { state: processed ? made : "PROCESSING" };
    return { name: `files/${file}`, mimeType: "video/mp4", ...state, downloadUri: uriOf(request, video) };
  });
}

async function pictureAnswer(model: string, body: z.infer<typeof GENERATE>, seed: number) {
  const params = { aspectRatio: body.generationConfig?.imageConfig?.aspectRatio ?? "1:1", seed: seed * 97 };
  const drawing = await pictureOf({ ...params, seed: seed * 97 + 50 });
  return {
    candidates: [
      {
        content: {
          role: "model",
          parts: [
            // Those that think show what they tried first.
            ...(model === "gemini-3-pro-image" ? [{ thought: true, inlineData: drawing }] : []),
            { inlineData: await pictureOf(params) },
          ],
        },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: usageOf(body, model),
    modelVersion: model,
    responseId: randomUUID(),
  };
}

/** As real answers count: the details of what was made leave out all but the picture, also where there is more. */
function usageOf({ contents }: z.infer<typeof GENERATE>, model: string) {
  const references = contents.flatMap(({ parts }) => parts).filter((part) => "inlineData" in part).length;
  const thinks = model === "gemini-3-pro-image";
  const counted = {
    promptTokenCount: 7 + 560 * references,
    candidatesTokenCount: thinks ? 1_216 : 1_120,
    ...(thinks ? { thoughtsTokenCount: 200 } : {}),
  };
  return {
    ...counted,
    totalTokenCount: Object.values(counted).reduce((sum, count) => sum + count, 0),
    promptTokensDetails: [
      { modality: "TEXT", tokenCount: 7 },
      ...(references > 0 ? [{ modality: "IMAGE", tokenCount: 560 * references }] : []),
    ],
    candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1_120 }],
  };
}

async function pictureOf(params: Readonly<Record<string, unknown>>) {
  const bytes = await simulatedOutput({ clientRef: "", model: "", type: "image", prompt: "", params }, 256);
  return { mimeType: "image/png", data: bytes.toString("base64") };
}

function statusOf({ plan, reads, cancelled }: Video): string {
  if (cancelled) return "cancelled";
  return plan.stays ?? (reads < 2 ? "in_progress" : "completed");
}

async function told(request: FastifyRequest, video: Video): Promise<Record<string, unknown>> {
  const status = statusOf(video);
  if (status !== "completed") return { status };
  if (video.plan.ends !== undefined) return { status, ...video.plan.ends };
  const content =
    video.plan.inline === true
      ? { data: (await clipOf(video)).toString("base64") }
      : { uri: video.plan.uri ?? uriOf(request, video) };
  const output = { type: "model_output", content: [{ type: "video", mime_type: "video/mp4", ...content }] };
  return { status, steps: [{ type: "user_input", content: [{ type: "text", text: "…" }] }, output] };
}

function uriOf({ host }: FastifyRequest, { file }: Video): string {
  return `http://${host}/v1beta/files/${file}:download?alt=media`;
}

function fileOf(videos: Map<string, Video>, name: string): Video | null {
  const video = [...videos.values()].find(({ file }) => file === name);
  return video === undefined || video.plan.file === "EXPIRED" ? null : video;
}

function clipOf(video: Video): Promise<Buffer> {
  const durationMs = Number.parseFloat(video.body.response_format?.duration ?? "10s") * 1_000;
  video.clip ??= simulatedOutput({ clientRef: "", model: "", type: "video", prompt: "", params: { durationMs } });
  return video.clip;
}

function legacy(reply: FastifyReply, code: number, status: string, message: string): FastifyReply {
  return reply.code(code).send({ error: { code, message, status } });
}

function modern(reply: FastifyReply, http: number, code: string, message: string): FastifyReply {
  return reply.code(http).send({ error: { code, message } });
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
}

function noFile(name: string): string {
  return `You do not have permission to access the File ${name} or it may not exist.`;
}

const UNREGISTERED = "Method doesn't allow unregistered callers (callers without established identity).";

const WRONG_KEY = {
  error: {
    code: 400,
    message: "API key not valid. Please pass a valid API key.",
    status: "INVALID_ARGUMENT",
    details: [
      { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID", domain: "googleapis.com" },
    ],
  },
};
