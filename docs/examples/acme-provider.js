// An adapter to a service that does not exist, in sixty lines: what a provider of your own looks like. docs/providers.md
// explains it, and the tests hold it to what the studio relies on. Run it with REELSTATE_PROVIDERS=./docs/examples/acme-provider.js
// and ACME_KEY=….

const MODEL = {
  id: "acme/dreams",
  name: "Acme Dreams",
  type: "image",
  description: { en: "Pictures as Acme dreams them.", zh: "Acme 想象中的画面。" },
  aspectRatios: ["16:9", "1:1"],
  resolutions: ["720p"],
  durationsMs: null,
  maxInputs: 0,
  progress: "measured",
  cancel: true,
  price: () => 4,
  attemptTimeoutMs: 5 * 60_000,
  jobTimeoutMs: 15 * 60_000,
};

/** Acme's words for where a job is. What is not here is waited on, and reported (P5). */
const STATES = {
  waiting: ({ place }) => ({ state: "queued", position: Number.isInteger(place) ? place : null }),
  working: ({ done }) => ({
    state: "running",
    fraction: typeof done === "number" ? Math.min(1, Math.max(0, done)) : null,
  }),
  made: () => ({ state: "succeeded" }),
  stopped: () => ({ state: "cancelled" }),
  refused: () => ({ state: "failed", error: DECLINED }),
};
const DECLINED = { code: "content_policy_input", message: "Acme declined this prompt.", retryable: false };

export const provider = {
  name: "acme",
  label: "Acme",
  keyVariable: "ACME_KEY",
  homeVariable: "ACME_BASE_URL",
  defaultHome: "https://api.acme.example/v1",
  create: ({ outbound, key, classifyOutbound }) => {
    const ask = async (method, path, signal, body) =>
      (await outbound.ask({ method, path, body, headers: { authorization: `Bearer ${key.reveal()}` } }, signal)).body ??
      {};
    return {
      name: "acme",
      models: [MODEL],
      pollMs: 2_000,
      // Acme makes one job of one reference, however often it is sent: so a lost answer is asked for again (P2).
      idempotentSubmit: true,
      submit: async ({ clientRef, prompt, params }, signal) => {
        const { id } = await ask("POST", "/jobs", signal, { reference: clientRef, prompt, shape: params.aspectRatio });
        if (typeof id !== "string") throw new TypeError("Acme named no job.");
        return { providerRef: id };
      },
      status: async ({ providerRef }, signal) => {
        const job = await ask("GET", `/jobs/${encodeURIComponent(providerRef)}`, signal);
        return Object.hasOwn(STATES, job.state) ? STATES[job.state](job) : { state: "unknown", raw: String(job.state) };
      },
      cancel: async ({ providerRef }, signal) =>
        void (await ask("DELETE", `/jobs/${encodeURIComponent(providerRef)}`, signal)),
      fetchOutput: async ({ providerRef }, signal) => {
        const { file } = await ask("GET", `/jobs/${encodeURIComponent(providerRef)}`, signal);
        return outbound.download({ url: String(file), headers: { authorization: `Bearer ${key.reveal()}` } }, signal);
      },
      classifyError: (error) =>
        error?.status === 422 && error.body?.code === "declined"
          ? { ...DECLINED, notAccepted: true }
          : classifyOutbound(error),
      close: async () => {},
    };
  },
};
