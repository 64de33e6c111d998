/** The stream itself: heard from, being opened, or failed at the last attempt. */
export type StreamState = "open" | "opening";

export interface StreamReport {
  readonly state: StreamState;
  /** Milliseconds since 1970 by this browser's clock: when the state began. */
  readonly since: number;
}

/** What a person is told. `since`: when it began, by this browser's clock. */
export interface Connection {
  readonly state: "live" | "connecting" | "offline";
  readonly since: number;
}

/** A shorter break is nobody's business. */
const CALM_MS = 1_500;
/** After this long without a stream the server counts as unreachable. */
const UNREACHABLE_MS = 6_000;

/** What to show now, and when to look again (null: when something happens). */
export function shownConnection(
  stream: StreamReport,
  now: number,
  offlineSince: number | null,
): { readonly shown: Connection; readonly lookAgainAt: number | null } {
  if (offlineSince !== null) return { shown: { state: "offline", since: offlineSince }, lookAgainAt: null };
  if (stream.state === "open") return { shown: { state: "live", since: stream.since }, lookAgainAt: null };
  const down = now - stream.since;
  if (down >= UNREACHABLE_MS) return { shown: { state: "offline", since: stream.since }, lookAgainAt: null };
  const lookAgainAt = stream.since + (down < CALM_MS ? CALM_MS : UNREACHABLE_MS);
  const state = down < CALM_MS ? "live" : "connecting";
  return { shown: { state, since: stream.since }, lookAgainAt };
}
