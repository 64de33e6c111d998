import { createConnectionWatch } from "./connectionWatch.ts";
import { furthest } from "./knowledge.ts";
import { createLeadership } from "./leadership.ts";
import { createReplayRing } from "./replayRing.ts";
import { valueStore } from "./valueStore.ts";
import type { LiveItem } from "@reelstate/api";
import type { CacheWriter } from "./cacheWriter.ts";
import type { ChannelPort, LivePorts } from "./livePorts.ts";
import type { Connection, StreamState } from "./shownConnection.ts";
import type { TabMessage } from "./tabMessage.ts";
import type { ValueStore } from "./valueStore.ts";

/*
 * One stream per browser. The tab that holds the lock leads: it has the only subscription, and repeats every item to the
 * others over a channel. Every tab applies the items by its own position. A tab that sees a gap heals it: the leader by a
 * new subscription from its position, a follower by asking the leader to repeat, or else by loading again. When a leader
 * dies the lock passes on, and the next one subscribes from where it stands itself.
 */
export interface LiveHub {
  readonly connection: ValueStore<Connection>;
  /** The subscription this tab should hold; null while it follows. Another `generation` means a new subscription. */
  readonly plan: ValueStore<StreamPlan | null>;
  readonly counts: { gaps: number; subscriptions: number; skips: number };
  /** For the holder of the subscription. A late word from an earlier generation is dropped. */
  heard(generation: number, item: LiveItem): void;
  streamIs(generation: number, state: StreamState): void;
  streamEnded(generation: number): void;
  /** An attempt of the stream has failed; it is repeated by the client's link. */
  readonly streamFailed: () => void;
  /** Begins to lead or follow, until stopped. */
  start(): () => void;
}

export interface StreamPlan {
  readonly generation: number;
  readonly input: { readonly after?: number; readonly feedId?: string };
}

/** The studio's head comes every 5 s: after two and a half of them without a word the stream counts as dead. */
const SILENCE_MS = 12_000;
const ANSWER_MS = 2_000;
/** A list that is being loaded gives the position to start from; a page without a list starts at the head. */
const FIRST_LIST_MS = 1_000;
/** A reordering heals by itself; a head that is beyond us may be overtaken by its own events. */
const GAP_GRACE_MS = 100;
const HEAD_GRACE_MS = 1_000;
const LAST_GRACE_MS = 10_000;
const STALE_MS = 6_000;
const ASK_TIMES = 3;

