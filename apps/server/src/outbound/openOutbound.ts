import { pipeline, Transform } from "node:stream";
import { Agent, errors, WebSocket } from "undici";
import { isBelow } from "./isBelow.ts";
import { openConnector } from "./openConnector.ts";
import { OutboundError } from "./OutboundError.ts";
import { openTrail } from "./openTrail.ts";
import { parseRetryAfter } from "./parseRetryAfter.ts";
import { RefusedAnswer } from "./RefusedAnswer.ts";
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import type { ProviderOutput } from "../providers/Provider.ts";
import type { Answer, Call, Download, Ears, HangUp, Line, Outbound } from "./Outbound.ts";

export interface OutboundOptions {
  /** The provider's API, as an operator configured it: http or https, trusted, perhaps in the own network. */
  readonly home: URL;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** How names become addresses; the system's unless a test says otherwise. */
  readonly lookup?: LookupFunction;
  readonly limits?: Partial<OutboundLimits>;
}

export interface OutboundLimits {
  /** To the beginning of an answer. */
  readonly answerMs: number;
  /** Between two pieces of a body. */
  readonly silenceMs: number;
  readonly answerBytes: number;
  readonly fileBytes: number;
}

/** An answer may carry pictures, as base64. */
const LIMITS: OutboundLimits = {
  answerMs: 60_000,
  silenceMs: 30_000,
  answerBytes: 64 * 1024 ** 2,
  fileBytes: 2 * 1024 ** 3,
};
const SAID_BYTES = 64 * 1024;
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const USER_AGENT = "Reelstate";

export function openOutbound({ home, clock, lookup, limits: changed }: OutboundOptions): Outbound {
  const limits = { ...LIMITS, ...changed };
  const common = { headersTimeout: limits.answerMs, bodyTimeout: limits.silenceMs, allowH2: false };
  const trusted = openConnector({ publicOnly: false });
  const agents = {
    polls: new Agent({ ...common, connect: trusted, maxResponseSize: limits.answerBytes }),
    // What cannot be repeated gets a connection of its own: one that was kept may be closing, and nobody knows what arrived.
    once: new Agent({ ...common, connect: trusted, maxResponseSize: limits.answerBytes, pipelining: 0 }),
    ownFiles: new Agent({ ...common, connect: trusted }),
    lines: new Agent({ ...common, connect: trusted, webSocket: { maxPayloadSize: limits.answerBytes } }),
    files: new Agent({
      ...common,
      connect: openConnector({ publicOnly: true, ...(lookup === undefined ? {} : { lookup }) }),
    }),
  };
  const prefix = home.href.replace(/\/+$/, "");
  const folder = new URL(prefix);

  async function ask({ method, path, headers = {}, body, answerMs }: Call, signal: AbortSignal): Promise<Answer> {
    const url = addressOf(path);
    const sent = await encode(body);
    const agent = method === "GET" ? agents.polls : agents.once;
    const {
      statusCode,
      headers: received,
      body: incoming,
    } = await send(agent, url, signal, {
      method,
      headers: { ...headers, ...sent.headers, accept: "application/json", "user-agent": USER_AGENT },
      body: sent.body,
      ...(answerMs === undefined ? {} : { headersTimeout: answerMs }),
    });
    const text = await incoming.text().catch((error: unknown) => {
      throw asOutboundError(error, signal);
    });
    const answer = { status: statusCode, headers: flat(received), body: parsed(text) };
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw new RefusedAnswer(answer, parseRetryAfter(answer.headers["retry-after"], clock()));
  }

  /** Never anywhere else: a call carries the key. */
  function addressOf(path: string): URL {
    const url = parsedAddress(path.startsWith("/") ? `${prefix}${path}` : path);
    if (!isBelow(folder, url)) throw new OutboundError("refused_address", { neverSent: true });
    return url;
  }

  async function download({ url: first, headers = {} }: Download, signal: AbortSignal): Promise<ProviderOutput> {
    const trust = openTrail(folder);
    let url = parsedAddress(first);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const { own, keyed } = trust(url);
      if (!own && url.protocol !== "https:") throw new OutboundError("refused_address", { neverSent: true });
      const answer = await send(own ? agents.ownFiles : agents.files, url, signal, {
        method: "GET",
        headers: { ...(keyed ? headers : {}), "accept-encoding": "identity", "user-agent": USER_AGENT },
      });
      const { statusCode, body } = answer;
      const received = flat(answer.headers);
      if (statusCode === 200) return whole(body, received, signal);
      const said = await beginningOf(body).catch(() => "");
      const { location } = received;
      if (!REDIRECTS.has(statusCode) || location === undefined)
        throw new RefusedAnswer(
          { status: statusCode, headers: received, body: parsed(said) },
          parseRetryAfter(received["retry-after"], clock()),
        );
      url = parsedAddress(location, url);
    }
    throw new OutboundError("refused_address", { neverSent: true });
  }

  function whole(
    body: Dispatcher.ResponseData["body"],
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): ProviderOutput {
    const length = Number(headers["content-length"] ?? Number.NaN);
    if (length > limits.fileBytes) {
      body.destroy();
      throw new OutboundError("too_large");
    }
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done(bytes > limits.fileBytes ? new OutboundError("too_large") : null, chunk);
      },
    });
    body.on("error", (error) => {
      const reason = asOutboundError(error, signal);
      counted.destroy(reason instanceof Error ? reason : error);
    });
    pipeline(body, counted, () => {});
    return {
      body: counted,
      claimedMime: headers["content-type"] ?? null,
      claimedBytes: Number.isSafeInteger(length) && headers["content-encoding"] === undefined ? length : null,
    };
  }

  function listen({ path, headers = {} }: Line, { heard, ended }: Ears): HangUp {
    const url = addressOf(path);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, { dispatcher: agents.lines, headers: { ...headers, "user-agent": USER_AGENT } });
    let over = false;
    // Previews come as bytes: not made into Blobs first.
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      if (!over && typeof data === "string") heard(data);
    });
    // Every error is followed by the close.
    socket.addEventListener("error", () => {});
    socket.addEventListener("close", () => {
      if (!over) ended();
      over = true;
    });
    return () => {
      over = true;
      socket.close();
    };
  }

  return {
    home: prefix,
    ask,
    download,
    listen,
    close: async () => {
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    },
  };
}

