import type { AssetAction } from "../assetActions.ts";
import type { Remedy } from "../errorTable.ts";
import type { Phase, Status } from "../status.ts";
import type { Credits } from "../units.ts";

/** Everything `viewOf` says, apart from the error table. One implementation for each language. */
export interface Words {
  readonly status: Readonly<Record<Status, string>>;
  readonly phase: Readonly<Record<Phase, string>>;
  readonly action: Readonly<Record<AssetAction, string>>;
  /** What the button that helps is called, where it is not the plain action. */
  readonly remedy: Readonly<Record<Exclude<Remedy, "retry" | "recover"> | "choose_model", string>>;
  readonly retryMayCostTwice: string;
  readonly newVersion: string;
  readonly stopping: string;
  readonly stoppingMayBeCharged: string;
  readonly tryOf: (n: number, max: number) => string;
  readonly inLine: (position: number) => string;
  readonly nextInLine: string;
  /** Behind more jobs than are counted. */
  readonly farBackInLine: string;
  /** When a queued job is likely to start, in seconds from now. */
  readonly startsIn: (lowSeconds: number, highSeconds: number) => string;
  /** The name of one reference, and how many more there are. */
  readonly waitingFor: (name: string, more: number) => string;
  /** What stands between two remarks in one line. */
  readonly and: string;
  readonly nextTry: string;
  readonly measured: (percent: number) => string;
  readonly estimated: (lowSeconds: number, highSeconds: number) => string;
  readonly unknown: string;
  /** What to do instead, where its model is no longer offered. */
  readonly modelGone: string;
  /** The same, where the provider may still have what was paid for. */
  readonly modelGoneRecoverable: string;
  readonly noCharge: string;
  readonly charged: (amount: Credits) => string;
  readonly mayBeCharged: string;
  readonly paidAndRecoverable: string;
  readonly failedUnexplained: { readonly title: string; readonly hint: string };
  readonly cancelled: { readonly title: string; readonly hint: string };
  readonly lastTryFailed: string;
  readonly lastTryCancelled: string;
  readonly finishedBeforeCancel: { readonly title: string; readonly hint: string };
  readonly oldVersionKept: string;
  /** What stands between two sentences. */
  readonly stop: string;
}
