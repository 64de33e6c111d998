import fastify from "fastify";
import { checkOrigin } from "./checkOrigin.ts";
import { securityHeaders } from "./securityHeaders.ts";
import { serveProbes } from "./serveProbes.ts";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { OriginRules } from "./checkOrigin.ts";

interface Deps {
  readonly ready: () => Promise<void>;
  readonly origins: OriginRules;
  readonly log: Logger;
}

/** What a process that answers no browsers answers over HTTP. */
export function createProbes(deps: Deps): FastifyInstance {
  const headers = securityHeaders(null);
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    const rejection = checkOrigin(deps.origins, request);
    if (rejection !== null) return reply.code(rejection.status).send({ error: { message: rejection.message } });
  });
  app.setNotFoundHandler(async (_request, reply) => {
    const message = "This process makes assets. Browsers are answered by those with ROLE=api.";
    return reply.code(404).send({ error: { message } });
  });
  serveProbes(app, deps);
  return app;
}
