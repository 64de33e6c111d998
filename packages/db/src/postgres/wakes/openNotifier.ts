import { Client } from "pg";
import { CHANNEL, toPayload } from "./notification.ts";
import type { ClientConfig } from "pg";
import type { Wake } from "../../store/feed.ts";

/** However much happens, the server hears of it at most so often from each process. */
const QUIET_MS = 10;
/** A server that is not there is not asked more often than this. */
const QUIET_AFTER_FAILURE_MS = 500;

/** A wake is worth no flush, for which everybody's commits would wait: it carries no data and may be lost. */
const NOT_FLUSHED = "-c synchronous_commit=off";

/** Tells other processes: the first wake at once, those that follow within a few milliseconds together. */
export interface Notifier {
  readonly send: (wake: Wake) => void;
  readonly close: () => Promise<void>;
}

export function openNotifier(connection: ClientConfig, by: string): Notifier {
  let client: Promise<Client> | null = null;
  let due: Wake | null = null;
  let resting: NodeJS.Timeout | null = null;
  let sending: Promise<void> | null = null;
  let closed = false;

  function connect(): Promise<Client> {
    const opening = new Client({ ...connection, options: `${connection.options ?? ""} ${NOT_FLUSHED}` });
    const forget = (): void => {
      if (client === mine) client = null;
    };
    opening.on("error", forget);
    opening.on("end", forget);
    const mine = opening.connect().then(() => opening);
    return mine;
  }

  function flush(): void {
    if (due === null || sending !== null || resting !== null) return;
    const wake = due;
    due = null;
    sending = say(wake).then((said) => {
      sending = null;
      if (closed) return;
      resting = setTimeout(
        () => {
          resting = null;
          flush();
        },
        said ? QUIET_MS : QUIET_AFTER_FAILURE_MS,
      ).unref();
    });
  }

  /** What cannot be said is not said again: others look by themselves every second. */
  async function say(wake: Wake): Promise<boolean> {
    const mine = (client ??= connect());
    try {
      await (await mine).query("SELECT pg_notify($1, $2)", [CHANNEL, toPayload({ by, wake })]);
      return true;
    } catch {
      if (client === mine) client = null;
      // The server may have refused the wake alone, and its connection be as good as before.
      void mine.then((open) => open.end()).catch(() => undefined);
      return false;
    }
  }

  return {
    send: (wake) => {
      if (closed) return;
      due = { feed: wake.feed || due?.feed === true, work: wake.work || due?.work === true };
      flush();
    },
    close: async () => {
      closed = true;
      if (resting !== null) clearTimeout(resting);
      resting = null;
      await sending;
      // The last thing that happened is told too.
      if (due !== null) await say(due);
      await client?.then((open) => open.end()).catch(() => undefined);
    },
  };
}
