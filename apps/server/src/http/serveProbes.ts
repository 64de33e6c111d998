import { isOurName } from "./checkOrigin.ts";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { OriginRules } from "./checkOrigin.ts";

interface Deps {
  /** Rejects while the process cannot do its work, with the reason in words. */
  readonly ready: () => Promise<void>;
  readonly origins: OriginRules;
  readonly log: Logger;
}

/** What looks after a process asks: `/healthz` whether it lives, `/readyz` whether it can do its work, and why not. */
export function serveProbes(app: FastifyInstance, { ready, origins, log }: Deps): void {
  app.get("/healthz", async () => ({ ok: true }));
  app.get("/readyz", async (request, reply) => {
    try {
      await ready();
      return { ok: true };
    } catch (error) {
      log.warn({ err: error }, "the studio is not ready");
      const why = error instanceof Error ? error.message : String(error);
      return reply.code(503).send({ ok: false, ...(isOurName(origins, request) ? { why } : {}) });
    }
  });
}
