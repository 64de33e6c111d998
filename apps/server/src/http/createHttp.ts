import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import { StudioAway } from "@reelstate/api";
import { appRouter } from "@reelstate/api/router";
import { fastifyRequestHandler, fastifyTRPCPlugin } from "@trpc/server/adapters/fastify";
import fastify from "fastify";
import { checkOrigin } from "./checkOrigin.ts";
import { receiveUploads } from "./receiveUploads.ts";
import { StorageError } from "../storage/StorageError.ts";
import { securityHeaders } from "./securityHeaders.ts";
import { serveProbes } from "./serveProbes.ts";
import { serveLive } from "./serveLive.ts";
import { serveMedia } from "./serveMedia.ts";
import type { Caller, StudioPorts } from "@reelstate/api";
import type { AppRouter, StudioContext } from "@reelstate/api/router";
import type { FastifyTRPCPluginOptions } from "@trpc/server/adapters/fastify";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Logger } from "pino";
import type { OriginRules } from "./checkOrigin.ts";
import type { Feed } from "../feed/openFeed.ts";
import type { TakeUpload } from "./receiveUploads.ts";
import type { Storage } from "../storage/Storage.ts";

interface Deps {
  readonly ports: StudioPorts;
  readonly frames: Feed["frames"];
  readonly takeUpload: TakeUpload;
  readonly storage: Storage;
  readonly origins: OriginRules;
  readonly log: Logger;
  /** Rejects while the studio cannot do its work. */
  readonly ready: () => Promise<void>;
  /** Who everybody is until there are accounts. */
  readonly caller: Caller;
  /** The folder of the built SPA; without it, where the build puts it. */
  readonly webRoot?: string;
}

const ASSETS = join("assets", "/");
/** The built SPA: beside this program, in development and as shipped. */
const WEB = fileURLToPath(new URL("../../../web/dist/", import.meta.url));
const BODY_BYTES = 1_000_000;
const URL_CHARS = 16_000;

/** Everything the studio answers over HTTP. */
export async function createHttp(deps: Deps): Promise<FastifyInstance> {
  const safety = securityHeaders(deps.storage.direct?.origin ?? null);
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    routerOptions: { maxParamLength: URL_CHARS },
    // When it closes, streams are ended by their own signal, a connection that waits for the next request is closed at once, and a
    // request that is being answered is let end.
    forceCloseConnections: "idle",
    requestTimeout: 120_000,
    // A URL that cannot be read never reaches a hook.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      void reply
        .headers(safety)
        .code(status)
        .send({ error: { message: error.message } });
    },
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(safety);
    const rejection = checkOrigin(deps.origins, request);
    if (rejection !== null) return reply.code(rejection.status).send({ error: { message: rejection.message } });
  });
  app.setErrorHandler(async (error, request, reply) => {
    const { status, message } = answerTo(error);
    const seen = { err: error, path: request.routeOptions.url };
    if (error instanceof StorageError) deps.log.warn(seen, "storage could not give a file");
    else if (error instanceof StudioAway) deps.log.warn(seen, AWAY);
    else if (status >= 500) deps.log.error(seen, "a request ended in a bug");
    // Whatever the handler was about to say of a file is not true of its failure.
    for (const name of ["etag", "content-length", "content-range", "content-disposition"]) reply.removeHeader(name);
    const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
    return reply.code(status).headers(headers).send({ error: { message } });
  });

  serveProbes(app, deps);
  serveMedia(app, deps.storage);
  await receiveUploads(app, deps.caller, deps.takeUpload);
  const trpcOptions = {
    router: appRouter,
    createContext: (): StudioContext => ({ caller: deps.caller, ports: deps.ports }),
    onError: ({ error, path }) => {
      if (error.cause instanceof StudioAway) deps.log.warn({ err: error.cause, path }, AWAY);
      else if (error.code === "INTERNAL_SERVER_ERROR")
        deps.log.error({ err: error.cause ?? error, path }, "a procedure ended in a bug");
    },
  } satisfies FastifyTRPCPluginOptions<AppRouter>["trpcOptions"];
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());
  serveLive(app, {
    closing: closing.signal,
    frames: deps.frames,
    caller: deps.caller,
    log: deps.log,
    answerByRouter: (req, res) => fastifyRequestHandler({ ...trpcOptions, req, res, path: "events.live" }),
  });
  await app.register(fastifyTRPCPlugin, { prefix: "/trpc", trpcOptions });
  await serveSpa(app, deps.webRoot ?? WEB);
  return app;
}

const AWAY = "a request could not be answered: the database is away";

/** A storage or a database that is away is nobody's mistake, and says so in words of its own. */
function answerTo(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof StorageError || error instanceof StudioAway) return { status: 503, message: error.message };
  const status =
    error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  return status >= 500 || !(error instanceof Error)
    ? { status, message: "Something went wrong in the studio. It has been logged." }
    : { status, message: error.message };
}

async function serveSpa(app: FastifyInstance, root: string): Promise<void> {
  const built = existsSync(root);
  if (built) {
    await app.register(fastifyStatic, {
      root,
      wildcard: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names under assets/ carry a hash of their content.
        const lasting = relative(root, path).startsWith(ASSETS);
        reply.header("cache-control", lasting ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const page = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    if (page && built) return reply.header("cache-control", "no-cache").sendFile("index.html");
    const message = page ? "The studio's page has not been built: run `npx pnpm build`." : "There is nothing here.";
    return reply.code(404).send({ error: { message } });
  });
}