async function send(
  agent: Agent,
  url: URL,
  signal: AbortSignal,
  options: Pick<Dispatcher.RequestOptions, "method" | "headers" | "body" | "headersTimeout">,
): Promise<Dispatcher.ResponseData> {
  try {
    return await agent.request({ ...options, origin: url.origin, path: `${url.pathname}${url.search}`, signal });
  } catch (error) {
    throw asOutboundError(error, signal);
  }
}

/** Whoever stops waiting is told so in their own words. */
function asOutboundError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof OutboundError) return error;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return new OutboundError("too_slow", { cause: error });
  if (error instanceof errors.ResponseExceededMaxSizeError) return new OutboundError("too_large", { cause: error });
  return new OutboundError("broken", { cause: error });
}

/** Of what is said in place of a file: enough to understand it, however long it goes on. */
async function beginningOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= SAID_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

/** A provider's word for an address. */
function parsedAddress(url: string, base?: URL): URL {
  const address = URL.parse(url, base?.href);
  if (address === null) throw new OutboundError("refused_address", { neverSent: true });
  return address;
}

async function encode(
  body: Call["body"],
): Promise<{ readonly body: string | Buffer | null; readonly headers: Readonly<Record<string, string>> }> {
  if (body === undefined) return { body: null, headers: {} };
  if (!(body instanceof FormData))
    return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const form = new Response(body);
  return {
    body: Buffer.from(await form.arrayBuffer()),
    headers: { "content-type": form.headers.get("content-type") ?? "multipart/form-data" },
  };
}

function flat(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), typeof value === "string" ? value : value.join(", ")]],
    ),
  );
}

function parsed(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
