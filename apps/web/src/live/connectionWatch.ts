import { shownConnection } from "./shownConnection.ts";
import { valueStore } from "./valueStore.ts";
import type { LivePorts } from "./livePorts.ts";
import type { Connection, StreamReport, StreamState } from "./shownConnection.ts";
import type { ValueStore } from "./valueStore.ts";

/** Turns what happens to the stream into what a person is told, calmly. */
export interface ConnectionWatch {
  readonly connection: ValueStore<Connection>;
  stream(): StreamReport;
  /** False when that is how it already was. */
  report(state: StreamState, since?: number): boolean;
  /** The network may have come or gone. */
  look(): void;
  start(): () => void;
}

export function createConnectionWatch(ports: LivePorts): ConnectionWatch {
  let stream: StreamReport = { state: "opening", since: ports.now() };
  let offlineSince: number | null = null;
  let stopTimer = () => {};
  const connection = valueStore<Connection>({ state: "connecting", since: stream.since });

  function look(): void {
    stopTimer();
    stopTimer = () => {};
    const now = ports.now();
    offlineSince = ports.isOnline() ? null : (offlineSince ?? now);
    const { shown, lookAgainAt } = shownConnection(stream, now, offlineSince);
    const before = connection.get();
    if (shown.state !== before.state) connection.set(shown);
    if (lookAgainAt !== null) stopTimer = ports.after(Math.max(1, lookAgainAt - now), look);
  }

  return {
    connection,
    stream: () => stream,
    report(state, since = ports.now()) {
      if (state === stream.state) return false;
      stream = { state, since };
      look();
      return true;
    },
    look,
    start() {
      look();
      return () => stopTimer();
    },
  };
}
