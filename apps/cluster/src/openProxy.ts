import httpProxy from "@fastify/http-proxy";
import fastify from "fastify";
import type { Program } from "./openProgram.ts";

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
 * repeats nothing: what may be repeated the page knows better.
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

  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: Number.MAX_SAFE_INTEGER });
  await app.register(httpProxy, {
    upstream: "",
    // A live stream says something every five seconds; an upload may take longer than that to be answered.
    undici: { headersTimeout: 120_000, bodyTimeout: 60_000, pipelining: 1 },
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
    },
  };
}
