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
  /** The next request of its step waits there, in turn with the faults. */
  readonly holdAt: (step: string, where: HeldWhere) => Hold;
  /** Told of each call once its body is read, before the protocol hears of it. */
  readonly onCall: (listener: (call: ProtocolCall) => void) => void;
}

export interface ProtocolCall {
  readonly step: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed; null until it is, and where there is none. */
  readonly body: unknown;
  /** The status of its answer once all of that has been sent; null until then, and where that never came to be. */
  readonly answered: number | null;
}

/**
 * Before the protocol hears of it, and never if whoever asked has gone by then; when the protocol has done its work and nothing
 * is answered; or with half of the answer sent.
 */
export type HeldWhere = "asked" | "done" | "half";

/** A request that waits until it is let go, or until whoever asked has gone. */
export interface Hold {
  readonly reached: Promise<void>;
  readonly release: () => void;
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

interface Strike extends Fault {
  readonly held?: { readonly where: HeldWhere; readonly reached: () => void; readonly released: Promise<void> };
}

type Heard = { -readonly [Field in keyof ProtocolCall]: ProtocolCall[Field] };

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
  const listeners: ((call: ProtocolCall) => void)[] = [];
  const heard = new WeakMap<FastifyRequest, Heard>();
  const faults: { readonly fault: Strike; left: number }[] = [];
  const struck = new WeakMap<FastifyRequest, Strike>();

  app.addHook("onRequest", async (request) => {
    const { step } = request.routeOptions.config;
    if (step === undefined) return;
    const { method, url: path, headers } = request;
    const call: Heard = { step, method, path, headers, body: null, answered: null };
    calls.push(call);
    heard.set(request, call);
  });
  // Once the body is read, so that it is known what goes wrong.
  app.addHook("preHandler", async (request, reply) => {
    const call = heard.get(request);
    if (call === undefined) return;
    call.body = request.body ?? null;
    for (const tell of listeners) tell(call);
    const next = faults.find(({ fault, left }) => fault.step === call.step && left > 0);
    if (next === undefined) return;
    next.left -= 1;
    const { fault } = next;
    if (fault.afterMs !== undefined) await wait(fault.afterMs, request);
    await fault.until;
    if (fault.held?.where === "asked" && !(await letGo(fault.held, request))) return void reply.hijack();
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
    if (fault.held?.where === "done") await letGo(fault.held, request);
    if (fault.held?.where === "half") return inHalves(fault.held, request, reply, payload);
    return fault.reply === undefined ? payload : spoiled(fault.reply, request, reply, payload);
  });
  app.addHook("onResponse", async (request, reply) => {
    const call = heard.get(request);
    const whole = reply.raw.writableFinished && struck.get(request)?.reply === undefined;
    if (call !== undefined && whole) call.answered = reply.statusCode;
  });
  await speak(app);
  const url = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  return {
    url,
    calls,
    fault: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
    holdAt: (step, where) => {
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      faults.push({ fault: { step, held: { where, reached: reached.resolve, released: released.promise } }, left: 1 });
      return { reached: reached.promise, release: released.resolve };
    },
    onCall: (listener) => void listeners.push(listener),
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

/** Whether it was let go, and not left by whoever asked. */
async function letGo({ reached, released }: NonNullable<Strike["held"]>, { raw }: FastifyRequest): Promise<boolean> {
  const { promise: left, resolve: leave } = Promise.withResolvers<false>();
  raw.socket.once("close", () => leave(false));
  if (raw.socket.destroyed) leave(false);
  reached();
  return Promise.race([released.then(() => true as const), left]);
}

async function inHalves(
  held: NonNullable<Strike["held"]>,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<Readable> {
  const bytes = await bytesOf(payload);
  const middle = Math.ceil(bytes.length / 2);
  reply.header("content-length", bytes.length);
  async function* body(): AsyncIterable<Buffer> {
    yield bytes.subarray(0, middle);
    if (await letGo(held, request)) yield bytes.subarray(middle);
  }
  return Readable.from(body());
}

async function bytesOf(payload: unknown): Promise<Buffer> {
  return payload instanceof Readable ? Buffer.concat(await payload.toArray()) : Buffer.from(payload as string);
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
  const bytes = await bytesOf(payload);
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
