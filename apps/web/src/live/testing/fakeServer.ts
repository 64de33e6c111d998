import type { LiveItem } from "@reelstate/api";
import type { StreamState } from "../shownConnection.ts";
import type { ModelStudio } from "./modelStudio.ts";

/** A model studio behind a network that takes time, loses things, and can be cut, on the test's clock. */
export interface FakeServer {
  studio: ModelStudio;
  /** What becomes of an item on its way; the studio does not know. */
  fault: (item: LiveItem) => readonly LiveItem[];
  up: boolean;
  /** How long a read takes there and back. */
  latency: { there: number; back: number };
  readonly reads: number;
  readonly connections: number;
  /** Sends what was committed since to every stream. */
  wake(): void;
  connect(input: { readonly after?: number; readonly feedId?: string }, listener: StreamListener): () => void;
  /** A question, answered from one snapshot at the moment it arrives. */
  read<T>(question: (studio: ModelStudio) => T): Promise<T>;
}

export interface StreamListener {
  state(state: StreamState): void;
  item(item: LiveItem): void;
}

interface Stream {
  sent: number;
  send(items: readonly LiveItem[]): void;
  cut(): void;
}

const HEAD_MS = 5_000;
const RETRY_MS = 500;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function fakeServer(first: ModelStudio): FakeServer {
  const streams = new Set<Stream>();
  let up = true;
  let [reads, connections] = [0, 0];

  const server: FakeServer = {
    studio: first,
    fault: (item) => [item],
    latency: { there: 5, back: 5 },
    get up() {
      return up;
    },
    set up(now) {
      up = now;
      if (!up) for (const stream of streams) stream.cut();
    },
    get reads() {
      return reads;
    },
    get connections() {
      return connections;
    },
    wake() {
      for (const stream of streams) {
        stream.send(server.studio.itemsAfter(stream.sent));
        stream.sent = server.studio.head;
      }
    },
    connect(input, listener) {
      let closed = false;
      let lastHeard: number | null = null;
      let stop = () => {};

      function begin(): void {
        if (closed) return;
        listener.state("opening");
        if (!up) return void setTimeout(begin, RETRY_MS);
        connections += 1;
        const stream: Stream = {
          sent: server.studio.head,
          send(items) {
            for (const item of items) for (const arrived of server.fault(item)) setTimeout(() => deliver(arrived), 2);
          },
          cut() {
            streams.delete(stream);
            stop();
            setTimeout(begin, RETRY_MS);
          },
        };
        function deliver(item: LiveItem): void {
          if (closed || !streams.has(stream)) return;
          // The client's link repeats the last tracked id when it reconnects.
          if (item.kind === "transition" || item.kind === "removed" || item.kind === "reset") lastHeard = item.seq;
          listener.item(item);
        }
        const heads = setInterval(() => stream.send([server.studio.headItem()]), HEAD_MS);
        stop = () => {
          clearInterval(heads);
          streams.delete(stream);
        };
        streams.add(stream);
        setTimeout(() => streams.has(stream) && listener.state("open"), 1);
        const after =
          input.after === undefined && lastHeard === null ? {} : { after: Math.max(input.after ?? 0, lastHeard ?? 0) };
        stream.send(server.studio.subscribe({ ...input, ...after }));
      }

      begin();
      return () => {
        closed = true;
        stop();
      };
    },
    async read(question) {
      const { there, back } = server.latency;
      reads += 1;
      await wait(there);
      if (!up) throw new Error("unreachable");
      const answer = question(server.studio);
      await wait(back);
      if (!up) throw new Error("unreachable");
      return answer;
    },
  };
  return server;
}
