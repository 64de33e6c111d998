import { extname } from "node:path";
import { create } from "content-disposition";
import parseRange from "range-parser";
import { MEDIA_TYPES } from "../media/mediaTypes.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { MediaExt } from "../media/mediaTypes.ts";
import type { Storage } from "../storage/Storage.ts";

/**
 * `GET /media/<key>`: whole or one range of it, or where a browser gets it by itself. A key is the hash of its bytes, so what
 * it names never changes. `?download=<name>` has it saved under that name.
 */
export function serveMedia(app: FastifyInstance, storage: Storage): void {
  app.route<{ Params: { key: string }; Querystring: { download?: string } }>({
    method: ["GET", "HEAD"],
    url: "/media/:key",
    handler: (request, reply) => send(storage, request, reply),
  });
}

const GONE = { why: "not_found", message: "There is no such file." };

type MediaRequest = FastifyRequest<{ Params: { key: string }; Querystring: { download?: string } }>;

async function send(storage: Storage, request: MediaRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { key } = request.params;
  const found = await storage.head(key);
  const mime = MEDIA_TYPES[extname(key).slice(1) as MediaExt];
  if (found === null || mime === undefined) {
    return reply.code(404).header("cache-control", "no-store").send({ error: GONE });
  }
  const etag = `"${key}"`;
  const disposition = dispositionOf(key, request.query.download);
  reply.headers({
    etag,
    "content-type": mime,
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "content-disposition": disposition,
  });
  if (matches(request.headers["if-none-match"], etag)) return reply.code(304).send();
  if (storage.direct !== undefined && request.method === "GET") {
    const address = await storage.direct.addressOf(key, { mime, disposition });
    for (const name of ["etag", "content-type", "content-disposition", "accept-ranges"]) reply.removeHeader(name);
    // The address is soon no good any more; what is found at it is remembered under its own.
    return reply.header("cache-control", "no-store").redirect(address, 302);
  }
  const range = rangeOf(request, found.bytes, etag);
  if (range === "unsatisfiable") return reply.code(416).header("content-range", `bytes */${found.bytes}`).send();
  const length = range === null ? found.bytes : range.end - range.start + 1;
  reply.header("content-length", length);
  if (range !== null) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${found.bytes}`);
  if (request.method === "HEAD") return reply.send();
  const file = await storage.get(key, range ?? undefined);
  if (file === null) {
    for (const name of ["etag", "content-length", "content-range", "content-type", "content-disposition"])
      reply.removeHeader(name);
    return reply.code(404).header("cache-control", "no-store").send({ error: GONE });
  }
  // A browser that seeks drops one request for the next; the file must not stay open behind it.
  reply.raw.once("close", () => file.body.destroy());
  return reply.send(file.body);
}

function dispositionOf(key: string, name: string | undefined): string {
  if (name === undefined) return "inline";
  return create(name === "" ? key : `${name.replaceAll(/[/\\\p{Cc}]/gu, "_")}${extname(key)}`);
}

function matches(header: string | undefined, etag: string): boolean {
  return (
    header !== undefined && (header === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag))
  );
}

/** Several ranges at once are answered with the whole, as HTTP allows. */
function rangeOf(
  request: MediaRequest,
  bytes: number,
  etag: string,
): { readonly start: number; readonly end: number } | "unsatisfiable" | null {
  const { range, "if-range": ifRange } = request.headers;
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return null;
  const ranges = parseRange(bytes, range, { combine: true });
  if (ranges === -1) return "unsatisfiable";
  if (ranges === -2 || ranges.type !== "bytes" || ranges.length !== 1) return null;
  return ranges[0] ?? null;
}
