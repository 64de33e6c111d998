import { TRPCClientError } from "@trpc/client";
import { isTrackedEnvelope } from "@trpc/server";
import { refusalOf } from "@reelstate/web/live/refusalOf.ts";
import type { AppRouter } from "@reelstate/api/router";
import type { LiveItem } from "@reelstate/api";
import type { TRPCClient } from "@trpc/client";
import type { Realm } from "../clock/openScheduler.ts";
import type { World } from "../World.ts";
import type { Truth } from "../judge/openTruth.ts";
import type { StudioProcess } from "../studio/openProcess.ts";

export type Api = TRPCClient<AppRouter>;

/** What lies between a browser and whichever process serves it: it loses, delays, doubles and reorders. */
export interface Network {
  /** `again`: the request may be sent twice on the way. */
  readonly ask: <T>(what: string, request: (api: Api) => Promise<T>, again?: boolean) => Promise<T>;
  readonly listen: (input: object, listener: StreamListener) => () => void;
}

export interface StreamListener {
  readonly state: (state: "open" | "opening") => void;
  readonly item: (item: LiveItem) => void;
  readonly failed: () => void;
}

const ODDS = { lose: 0.05, slow: 0.05, twice: 0.06, breaks: 0.02, dropItem: 0.04, doubleItem: 0.05, lateItem: 0.08 };

export function openNetwork(world: World, realm: Realm, served: () => StudioProcess | null, truth: Truth): Network {
  const chance = world.chance.fork();
  const errs = (odds: number): boolean => world.trouble && chance.happens(odds);
  const delay = (): number => chance.between(2, errs(ODDS.slow) ? 3_000 : 30);
  const lost = (): Error => new TRPCClientError("The connection broke.");

  function send<T>(what: string, request: (api: Api) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (): void => void realm.after(delay(), () => reject(lost()));
      if (errs(ODDS.lose)) return fail();
      const process = served();
      if (process === null || process.realm.dead()) return fail();
      let answered = false;
      // A process that died says nothing: its socket is closed, or the browser gives up in the end.
      realm.after(12_000, () => {
        if (!answered) fail();
      });
      process.realm.after(delay(), () => {
        const api = process.api();
        if (api === null) return fail();
        request(api).then(
          (value) => {
            answered = true;
            const text = JSON.stringify(value);
            truth.said(value);
            world.tell(process.realm.name, "answers", what);
            if (errs(ODDS.lose)) return fail();
            realm.after(delay(), () => resolve(JSON.parse(text) as T));
          },
          (error: unknown) => {
            answered = true;
            truth.said(refusalOf(error));
            world.tell(process.realm.name, "refuses", `${what} ${String(error)}`);
            realm.after(delay(), () => reject(error));
          },
        );
      });
    });
  }

  function listen(input: object, listener: StreamListener): () => void {
    let closed = false;
    let lastEventId: string | null = null;
    let abort = new AbortController();

    function retry(): void {
      if (closed) return;
      listener.failed();
      realm.after(chance.between(150, 1_200), connect);
    }

    function connect(): void {
      if (closed) return;
      const process = served();
      if (process === null || process.api() === null || errs(ODDS.lose)) return retry();
      const stop = new AbortController();
      abort = stop;
      const over = (): void => {
        if (stop.signal.aborted) return;
        stop.abort("over");
        retry();
      };
      process.realm.after(delay(), () => void follow(process, stop, over));
      watch(process, stop.signal, over);
    }

    /** A dead process's socket is noticed; a stopped one's is not. */
    function watch(process: StudioProcess, signal: AbortSignal, over: () => void): void {
      realm.after(500, () => {
        if (signal.aborted) return;
        if (process.realm.dead() || errs(ODDS.breaks)) over();
        else watch(process, signal, over);
      });
    }

    async function follow(process: StudioProcess, stop: AbortController, over: () => void): Promise<void> {
      const { signal } = stop;
      try {
        const stream = await process.live({ ...input, ...(lastEventId === null ? {} : { lastEventId }) }, signal);
        realm.after(delay(), () => signal.aborted || listener.state("open"));
        let lastAt = 0;
        for await (const said of stream) {
          if (signal.aborted) return;
          const [id, item] = isTrackedEnvelope(said) ? [said[0], said[1] as LiveItem] : [null, said as LiveItem];
          truth.said(item);
          const text = JSON.stringify(item);
          if (errs(ODDS.dropItem)) {
            world.tell("network", "drops", `${item.kind} ${id ?? ""}`);
            continue;
          }
          const times = errs(ODDS.doubleItem) ? 2 : 1;
          for (let time = 0; time < times; time += 1) {
            const late = errs(ODDS.lateItem);
            lastAt = Math.max(lastAt, realm.clock() + chance.between(1, 20));
            const at = late ? realm.clock() + chance.between(50, 2_500) : lastAt;
            realm.after(at - realm.clock(), () => {
              if (signal.aborted) return;
              if (item.kind === "reset") world.counts.resets += 1;
              if (item.kind !== "queue") world.tell(realm.name, "hears", `${item.kind} ${id ?? ""}`);
              if (id !== null) lastEventId = id;
              listener.item(JSON.parse(text) as LiveItem);
            });
          }
        }
        over();
      } catch (error) {
        world.tell("network", "stream failed", String(error));
        over();
      }
    }

    listener.state("opening");
    connect();
    return () => {
      closed = true;
      abort.abort("closed");
    };
  }

  return {
    listen,
    ask: (what, request, again = false) => {
      if (again && errs(ODDS.twice)) {
        world.tell("network", "doubles", what);
        void send(what, request).catch(() => {});
      }
      return send(what, request);
    },
  };
}
