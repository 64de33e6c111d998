import { once } from "node:events";
import { StoreUnavailable } from "@reelstate/db";
import { liveInput, positionOf, seqOf, STREAM } from "@reelstate/api/router";
import type { Caller, FeedPosition } from "@reelstate/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Feed } from "../feed/openFeed.ts";
import type { Frame } from "../feed/Frame.ts";

interface Deps {
  readonly frames: Feed["frames"];
  readonly caller: Caller;
  readonly log: Logger;
  /** Aborts when the server closes: streams would keep it for ever. */
  readonly closing: AbortSignal;
  /** Answers as tRPC does: whatever is asked wrongly, or cannot begin. */
  readonly answerByRouter: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
  vary: "trpc-accept, accept",
};
const CONNECTED = `event: connected\ndata: ${JSON.stringify(STREAM.client)}\n\n`;
const PING = Buffer.from("event: ping\ndata: \n\n");
const KNOWN_PARAMETERS = new Set(["input", "lastEventId"]);

/**
 * `events.live` as tRPC's own server-sent events, written by us: the router would encode each event once for each of a
 * thousand browsers, and here its bytes are made once and go to all of them (docs/decisions/011). Any tRPC client reads it;
 * the procedure in the router stays the contract.
 *
 * Every message of an item has an id: the seq where it is a position, else an empty one, by which tRPC's client tells the two
 * apart; after those the last seq is said again, so that a browser that reconnects has it to send.
 */
export function serveLive(app: FastifyInstance, deps: Deps): void {
  app.get("/trpc/events.live", { exposeHeadRoute: false }, async (request, reply) => {
    const asked = readRequest(request);
    if (asked === null) return deps.answerByRouter(request, reply);
    const stop = new AbortController();
    const end = (): void => stop.abort();
    const { raw } = reply;
    deps.closing.addEventListener("abort", end);
    raw.once("close", () => {
      deps.closing.removeEventListener("abort", end);
      end();
    });
    const groups = deps.frames(deps.caller, asked.position, stop.signal);
    const first = await groups.next().catch((error: unknown) => (error instanceof StoreUnavailable ? error : null));
    if (first === null) return deps.answerByRouter(request, reply);
    if (first instanceof StoreUnavailable) {
      deps.log.warn({ err: first }, "a live stream could not begin; its browser tries again");
      return reply.code(503).send({ error: { message: first.message } });
    }
    reply.hijack();
    for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...HEADERS }))
      if (value !== undefined) raw.setHeader(name, value);
    const timers = [setInterval(() => raw.write(PING), STREAM.pingMs), setTimeout(end, STREAM.maxDurationMs)];
    try {
      raw.write(CONNECTED);
      let { lastEventId } = asked;
      for (let group = first; group.done !== true; group = await groups.next()) {
        lastEventId = lastSeqOf(group.value) ?? lastEventId;
        await write(raw, messagesOf(group.value, lastEventId), stop.signal);
      }
      raw.end();
    } catch (error) {
      if (!stop.signal.aborted) deps.log.warn({ err: error }, "a live stream broke; its browser connects anew");
      raw.destroy();
    } finally {
      for (const timer of timers) clearTimeout(timer);
      await groups.return(undefined);
    }
  });
}

interface Asked {
  readonly position: FeedPosition;
  readonly lastEventId: string | null;
}

/** What a stream was asked for; null when tRPC must explain what is wrong with it. */
function readRequest(request: FastifyRequest): Asked | null {
  const parameters = request.query as Readonly<Record<string, unknown>>;
  if (Object.keys(parameters).some((name) => !KNOWN_PARAMETERS.has(name))) return null;
  const lastEventId = request.headers["last-event-id"] ?? parameters["lastEventId"];
  const parsed = liveInput.safeParse(withLastEvent(parseJson(parameters["input"]), lastEventId));
  if (!parsed.success) return null;
  return { position: positionOf(parsed.data), lastEventId: parsed.data?.lastEventId ?? null };
}

/** The input as it was sent; null, which is no input, where it cannot be read. */
function parseJson(text: unknown): unknown {
  if (text === undefined || text === "") return undefined;
  if (typeof text !== "string") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function withLastEvent(input: unknown, lastEventId: unknown): unknown {
  if (lastEventId === undefined || lastEventId === "") return input;
  if (input === undefined) return { lastEventId };
  return typeof input === "object" && input !== null ? { ...input, lastEventId } : input;
}

const written = new WeakMap<Frame, Buffer>();

/** The message of an item, in bytes that all streams share. */
function messageOf(frame: Frame): Buffer {
  const known = written.get(frame);
  if (known !== undefined) return known;
  const message = Buffer.from(`data: ${frame.text()}\nid: ${seqOf(frame.item) ?? ""}\n\n`);
  written.set(frame, message);
  return message;
}

function messagesOf(group: readonly Frame[], lastEventId: string | null): Buffer {
  const messages = group.map(messageOf);
  const last = group.at(-1);
  if (last !== undefined && seqOf(last.item) === null && lastEventId !== null)
    messages.push(Buffer.from(`event: restore-id\ndata: \nid: ${lastEventId}\n\n`));
  const [only] = messages;
  return only !== undefined && messages.length === 1 ? only : Buffer.concat(messages);
}

function lastSeqOf(group: readonly Frame[]): string | undefined {
  const seq = group.map(({ item }) => seqOf(item)).findLast((one) => one !== null);
  return seq === undefined || seq === null ? undefined : String(seq);
}

/** Waits while the browser does not read: a stream that stalls keeps one group in memory and its place in the feed. */
async function write(raw: ServerResponse, bytes: Buffer, signal: AbortSignal): Promise<void> {
  if (!raw.write(bytes)) await once(raw, "drain", { signal });
}