export function createLiveHub({ writer, ports }: { readonly writer: CacheWriter; readonly ports: LivePorts }): LiveHub {
  const plan = valueStore<StreamPlan | null>(null);
  const counts = { gaps: 0, subscriptions: 0, skips: 0 };
  const watch = createConnectionWatch(ports);
  const ring = createReplayRing();
  let channel: ChannelPort | null = null;
  let leading = false;
  let generation = 0;
  let lastHeard = ports.now();
  let openedAt = 0;
  let heal: { readonly position: number; readonly stop: () => void } | null = null;
  let tries = 0;
  let epoch = 0;
  let stopWaiting = () => {};
  let stopSilence = () => {};
  let stopAnswer = () => {};

  const leadership = createLeadership(ports, {
    gained() {
      leading = true;
      lastHeard = ports.now();
      ring.begin(writer.knowledge.get().position);
      watch.report("opening");
      if (writer.knowledge.get().position !== null) open();
      else stopWaiting = ports.after(FIRST_LIST_MS, open);
    },
    lost() {
      leading = false;
      stopWaiting();
      plan.set(null);
    },
  });

  /** A new subscription from where this tab stands. */
  function open(): void {
    stopWaiting();
    if (!leading) return;
    const { position, feedId } = writer.knowledge.get();
    if (position !== null && ring.after(position) === null) ring.begin(position);
    generation += 1;
    counts.subscriptions += 1;
    lastHeard = openedAt = ports.now();
    plan.set({
      generation,
      input: { ...(position === null ? {} : { after: position }), ...(feedId === null ? {} : { feedId }) },
    });
  }

  function say(message: TabMessage): void {
    channel?.post(message);
  }

  function sayState(): void {
    const { position, head, feedId, queue, trouble } = writer.knowledge.get();
    const items: LiveItem[] = [
      { kind: "queue", ...queue },
      { kind: "trouble", trouble },
    ];
    if (position !== null && feedId !== null)
      items.unshift({ kind: "head", seq: Math.max(position, head ?? 0), feedId });
    say({ kind: "state", from: ports.tab, stream: watch.stream(), items });
  }

  function streamIs(state: StreamState): void {
    if (!watch.report(state)) return;
    sayState();
    if (state === "opening") return;
    writer.reloadUncovered();
    heal?.stop();
    heal = null;
    tries = 0;
    review();
  }

  function listen(message: TabMessage): void {
    if (message.from === ports.tab) return;
    if (leading) {
      if (message.kind === "hello") sayState();
      if (message.kind === "replay") answerReplay(message.from, message.after);
      return;
    }
    switch (message.kind) {
      case "items":
        hearLeader();
        writer.apply(message.items);
        return;
      case "state":
        hearLeader();
        if (watch.report(message.stream.state, message.stream.since) && message.stream.state === "open")
          writer.reloadUncovered();
        writer.apply(message.items);
        return;
      case "replayed":
        if (message.to === ports.tab) writer.apply(message.items);
        return;
      case "forgotten":
        if (message.to === ports.tab) skip();
        return;
      case "hello":
      case "replay":
    }
  }

  function hearLeader(): void {
    lastHeard = ports.now();
    stopAnswer();
  }

  function answerReplay(to: string, after: number): void {
    const items = ring.after(after);
    if (items === null) say({ kind: "forgotten", from: ports.tab, to });
    else say({ kind: "replayed", from: ports.tab, to, items });
  }

  /** Looks at what is known: a position to start from, everything become void, or something missing. */
  function review(): void {
    const known = writer.knowledge.get();
    if (known.epoch !== epoch) {
      epoch = known.epoch;
      ring.begin(known.position);
      if (leading) open();
    } else if (leading && plan.get() === null && known.position !== null) {
      open();
    }
    if (heal !== null && known.position !== heal.position) {
      heal.stop();
      heal = null;
      tries = 0;
    }
    if (heal !== null || known.position === null || furthest(known) <= known.position) return;
    const grace = (known.ahead.length > 0 ? GAP_GRACE_MS : HEAD_GRACE_MS) * 2 ** tries;
    heal = { position: known.position, stop: ports.after(Math.min(grace, LAST_GRACE_MS), healGap) };
  }

  function healGap(): void {
    heal = null;
    const { position } = writer.knowledge.get();
    tries += 1;
    if (!leading && tries > ASK_TIMES) skip();
    else if (!leading) say({ kind: "replay", from: ports.tab, after: position ?? 0 });
    // A stream that is being opened begins again by itself, perhaps beyond the gap: look again once it is open.
    else if (watch.stream().state === "open") open();
    counts.gaps += 1;
    review();
  }

  function skip(): void {
    counts.skips += 1;
    writer.skipGap();
  }

  /** Long silence: a leader begins a new stream; a follower asks whether its leader lives, and takes over if not. */
  function checkSilence(): void {
    stopSilence();
    stopSilence = ports.after(SILENCE_MS / 2, checkSilence);
    if (ports.now() - lastHeard < SILENCE_MS || !ports.isOnline()) return;
    if (leading) restart();
    else askLeader();
  }

  function askLeader(): void {
    say({ kind: "hello", from: ports.tab });
    if (!ports.isVisible()) return;
    stopAnswer();
    stopAnswer = ports.after(ANSWER_MS, () => {
      if (!leading) leadership.takeOver();
    });
  }

  function restart(): void {
    if (plan.get() === null) return;
    watch.report("opening");
    open();
  }

  /** A studio behind our position has gone back, perhaps: a subscription from that position is told so by a reset. */
  function suspectOlderStudio(): void {
    if (ports.now() - openedAt > HEAD_GRACE_MS) restart();
  }

  function wake(): void {
    watch.look();
    if (!ports.isVisible() || !ports.isOnline()) return;
    const stale = ports.now() - lastHeard > STALE_MS || watch.stream().state === "opening";
    if (leading && stale) restart();
    else if (!leading) askLeader();
  }

  return {
    connection: watch.connection,
    plan,
    counts,
    heard(from, item) {
      if (from !== generation || !leading) return;
      lastHeard = ports.now();
      ring.keep(item);
      say({ kind: "items", from: ports.tab, items: [item] });
      streamIs("open");
      const { position } = writer.knowledge.get();
      writer.apply([item]);
      if (item.kind === "head" && position !== null && item.seq < position) suspectOlderStudio();
    },
    streamIs(from, state) {
      if (from === generation && leading) streamIs(state);
    },
    streamEnded(from) {
      if (from === generation && leading) ports.after(GAP_GRACE_MS, () => from === generation && restart());
    },
    streamFailed() {
      if (leading) streamIs("opening");
    },
    start() {
      channel = ports.openChannel();
      channel?.onMessage((message) => listen(message as TabMessage));
      const stops = [
        writer.start(suspectOlderStudio),
        writer.knowledge.subscribe(review),
        ports.onWake(wake),
        watch.start(),
        leadership.start(),
      ];
      say({ kind: "hello", from: ports.tab });
      checkSilence();
      return () => {
        for (const stop of stops) stop();
        for (const stop of [stopWaiting, stopSilence, stopAnswer]) stop();
        heal?.stop();
        heal = null;
        channel?.close();
        channel = null;
        leading = false;
        plan.set(null);
      };
    },
  };
}
