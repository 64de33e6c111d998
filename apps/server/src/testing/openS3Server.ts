import crypto from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, request as send } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import S3rver from "s3rver";
import { temporaryFolder } from "./temporaryFolder.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Settings } from "../storage/s3/S3Settings.ts";

/** What goes wrong with a request instead of, or on top of, its being answered. */
export type Fault =
  /** Turned away with this status. */
  | { readonly status: number; readonly code: string }
  /** The connection is cut: before the server has the request, or after it has carried it out. */
  | { readonly cut: "before" | "after" }
  /** The connection is cut after so many bytes of the answer's body. */
  | { readonly cutBodyAt: number }
  /** Nothing more of the answer's body comes after so many bytes. */
  | { readonly stallBodyAt: number }
  /** Waits for this before the server has the request. */
  | { readonly hold: Promise<void> };

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

const BUCKET = "reel-test";
/** The one key that s3rver knows. */
export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" } as const;

/**
 * An S3 server with one bucket: s3rver, and in front of it what it lacks of S3 (taking uploads back, listing them, asking
 * for the answer to a completed one again, no trace of a request that was cut) and faults on demand.
 */
export async function openS3Server() {
  const folder = await temporaryFolder();
  const address = "127.0.0.1";
  const options = { address, port: 0, silent: true, directory: folder.path, vhostBuckets: false };
  const restoreCipher = mendCipher();
  const server = new S3rver({ ...options, configureBuckets: [{ name: BUCKET }] });
  waitForDisk(server.store);
  const { port } = await server.run();
  const uploadsFolder = server.store.getResourcePath(BUCKET, undefined, "uploads");
  const pathOf = (name: string): string => server.store.getResourcePath(BUCKET, name, "object");
  const faults: { readonly on: (request: SeenRequest) => boolean; readonly fault: Fault }[] = [];
  const requests: SeenRequest[] = [];

  const underWay = new Set<ServerResponse>();
  const front = createServer((request, response) => {
    underWay.add(response);
    response.once("close", () => underWay.delete(response));
    answer(request, response).catch(() => response.destroy());
  });
  // A test that ends is not kept waiting for connections that are kept alive.
  front.keepAliveTimeout = 1_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const seen = { method, url, headers };
    requests.push(seen);
    const at = faults.findIndex(({ on }) => on(seen));
    const fault = at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
    // All of it, or nothing reaches the server: S3 never shows half of what was cut.
    const body = await buffer(request);
    if (fault !== null && "status" in fault) return refuse(response, fault.status, fault.code);
    if (fault !== null && "cut" in fault && fault.cut === "before") return void response.destroy();
    if (fault !== null && "hold" in fault) await fault.hold;
    const { pathname, searchParams } = new URL(url, "http://s3");
    const uploadId = searchParams.get("uploadId");
    if (uploadId !== null && !(await uploads()).includes(uploadId)) return refuse(response, 404, "NoSuchUpload");
    if (method === "DELETE" && uploadId !== null) {
      await rm(join(uploadsFolder, uploadId), { recursive: true, force: true });
      return void response.writeHead(204).end();
    }
    if (method === "GET" && searchParams.has("uploads"))
      return void response.end(await uploadsXml(searchParams.get("prefix") ?? ""));
    if (headers.range !== undefined && (await isEmpty(pathname))) return refuse(response, 416, "InvalidRange");
    await pass({ ...seen, body }, response, fault);
  }

  function pass(
    { method, url, headers, body }: SeenRequest & { readonly body: Buffer },
    response: ServerResponse,
    fault: Fault | null,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked = send({ host: address, port, method, path: url, headers, agent: false }, (answered) => {
        buffer(answered).then((bytes) => {
          if (fault !== null && "cut" in fault) response.destroy();
          else if (fault !== null && "cutBodyAt" in fault)
            response
              .writeHead(answered.statusCode ?? 500, answered.headers)
              .write(bytes.subarray(0, fault.cutBodyAt), () => response.destroy());
          else if (fault !== null && "stallBodyAt" in fault)
            response
              .writeHead(answered.statusCode ?? 500, answered.headers)
              .write(bytes.subarray(0, fault.stallBodyAt));
          else response.writeHead(answered.statusCode ?? 500, answered.headers).end(bytes);
          resolve();
        }, reject);
      });
      asked.once("error", reject).end(body);
    });
  }

  /** Of an empty object's bytes s3rver promises one, and never sends it. */
  async function isEmpty(pathname: string): Promise<boolean> {
    const found = await stat(pathOf(pathname.slice(BUCKET.length + 2))).catch(() => null);
    return found?.size === 0;
  }

  async function uploads(): Promise<readonly string[]> {
    return readdir(uploadsFolder).catch(() => []);
  }

  async function openUploads() {
    const found = (await uploads()).map(async (id) => {
      const path = join(uploadsFolder, id, "key");
      return { id, key: await readFile(path, "utf8"), at: (await stat(path)).mtime.toISOString() };
    });
    return Promise.all(found);
  }

  async function uploadsXml(prefix: string): Promise<string> {
    const listed = (await openUploads())
      .filter(({ key }) => key.startsWith(prefix))
      .map(
        ({ id, key, at }) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at}</Initiated></Upload>`,
      );
    return `<ListMultipartUploadsResult>${listed.join("")}</ListMultipartUploadsResult>`;
  }

  await new Promise<void>((resolve) => front.listen(0, address, resolve));
  const endpoint = `http://${address}:${(front.address() as AddressInfo).port}`;
  return {
    endpoint,
    bucket: BUCKET,
    settings: (prefix = "media/"): S3Settings => ({
      bucket: BUCKET,
      prefix,
      endpoint,
      region: "us-east-1",
      pathStyle: true,
      signedReads: false,
      publicEndpoint: null,
    }),
    /** The next request that fits meets the fault. */
    fail: (on: (request: SeenRequest) => boolean, fault: Fault): void => void faults.push({ on, fault }),
    faultsLeft: () => faults.length,
    forgetFaults: (): void => void faults.splice(0),
    /** How many answers are not sent to their end. */
    bodiesUnderWay: () => underWay.size,
    /** What was asked, from the first request on. */
    requests: requests as readonly SeenRequest[],
    /** The uploads under a prefix that are neither completed nor taken back. */
    uploads: async (prefix: string): Promise<readonly string[]> =>
      (await openUploads()).filter(({ key }) => key.startsWith(prefix)).map(({ key }) => key),
    /** Where an object lies, for tests that change it or its age behind everybody's back. */
    pathOf,
    async [Symbol.asyncDispose]() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await server.close();
      restoreCipher();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  response.writeHead(status, { "content-type": "application/xml" }).end(xml);
}

/** s3rver answers when all is written to the system's stream, which may be before it is in the file. */
function waitForDisk(store: S3rver["store"]): void {
  const putObject = store.putObject.bind(store);
  const putPart = store.putPart.bind(store);
  const landed = async <W extends { readonly size: number }>(written: W, path: string): Promise<W> => {
    while ((await stat(path)).size < written.size) await wait(2);
    return written;
  };
  store.putObject = async (object) =>
    landed(await putObject(object), store.getResourcePath(object.bucket, object.key, "object"));
  store.putPart = async (bucket, uploadId, partNumber, content) =>
    landed(
      await putPart(bucket, uploadId, partNumber, content),
      join(store.getResourcePath(bucket, undefined, "uploads"), uploadId, partNumber),
    );
}

/** s3rver enciphers the token of a listing's next page with DES, which today's OpenSSL only has threefold. */
function mendCipher(): () => void {
  const real = crypto.createCipheriv;
  const realBack = crypto.createDecipheriv;
  const thrice = (key: Buffer): Buffer => Buffer.concat([key, key, key]);
  type Cipher = (name: string, key: Buffer, iv: Buffer) => unknown;
  const mended =
    (make: Cipher): Cipher =>
    (name, key, iv) =>
      name === "des" ? make("des-ede3-cbc", thrice(key), iv) : make(name, key, iv);
  Object.assign(crypto, {
    createCipheriv: mended(real as unknown as Cipher),
    createDecipheriv: mended(realBack as unknown as Cipher),
  });
  return () => void Object.assign(crypto, { createCipheriv: real, createDecipheriv: realBack });
}
