import { Readable } from "node:stream";
import { fastify } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/**
 * A server that speaks as a provider's documentation says, over real HTTP on 127.0.0.1, and goes wrong as it is told to.
 * Each route of a protocol names its step (`config: { step: "submit" }`), and faults strike steps.
 */
export interface ProtocolServer extends AsyncDisposable {
  readonly url: URL;
  /** Every request as it came, those that faults turned away too: the witness. */
  readonly calls: readonly ProtocolCall[];
  /** The next requests of its step go wrong. Faults of one step strike in the order in which they are given. */
  readonly fault: (fault: Fault) => void;
}

export interface ProtocolCall {
  readonly step: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Fault {
  readonly step: string;
  /** How often; once unless said otherwise. */
  readonly times?: number;
  /** Does this late; alone, it is the whole fault. */
  readonly afterMs?: number;
  /** Does this once that has come; alone, it is the whole fault. */
  readonly until?: Promise<void>;
  /** Is answered in place of the protocol, which hears nothing of the request. */
  readonly answer?: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  /** The protocol does its work, and then: no answer at all, half a body and a reset, or a body that ends early as if it were whole. */
  readonly reply?: "lost" | "reset" | "truncated";
  /** The protocol's own answer with another content type. */
  readonly label?: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    step?: string;
  }
}

const BODY_LIMIT = 64 * 1024 ** 2;

export async function openProtocolServer(
  speak: (app: FastifyInstance) => void | Promise<void>,
): Promise<ProtocolServer> {
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  const calls: ProtocolCall[] = [];
  const faults: { readonly fault: Fault; left: number }[] = [];
  const struck = new WeakMap<FastifyRequest, Fault>();

  app.addHook("onRequest", async (request, reply) => {
    const { step } = request.routeOptions.config;
    if (step === undefined) return;
    calls.push({ step, method: request.method, path: request.url, headers: request.headers });
    const next = faults.find(({ fault, left }) => fault.step === step && left > 0);
    if (next === undefined) return;
    next.left -= 1;
    const { fault } = next;
    if (fault.afterMs !== undefined) await wait(fault.afterMs, request);
    await fault.until;
    if (fault.answer === undefined) return void struck.set(request, fault);
    await reply
      .code(fault.answer.status)
      .headers(fault.answer.headers ?? {})
      .send(fault.answer.body ?? "");
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const fault = struck.get(request);
    if (fault === undefined) return payload;
    if (fault.label !== undefined) reply.header("content-type", fault.label);
    return fault.reply === undefined ? payload : spoiled(fault.reply, request, reply, payload);
  });
  await speak(app);
  const url = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  return {
    url,
    calls,
    fault: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
    [Symbol.asyncDispose]: async () => {
      await app.close();
    },
  };
}

/** Until then, or until whoever asked has gone. */
function wait(ms: number, { raw }: FastifyRequest): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    raw.socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function spoiled(
  how: NonNullable<Fault["reply"]>,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (how === "lost") {
    request.raw.socket.destroy();
    return null;
  }
  const bytes = payload instanceof Readable ? Buffer.concat(await payload.toArray()) : Buffer.from(payload as string);
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  if (how === "truncated") {
    reply.header("content-length", half.length);
    return half;
  }
  reply.header("content-length", bytes.length);
  async function* body(): AsyncIterable<Buffer> {
    yield half;
    // Once that is on its way.
    await new Promise((resolve) => setImmediate(resolve));
    request.raw.socket.destroy();
  }
  return Readable.from(body());
}
