import { once } from "node:events";
import { createServer, get } from "node:http";
import { expect, it } from "vitest";
import { openProxy } from "./openProxy.ts";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Program } from "./openProgram.ts";

const patience = { timeout: 20_000, interval: 10 };

/** What the proxy knows of a process: where it is, and whether it is ready. */
async function member(answer: RequestListener): Promise<Program & { readonly server: Server }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    server,
    isReady: async () => server.listening,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  } as unknown as Program & { readonly server: Server };
}

/** A stream that says one thing, and whatever it is told to say later. */
function openStream(open: Set<ServerResponse>): RequestListener {
  return (_request, response) => {
    open.add(response);
    response.on("close", () => open.delete(response));
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
  };
}

async function listen(url: string): Promise<{ readonly heard: string[]; readonly stream: IncomingMessage }> {
  const asked = get(url, { agent: false });
  const [stream] = (await once(asked, "response")) as [IncomingMessage];
  const heard: string[] = [];
  stream.setEncoding("utf8").on("data", (text: string) => heard.push(text));
  stream.on("error", () => heard.push("broken"));
  return { heard, stream };
}

it("passes a stream on piece by piece, ends it with its process, and lets go of it with its browser", async () => {
  const open = new Set<ServerResponse>();
  await using one = await member(openStream(open));
  await using proxy = await openProxy([one], { port: 0 });
  const leaves = await listen(proxy.url);
  const stays = await listen(proxy.url);
  await expect.poll(() => stays.heard, patience).toEqual(["data: first\n\n"]);
  leaves.stream.destroy();
  await expect.poll(() => open.size, patience).toBe(1);
  for (const response of open) response.write("data: second\n\n");
  await expect.poll(() => stays.heard, patience).toEqual(["data: first\n\n", "data: second\n\n"]);
  one.server.closeAllConnections();
  await expect.poll(() => stays.heard.at(-1), patience).toBe("broken");
});

it("lets go of a request whose browser leaves before it is answered, which it held for two minutes", async () => {
  const open = new Set<ServerResponse>();
  const ended = Promise.withResolvers<void>();
  await using silent = await member((_request, response) => {
    open.add(response);
    response.on("close", () => ended.resolve());
  });
  await using proxy = await openProxy([silent], { port: 0 });
  const asked = get(proxy.url, { agent: false }).on("error", () => {});
  await expect.poll(() => open.size, patience).toBe(1);
  asked.destroy();
  await ended.promise;
});

it("asks nobody twice, and goes by a process that is not ready", async () => {
  let asked = 0;
  await using breaks = await member((incoming) => {
    asked += 1;
    incoming.socket.destroy();
  });
  await using proxy = await openProxy([breaks], { port: 0 });
  const answer = await fetch(proxy.url, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(asked).toBe(1);

  await using works = await member((_incoming, response) => response.end("here"));
  await using other = await openProxy([breaks, works], { port: 0 });
  await new Promise((resolve) => breaks.server.close(resolve));
  const said = async (): Promise<readonly string[]> =>
    Promise.all([1, 2, 3, 4].map(async () => (await fetch(other.url)).text()));
  await expect.poll(said, patience).toEqual(["here", "here", "here", "here"]);
});
