import { once } from "node:events";
import { Agent, get } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { startBuiltStudio } from "./builtStudio.ts";
import { eventTimes } from "./eventTimes.ts";

export interface LiveSubscribers {
  /** From an event's commit to its arrival, each event at each subscriber; milliseconds. */
  readonly arrivals: readonly number[];
  /** Resident memory of the server for one more subscriber, in kilobytes. */
  readonly kbEach: number;
  /** Processor time of the server for one event at one subscriber, reading and writing down the event included; microseconds. */
  readonly usEach: number;
  /** Processor time of the server in a second for one subscriber to whom nothing happens; microseconds. */
  readonly usIdle: number;
}

/** Long enough for each to hear the head four times. */
const IDLE_MS = 20_000;
/** For what hangs: an event that never arrives everywhere. */
const PATIENCE_MS = 120_000;

/** The built program with so many browsers looking at one workspace, while assets are created one after the other. */
export async function liveSubscribers(subscribers: number, creates: number): Promise<LiveSubscribers> {
  await using studio = await startBuiltStudio();
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  const alone = await studio.memoryMb();
  const arrivals: number[] = [];
  const requests = new Set<ClientRequest>();
  for (let number = 0; number < subscribers; number += 1) {
    const request = get(`${studio.url}/trpc/events.live`, { agent });
    requests.add(request);
    const [stream] = (await once(request, "response")) as [IncomingMessage];
    const timesIn = eventTimes();
    stream.setEncoding("utf8").on("data", (piece: string) => {
      for (const at of timesIn(piece)) arrivals.push(Date.now() - at);
    });
    stream.on("error", () => {});
    request.on("error", () => {});
  }
  const looking = await studio.memoryMb();
  const settled = await studio.cpuMs();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const before = await studio.cpuMs();
  const heardBefore = arrivals.length;
  for (let number = 0; number < creates; number += 1) {
    const heard = arrivals.length + subscribers;
    const created = await fetch(`${studio.url}/trpc/assets.create`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // Nobody makes it within this test: a create is one event, and one more while the worker has a hand free to claim it.
      body: JSON.stringify({
        type: "image",
        prompt: "fog over the harbour",
        model: "sim/image",
        params: { script: { queueMs: 3_600_000 } },
      }),
    });
    if (!created.ok) throw new Error(`A create was answered ${created.status}: ${await created.text()}`);
    for (const end = Date.now() + PATIENCE_MS; arrivals.length < heard;) {
      if (Date.now() > end) throw new Error(`${arrivals.length} of ${heard} arrivals were heard.`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const after = await studio.cpuMs();
  const told = arrivals.length - heardBefore;
  for (const request of requests) request.destroy();
  agent.destroy();
  return {
    arrivals,
    kbEach: ((looking - alone) * 1024) / subscribers,
    usEach: (1_000 * (after - before)) / told,
    usIdle: (1_000 * (before - settled)) / (subscribers * (IDLE_MS / 1_000)),
  };
}
