import type { LiveItem } from "@reelstate/api";
import type { StreamReport } from "./shownConnection.ts";

/** What the tabs of one browser say to each other. `from` and `to` are tabs. */
export type TabMessage =
  /** The leader repeats what it heard. */
  | { readonly kind: "items"; readonly from: string; readonly items: readonly LiveItem[] }
  /** The leader's stream, whenever it changes and whenever somebody says hello; `items`: the head and the queue. */
  | {
      readonly kind: "state";
      readonly from: string;
      readonly stream: StreamReport;
      readonly items: readonly LiveItem[];
    }
  /** A tab that is new, or has not heard from the leader for long. */
  | { readonly kind: "hello"; readonly from: string }
  /** A follower has missed something after this position. */
  | { readonly kind: "replay"; readonly from: string; readonly after: number }
  | { readonly kind: "replayed"; readonly from: string; readonly to: string; readonly items: readonly LiveItem[] }
  /** The leader did not keep that far back: the follower has to load again. */
  | { readonly kind: "forgotten"; readonly from: string; readonly to: string };
