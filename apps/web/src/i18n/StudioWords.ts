import type { AssetType, ErrorCode, RecordedEventType } from "@reelstate/lifecycle";
import type { Trouble } from "@reelstate/api";
import type { RefusalFacts } from "../live/refusalOf.ts";

/** Everything the screens say besides what `viewOf` says. One implementation for each language. */
export interface StudioWords {
  readonly locale: string;
  readonly studio: string;
  readonly common: {
    readonly close: string;
    readonly cancel: string;
    readonly tryAgain: string;
    readonly copy: string;
    readonly copied: string;
    readonly loading: string;
    readonly more: string;
    readonly messages: string;
  };
  readonly type: Readonly<Record<AssetType, string>>;
  /** Who makes media, where it is the studio itself; others are called what they call themselves. */
  readonly providers: Readonly<Record<"local" | "simulator", string>>;
  readonly views: {
    readonly label: string;
    readonly all: string;
    readonly images: string;
    readonly videos: string;
    readonly failed: string;
    readonly menu: string;
  };
  readonly projects: {
    readonly label: string;
    readonly everything: string;
    readonly create: string;
    readonly name: string;
    readonly namePlaceholder: string;
    readonly createIt: string;
  };
  readonly top: {
    readonly search: string;
    readonly clearSearch: string;
    readonly filter: string;
    readonly anyStatus: string;
    readonly queue: (running: number, waiting: number) => string;
    readonly credits: (balance: string) => string;
    readonly settings: string;
    readonly theme: string;
    readonly themes: Readonly<Record<"system" | "light" | "dark", string>>;
    readonly language: string;
    readonly connecting: string;
    readonly offline: (since: string) => string;
    readonly offlineShort: string;
    /** What keeps the whole studio from its work, and what helps. */
    readonly trouble: Readonly<Record<Trouble, string>>;
  };
  readonly card: {
    readonly name: (name: string, type: string, state: string) => string;
    readonly actions: (name: string) => string;
    readonly elapsed: string;
    readonly copyPrompt: string;
    readonly useAsReference: string;
    readonly useSettings: string;
    readonly download: string;
  };
  readonly gallery: {
    readonly label: string;
    readonly loadFailed: string;
    readonly loadFailedHint: string;
    readonly loadBrokeHint: string;
    readonly nothingFound: string;
    readonly nothingFoundHint: string;
    readonly clearFilters: string;
    readonly nothingHere: string;
    readonly nothingHereHint: string;
    readonly welcome: string;
    readonly welcomeHint: string;
    readonly examples: readonly { readonly type: AssetType; readonly prompt: string }[];
    readonly tryExample: string;
  };
  readonly remove: {
    readonly title: (name: string) => string;
    readonly hint: string;
    readonly hintLive: string;
    readonly confirm: string;
  };
  readonly composer: {
    readonly label: string;
    readonly prompt: string;
    readonly placeholder: Readonly<Record<AssetType, string>>;
    readonly kind: string;
    readonly model: string;
    readonly aspect: string;
    readonly length: string;
    readonly seconds: (n: string) => string;
    readonly resolution: string;
    readonly count: string;
    readonly countOf: (n: number) => string;
    readonly fewer: string;
    readonly moreOf: string;
    readonly seed: string;
    readonly seedPlaceholder: string;
    readonly seedWrong: string;
    readonly slate: string;
    readonly slateHint: string;
    readonly reference: string;
    readonly addReference: string;
    readonly dropHere: string;
    readonly noReference: string;
    readonly referenceLimit: (n: number) => string;
    readonly removeReference: (name: string) => string;
    readonly referenceGone: (name: string) => string;
    readonly referenceNotMade: (name: string) => string;
    readonly unnamedReference: string;
    readonly tooLarge: (name: string) => string;
    readonly notAPicture: (name: string) => string;
    readonly uploadFailed: (name: string) => string;
    readonly generate: string;
    readonly generating: string;
    readonly waitingForPicture: string;
    readonly makeVersion: string;
    readonly free: string;
    readonly price: (n: string) => string;
    readonly pricing: string;
    readonly priceUnknown: string;
    readonly left: (n: string) => string;
    readonly short: (n: string) => string;
    readonly newVersionOf: (name: string) => string;
    readonly backToNew: string;
    readonly collapse: string;
    readonly addProvider: string;
    readonly noModels: string;
    readonly noModelsOf: (type: string) => string;
  };
  readonly refusal: (facts: RefusalFacts, number: (n: number) => string) => string;
  /** The studio, or what stands before it, answered that it failed. */
  readonly broke: string;
  /** Nobody answered. */
  readonly unreachable: string;
  readonly detail: {
    readonly label: (name: string) => string;
    readonly back: string;
    readonly previous: string;
    readonly next: string;
    readonly notFound: string;
    readonly notFoundHint: string;
    readonly toGallery: string;
    readonly prompt: string;
    readonly parameters: string;
    readonly model: string;
    readonly aspect: string;
    readonly size: string;
    readonly fileSize: string;
    readonly length: string;
    readonly seed: string;
    readonly resolution: string;
    readonly charged: string;
    readonly held: string;
    readonly created: string;
    readonly id: string;
    readonly references: string;
    readonly versions: string;
    readonly version: (n: number) => string;
    readonly current: string;
    readonly viewing: (n: number) => string;
    readonly backToCurrent: string;
    readonly compare: string;
    readonly stopComparing: string;
    readonly timeline: string;
    readonly diagram: (path: string) => string;
    readonly detailLabel: string;
  };
  readonly events: Readonly<Record<RecordedEventType, string>>;
  readonly eventTry: (n: number) => string;
  readonly queue: {
    readonly title: string;
    readonly live: string;
    readonly ended: string;
    readonly empty: string;
    readonly emptyHint: string;
    readonly waitingCount: (n: number) => string;
    readonly none: string;
  };
  readonly credits: {
    readonly title: string;
    readonly balance: string;
    readonly held: string;
    readonly available: string;
    readonly entries: string;
    readonly empty: string;
    readonly more: string;
    readonly kind: Readonly<Record<"grant" | "hold" | "capture" | "release", string>>;
    readonly deleted: string;
    readonly howToAdd: string;
  };
  readonly settings: {
    readonly title: string;
    readonly models: string;
    readonly from: (n: string) => string;
    readonly measured: string;
    readonly notMeasured: string;
    readonly providers: string;
    readonly providersHint: string;
    readonly budget: string;
    readonly budgetHint: string;
    readonly health: string;
    readonly healthHint: string;
  };
  readonly help: {
    readonly title: string;
    readonly keys: readonly { readonly keys: readonly string[]; readonly does: string }[];
  };
  readonly notFound: { readonly title: string; readonly hint: string };
  readonly broken: { readonly title: string; readonly hint: string; readonly reload: string };
  readonly codes: (code: ErrorCode) => string;
}
