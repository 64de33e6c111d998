import { StoreUnavailable } from "@reelstate/db";
import { describe, expect, it, vi } from "vitest";
import { openTestHttp } from "../testing/openTestHttp.ts";
import { WORKSPACE } from "../testing/openTestStudio.ts";
import type { TestHttpOptions } from "../testing/openTestHttp.ts";

/** What a browser's EventSource hands on: its kind, its data, and the last id heard by then. */
interface Message {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

interface ReadOptions {
  readonly count?: number;
  readonly event?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function openHttp(options: TestHttpOptions = {}) {
  const http = await openTestHttp(options);
  const url = await http.app.listen({ port: 0, host: "127.0.0.1" });
  return { ...http, url: `${url}/trpc/events.live` };
}

/** Reads a stream until it has said `count` messages of `event`, as the HTML standard has an EventSource read it. */
async function read(url: string, { count = 1, event = "message", headers = {} }: ReadOptions = {}) {
  const stop = new AbortController();
  const answer = await fetch(url, { headers: { accept: "text/event-stream", ...headers }, signal: stop.signal });
  const messages: Message[] = [];
  let text = "";
  let id = headers["last-event-id"] ?? "";
  const decoder = new TextDecoder();
  for await (const bytes of answer.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const fields = new Map(text.slice(0, end).split("\n").flatMap(field));
      text = text.slice(end + 2);
      id = fields.get("id") ?? id;
      if (fields.has("data"))
        messages.push({ event: fields.get("event") ?? "message", data: fields.get("data") ?? "", id });
    }
    if (messages.filter((one) => one.event === event).length >= count) break;
  }
  stop.abort();
  return { status: answer.status, headers: answer.headers, messages };
}

function field(line: string): readonly (readonly [string, string])[] {
  const colon = line.indexOf(":");
  return colon <= 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")]];
}

const input = (position: object): string => `?input=${encodeURIComponent(JSON.stringify(position))}`;
/** A parameter that we leave to tRPC, so that it answers itself. */
const BY_TRPC = "&connectionParams=null";
const items = (messages: readonly Message[]) => messages.filter(({ event }) => event === "message");

describe("the live stream on the wire", () => {
  it("[E2] says what tRPC itself would say: each item, under the ids by which its client tells positions from values", async () => {
    await using http = await openHttp();
    for (let count = 0; count < 3; count += 1) await http.studio.create();
    // The head, three events, the line and no trouble.
    const ours = await read(http.url + input({ after: 0 }), { count: 6 });
    const theirs = await read(http.url + input({ after: 0 }) + BY_TRPC, { count: 6 });
    expect(items(ours.messages)).toEqual(items(theirs.messages));
    expect(ours.messages[0]).toEqual(theirs.messages[0]);
    expect(items(ours.messages).map(({ id }) => id)).toEqual(["", "1", "2", "3", "", ""]);
    for (const name of ["content-type", "cache-control", "x-accel-buffering", "vary", "content-security-policy"])
      expect([name, ours.headers.get(name)]).toEqual([name, theirs.headers.get(name)]);
  });

  it("[E3] goes on after the last id that a browser sends, and gives it back after every value", async () => {
    await using http = await openHttp();
    for (let count = 0; count < 3; count += 1) await http.studio.create();
    const { messages } = await read(http.url + input({ after: 1 }), { count: 4, headers: { "last-event-id": "2" } });
    const kinds = items(messages).map(({ data }) => (JSON.parse(data) as { kind: string }).kind);
    expect(kinds.slice(0, 2)).toEqual(["head", "transition"]);
    // Latest values, told as soon as each is known.
    expect(kinds.slice(2).toSorted()).toEqual(["queue", "trouble"]);
    const restored = await read(http.url + input({ after: 1 }), {
      event: "restore-id",
      headers: { "last-event-id": "2" },
    });
    expect(restored.messages.slice(0, 3).map(({ event, id }) => [event, id])).toEqual([
      ["connected", "2"],
      ["message", ""],
      ["restore-id", "2"],
    ]);
    const asQuery = await read(`${http.url}?lastEventId=2`, { count: 2 });
    expect(items(asQuery.messages)[1]).toMatchObject({ id: "3" });
  });

  it.each([
    ["an unknown field", input({ afetr: 1 })],
    ["a position below zero", input({ after: -1 })],
    ["no JSON", "?input=%7B"],
    ["a last id that is no seq", "?lastEventId=7%3BDROP"],
  ])("answers a wrong question as tRPC does: %s", async (_what, query) => {
    await using http = await openHttp();
    const ours = await http.ask(`/trpc/events.live${query}`);
    const theirs = await http.ask(`/trpc/events.live${query}${BY_TRPC}`);
    expect(ours.body).toBe(theirs.body);
    expect(ours.statusCode).toBe(theirs.statusCode);
    expect(ours.body).toMatch(/BAD_REQUEST/);
  });

  it("is refused to another origin and another name before anything is read", async () => {
    await using http = await openHttp();
    expect((await http.ask("/trpc/events.live", { headers: { host: "evil.example" } })).statusCode).toBe(421);
  });

  it("loses nothing for a browser that does not read for a while", async () => {
    await using http = await openHttp({ grant: 1_000_000 });
    const stop = new AbortController();
    const answer = await fetch(http.url + input({ after: 0 }), { signal: stop.signal });
    const prompt = "fog ".repeat(400);
    for (let round = 0; round < 50; round += 1)
      await http.studio.api.assets.create({ type: "image", prompt, model: "sim/image", count: 8 });
    const seqs: number[] = [];
    let text = "";
    for await (const bytes of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += bytes;
      const ends = text.lastIndexOf("\n\n");
      seqs.push(...[...text.slice(0, ends).matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq)));
      text = text.slice(ends);
      if (seqs.includes(400)) break;
    }
    stop.abort();
    const told = seqs.filter((seq, index) => seq !== seqs[index - 1]);
    expect(told).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
  });

  it("[E3] ends where the feed cannot be read on, and goes on at the seq that the browser heard", async () => {
    let broken = false;
    await using http = await openHttp({
      wrapStore: (store) => ({
        ...store,
        readFeed: (request) => (broken ? Promise.reject(new Error("the disk is gone")) : store.readFeed(request)),
      }),
    });
    const answer = await fetch(http.url);
    const reader = answer.body?.getReader();
    await reader?.read();
    broken = true;
    await http.studio.create();
    await expect(
      (async () => {
        while ((await reader?.read())?.done !== true);
      })(),
    ).rejects.toThrow(/terminated|aborted|closed/);
    expect(http.studio.lines.some(({ msg }) => String(msg).includes("a live stream broke"))).toBe(true);
    broken = false;
    const again = await read(http.url, { count: 2, headers: { "last-event-id": "0" } });
    expect(items(again.messages)[1]).toMatchObject({ id: "1" });
  });

  it("cannot begin while the database server is away, which was told as a bug: a 503 and a warning", async () => {
    const away = new StoreUnavailable("unreachable", { cause: null });
    await using http = await openHttp({
      wrapStore: (store) => ({
        ...store,
        feedHead: () => Promise.reject(away),
        listAssets: () => Promise.reject(away),
      }),
    });
    for (const path of ["/trpc/events.live", "/trpc/assets.list?input=%7B%7D"]) {
      const answer = await http.ask(path);
      expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining("does not answer")]);
    }
    expect(http.studio.lines.map(({ level }) => level)).toEqual([40, 40]);
  });

  it("cannot begin where the database is broken, and says so as tRPC does", async () => {
    await using http = await openHttp({
      wrapStore: (store) => ({ ...store, feedHead: () => Promise.reject(new Error("the disk is gone")) }),
    });
    const answer = await http.ask("/trpc/events.live");
    expect(answer.body).toMatch(/event: serialized-error/);
    expect(answer.body).not.toMatch(/the disk is gone/);
  });

  it("lets go of its feed when the browser goes", async () => {
    let listening = 0;
    await using http = await openHttp({
      wrapStore: (store) => ({
        ...store,
        onWake: (listener) => {
          listening += 1;
          const stop = store.onWake(listener);
          return () => {
            listening -= 1;
            stop();
          };
        },
      }),
    });
    await read(http.url, { count: 1 });
    await vi.waitFor(() => expect(listening).toBe(0), 5_000);
    expect(await http.studio.store.feedHead({ workspaceId: WORKSPACE })).toMatchObject({ seq: 0 });
  });
});
