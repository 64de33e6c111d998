import { openReplicateServer, REPLICATE_TOKEN } from "./openReplicateServer.ts";
import { momentOf } from "./ServedPrediction.ts";
import type { ServedProvider } from "../ServedProvider.ts";
import type { Course, ServedPrediction } from "./ServedPrediction.ts";

const NEVER_MS = Number.POSITIVE_INFINITY;
const COURSES = {
  queued: { startMs: NEVER_MS, runMs: NEVER_MS },
  running: { startMs: 0, runMs: NEVER_MS },
  made: { startMs: 0, runMs: 0 },
} as const;

/** By a word in the prompt. */
const ERRORS = {
  "[broken]": "CUDA error: device-side assert triggered",
  "[declined]": "NSFW content detected. Try running it again, or try a different prompt.",
} as const;

export async function serveReplicate(): Promise<ServedProvider> {
  let where: keyof typeof COURSES | null = null;
  const server = await openReplicateServer();
  server.follow(({ prompt }): Course => {
    const words = String(prompt);
    const [, error] = Object.entries(ERRORS).find(([word]) => words.includes(word)) ?? [];
    const own = { startMs: 100, runMs: words.includes("[slow]") ? NEVER_MS : 400 };
    const now = (): (typeof COURSES)[keyof typeof COURSES] | typeof own => (where === null ? own : COURSES[where]);
    return {
      get startMs() {
        return now().startMs;
      },
      get runMs() {
        return now().runMs;
      },
      ...(error === undefined ? {} : { error }),
    };
  });
  return {
    name: "replicate",
    server,
    env: { REPLICATE_API_TOKEN: REPLICATE_TOKEN, REPLICATE_BASE_URL: server.home.href },
    model: "replicate/flux-schnell",
    steps: { submit: "submit", poll: "poll", cancel: "cancel", file: "file" },
    looksUp: false,
    requests: () =>
      server.predictions.map((one) => ({ id: one.id, prompt: String(one.input["prompt"]), state: stateOf(one) })),
    promptIn: (body) => String((body as { readonly input: Readonly<Record<string, unknown>> }).input["prompt"]),
    stay: async (wanted) => void (where = wanted),
  };
}

function stateOf(prediction: ServedPrediction): "alive" | "made" | "over" {
  const { status, endedAt } = momentOf(prediction, Date.now());
  if (endedAt === null) return "alive";
  return status === "succeeded" ? "made" : "over";
}
