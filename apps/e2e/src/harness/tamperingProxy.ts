import { createServer, request as httpRequest } from "node:http";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of one message of the live stream; several, none, or later. */
export type Tamper = (message: string) => readonly string[];

export interface TamperingProxy extends AsyncDisposable {
  readonly url: string;
  /** Messages of the live stream that came from the studio, untouched. */
  readonly heard: readonly string[];
  /** Pulls the cable: every connection breaks, and none can be made. */
  cut(): Promise<void>;
  heal(): Promise<void>;
}

/**
 * Stands between page and studio. Everything passes as it is but the live stream, whose messages (Server-Sent Events:
 * blocks of lines ended by an empty one) go through `tamper`.
 */
export async function tamperingProxy(studioUrl: string, tamper: Tamper): Promise<TamperingProxy> {
  const target = new URL(studioUrl);
  const heard: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const headers = {
      ...incoming.headers,
      host: target.host,
      ...(incoming.headers.origin === undefined ? {} : { origin: target.origin }),
    };
    const onward = httpRequest(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      (answer) => pass(answer, outgoing),
    );
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  function pass(answer: IncomingMessage, outgoing: ServerResponse): void {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on("error", () => outgoing.destroy());
    if (!(answer.headers["content-type"] ?? "").startsWith("text/event-stream")) {
      answer.pipe(outgoing);
      return;
    }
    outgoing.flushHeaders();
    let rest = "";
    answer.setEncoding("utf8").on("data", (text: string) => {
      const blocks = `${rest}${text}`.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        heard.push(block);
        for (const message of tamper(block)) outgoing.write(`${message}\n\n`);
      }
    });
    answer.on("end", () => outgoing.end());
  }

  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    cut: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
    heal: async () => {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Whether a message tells of a transition, and which status it tells. */
export function transitionIn(message: string): string | null {
  if (!message.includes('"kind":"transition"')) return null;
  return /"to":"([a-z]+)"/.exec(message)?.[1] ?? null;
}
