import { Readable } from "node:stream";

/** The first bytes of a stream, at most `length`, and a stream of everything, these included. */
export async function receiveHead(
  source: Readable,
  length: number,
): Promise<{ readonly head: Uint8Array; readonly body: Readable }> {
  const chunks: Buffer[] = [];
  let received = 0;
  const rest = source.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  while (received < length) {
    const { value, done } = await rest.next();
    if (done === true) break;
    const chunk = Buffer.from(value as Uint8Array);
    chunks.push(chunk);
    received += chunk.length;
  }
  async function* all(): AsyncIterable<Buffer> {
    yield* chunks;
    for (let next = await rest.next(); next.done !== true; next = await rest.next())
      yield Buffer.from(next.value as Uint8Array);
  }
  const body = Readable.from(all(), { objectMode: false });
  // A generator that was never asked for anything is not told when its reader goes away.
  body.once("close", () => source.destroy());
  return { head: Buffer.concat(chunks).subarray(0, length), body };
}
