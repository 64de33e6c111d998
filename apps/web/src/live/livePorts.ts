/** What the hub needs of the browser; handed in, so that a test can be two tabs and a clock. */
export interface LivePorts {
  /** Tells this tab from the others. */
  readonly tab: string;
  now(): number;
  /** Calls back once; returns the way to stop. */
  after(ms: number, callback: () => void): () => void;
  /** Null: this browser cannot share, and every tab leads. */
  readonly locks: LockPort | null;
  openChannel(): ChannelPort | null;
  isOnline(): boolean;
  isVisible(): boolean;
  /** The tab may have slept or been offline: calls back when it is back, and when the network comes or goes. */
  onWake(callback: () => void): () => void;
}

/** The part of `navigator.locks` that is used. */
export interface LockPort {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    held: () => Promise<void>,
  ): Promise<unknown>;
}

export interface ChannelPort {
  post(message: unknown): void;
  onMessage(callback: (message: unknown) => void): void;
  close(): void;
}

const CHANNEL = "reelstate-live";

export function browserPorts(): LivePorts {
  return {
    tab: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
    now: () => Date.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    locks: "locks" in navigator && "BroadcastChannel" in globalThis ? navigator.locks : null,
    openChannel: () => ("locks" in navigator && "BroadcastChannel" in globalThis ? openChannel() : null),
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === "visible",
    onWake(callback) {
      const wakers = [
        [document, "visibilitychange"],
        [window, "pageshow"],
        [window, "online"],
        [window, "offline"],
      ] as const;
      for (const [target, event] of wakers) target.addEventListener(event, callback);
      return () => {
        for (const [target, event] of wakers) target.removeEventListener(event, callback);
      };
    },
  };
}

function openChannel(): ChannelPort {
  const channel = new BroadcastChannel(CHANNEL);
  return {
    post: (message) => channel.postMessage(message),
    onMessage(callback) {
      channel.onmessage = ({ data }) => callback(data);
    },
    close: () => channel.close(),
  };
}
