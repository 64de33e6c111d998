import { createConnection, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A way to a server that breaks when it is told to: the statement that is named is the last thing that passes, or the first that does not. */
export interface Cutter extends AsyncDisposable {
  readonly url: string;
  /**
   * Breaks the connection at the next such statement, once: before the server hears of it, or before it is answered. `forGood`:
   * and lets nobody through afterwards.
   */
  readonly cutAt: (statement: string, when: "before" | "after", forGood?: "forGood") => void;
  /** Takes back a cut that was to come. */
  readonly spare: () => void;
  /** How many connections it has broken: in all, or at that moment. */
  readonly cuts: (when?: "before" | "after") => number;
}

export async function openCutter(url: string): Promise<Cutter> {
  const behind = new URL(url);
  const folder = behind.searchParams.get("host");
  let due: { readonly statement: string; readonly when: "before" | "after"; readonly forGood: boolean } | null = null;
  let closed = false;
  const cuts = { before: 0, after: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (closed) return void near.destroy();
    const far =
      folder === null
        ? createConnection(Number(behind.port), behind.hostname)
        : createConnection(`${folder}/.s.PGSQL.5432`);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    let deaf = false;
    near.on("data", (sent) => {
      if (due === null || !sent.includes(due.statement)) return void far.write(sent);
      const { when } = due;
      closed = due.forGood;
      due = null;
      cuts[when] += 1;
      deaf = true;
      if (when === "before") return void [near, far].map((socket) => socket.destroy());
      far.write(sent);
    });
    far.on("data", (answer) => {
      if (!deaf) return void near.write(answer);
      // The server has done it and said so, and nobody hears.
      near.destroy();
      far.destroy();
    });
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  behind.searchParams.delete("host");
  behind.hostname = "127.0.0.1";
  behind.port = String((server.address() as AddressInfo).port);
  return {
    url: behind.href,
    cutAt: (statement, when, forGood) => void (due = { statement, when, forGood: forGood !== undefined }),
    spare: () => void (due = null),
    cuts: (when) => (when === undefined ? cuts.before + cuts.after : cuts[when]),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
