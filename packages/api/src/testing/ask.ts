import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { appRouter } from "../router/index.ts";
import { CALLER } from "./ports.ts";
import type { StudioPorts } from "../ports.ts";

/** What a client gets over HTTP, word for word. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  /** The result's data. */
  readonly data: unknown;
  readonly error: { readonly message: string; readonly data: Readonly<Record<string, unknown>> } | null;
}

export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly input?: unknown;
}

/** Asks the real router with a real request. */
export async function ask(ports: StudioPorts, question: Question): Promise<Answered> {
  const response = await send(ports, requestOf(question));
  const text = await response.text();
  const { result, error } = JSON.parse(text) as {
    readonly result?: { readonly data: unknown };
    readonly error?: Answered["error"];
  };
  return { status: response.status, text, data: result?.data ?? null, error: error ?? null };
}

export function send(ports: StudioPorts, request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/trpc",
    req: request,
    router: appRouter,
    createContext: () => ({ caller: CALLER, ports }),
  });
}

function requestOf({ method, path, input }: Question): Request {
  const json = input === undefined ? undefined : JSON.stringify(input);
  if (method === "GET") {
    const query = json === undefined ? "" : `?input=${encodeURIComponent(json)}`;
    return new Request(`http://studio.test/trpc/${path}${query}`);
  }
  return new Request(`http://studio.test/trpc/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: json ?? "",
  });
}
