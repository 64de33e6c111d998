import { AsyncLocalStorage } from "node:async_hooks";
import httpProxy from "@fastify/http-proxy";
import fastify from "fastify";
import { Agent } from "undici";
import type { Dispatcher } from "undici";
import type { Program } from "./openProgram.ts";

type CallingBack = (
  options: Dispatcher.RequestOptions,
  answered: (error: Error | null, answer: Dispatcher.ResponseData) => void,
) => void;

/** One address before several processes. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
}

interface Options {
  readonly port: number;
}

const LOOK_EVERY_MS = 200;

/**
 * Passes each request to the next process that says it is ready; a stream goes on piece by piece, and ends with its process. It
 * repeats nothing: what may be repeated the page knows better. A request ends with its browser, answered or not.
 */
export async function openProxy(members: readonly Program[], { port }: Options): Promise<Proxy> {
  let ready: readonly Program[] = members;
  let turn = 0;
  let looking: Promise<void> | null = null;
  const looks = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
    });
  }, LOOK_EVERY_MS);

  async function look(): Promise<void> {
    const answers = await Promise.all(members.map((member) => member.isReady()));
    ready = members.filter((_member, index) => answers[index]);
  }

  // A live stream says something every five seconds; an upload may take longer than that to be answered.
  const agent = new Agent({ headersTimeout: 120_000, bodyTimeout: 60_000, pipelining: 1 });
  /** Whoever asked has gone. The proxy's own library hears of that only once there is an answer. */
  const left = new AsyncLocalStorage<AbortSignal>();
  // That library calls back, and never awaits.
  const request = ((options, answered) =>
    agent.request({ ...options, signal: left.getStore() ?? null }, answered)) as CallingBack as Dispatcher["request"];

  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: Number.MAX_SAFE_INTEGER });
  app.addHook("onRequest", (_request, { raw }, done) => {
    const gone = new AbortController();
    raw.once("close", () => gone.abort());
    left.run(gone.signal, done);
  });
  await app.register(httpProxy, {
    upstream: "",
    undici: { request },
    replyOptions: {
      // It would ask ten times where the studio said that it is away.
      retryDelay: () => null,
      getUpstream: () => {
        const among = ready.length === 0 ? members : ready;
        turn += 1;
        return among[turn % among.length]?.url ?? "";
      },
      // The studio answers to its own name; which of its processes does is the proxy's business.
      rewriteRequestHeaders: (request, headers) => ({ ...headers, host: request.headers.host ?? "" }),
    },
  });
  return {
    url: await app.listen({ port, host: "127.0.0.1" }),
    async [Symbol.asyncDispose]() {
      clearInterval(looks);
      await looking;
      await app.close();
      await agent.destroy();
    },
  };
}
