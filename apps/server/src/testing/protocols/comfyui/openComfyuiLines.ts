import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import type { Server } from "node:http";
import type { WebSocket } from "ws";

type About = Readonly<Record<string, unknown>>;

/** ComfyUI's websocket: who listens, by client id, and what they are told. */
export interface ComfyuiLines {
  /** To whoever listens as this client; everybody without one. */
  readonly tell: (message: string | Uint8Array, clientId?: string) => void;
  readonly send: (type: string, about: About, clientId?: string) => void;
  readonly count: () => number;
  /** Ends every socket, as a proxy does now and then. */
  readonly hangUp: () => void;
  /** Takes the calls that come to a server at `/ws`; each is told the status first. */
  readonly attach: (
    server: Server,
    guard: { readonly token: string | undefined; readonly status: () => About },
  ) => void;
}

export function openComfyuiLines(): ComfyuiLines {
  const clients = new Map<string, WebSocket>();

  function tell(message: string | Uint8Array, clientId?: string): void {
    for (const [id, socket] of clients) if (clientId === undefined || clientId === id) socket.send(message);
  }

  function send(type: string, data: About, clientId?: string): void {
    tell(JSON.stringify({ type, data }), clientId);
  }

  return {
    tell,
    send,
    count: () => clients.size,
    hangUp: () => {
      for (const client of clients.values()) client.terminate();
      clients.clear();
    },
    attach: (server, { token, status }) => {
      const sockets = new WebSocketServer({ noServer: true });
      server.on("upgrade", (request, socket, head) => {
        const url = new URL(request.url ?? "/", "http://comfyui");
        if (url.pathname.replace(/^\/api/, "") !== "/ws") return void socket.destroy();
        if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
          return void socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
        sockets.handleUpgrade(request, socket, head, (client) => {
          const id = url.searchParams.get("clientId") ?? randomUUID();
          clients.set(id, client);
          client.on("close", () => clients.delete(id));
          send("status", { status: status(), sid: id }, id);
        });
      });
    },
  };
}
