import { FAL_TEST_KEY, openFalServer } from "./openFalServer.ts";
import type { ServedProvider } from "../ServedProvider.ts";
import type { FalEnd } from "./openFalServer.ts";

const STATUSES = { queued: "IN_QUEUE", running: "IN_PROGRESS", made: "COMPLETED" } as const;

/** By a word in the prompt. */
const FAILURES: Readonly<Record<string, FalEnd>> = {
  "[broken]": {
    status: 500,
    body: { detail: [{ loc: ["body"], msg: "The model broke down.", type: "internal_server_error" }] },
    error: "Internal Server Error",
    errorType: "internal_error",
  },
  "[declined]": {
    status: 422,
    body: { detail: [{ loc: ["body", "prompt"], msg: "Flagged.", type: "content_policy_violation" }] },
    error: "Unprocessable Entity",
  },
};

export async function serveFal(): Promise<ServedProvider> {
  let where: keyof typeof STATUSES | null = null;
  const server = await openFalServer(({ input }) => {
    const prompt = String(input["prompt"]);
    const [, failure] = Object.entries(FAILURES).find(([word]) => prompt.includes(word)) ?? [];
    return {
      get status() {
        return where === null ? undefined : STATUSES[where];
      },
      ...(failure === undefined ? {} : { failure }),
      ...(prompt.includes("[slow]") ? { stays: "IN_PROGRESS" as const } : {}),
    };
  });
  return {
    name: "fal",
    server,
    env: { FAL_KEY: FAL_TEST_KEY, FAL_BASE_URL: server.url.href },
    model: "fal/flux-schnell",
    steps: { submit: "submit", poll: "poll", cancel: "cancel", file: "file" },
    looksUp: false,
    requests: () =>
      server.accepted.map(({ id, input }) => ({ id, prompt: String(input["prompt"]), state: server.stateOf(id) })),
    promptIn: (body) => String((body as Readonly<Record<string, unknown>>)["prompt"]),
    stay: async (wanted) => void (where = wanted),
  };
}
