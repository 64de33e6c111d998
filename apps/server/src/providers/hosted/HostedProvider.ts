import type { Logger } from "pino";
import type { Outbound } from "../../outbound/Outbound.ts";
import type { Secret } from "../../Secret.ts";
import type { Storage } from "../../storage/Storage.ts";
import type { Timers } from "../../Timers.ts";
import type { ClassifiedError, Provider } from "../Provider.ts";

/** A provider that is reached over HTTP, with a key that people bring or on a machine of their own. */
export interface HostedProvider {
  /** As submissions keep it, and so for ever. */
  readonly name: string;
  /** What people call it; absent: its name. */
  readonly label?: string | undefined;
  /** The environment's variable with its key; null where none is needed. */
  readonly keyVariable: string | null;
  /** Its address alone turns it on; a key is sent where there is one. */
  readonly keyOptional?: true | undefined;
  /** The variable with its address: for a gateway, or for an own machine. */
  readonly homeVariable: string;
  /** Where it lives; null where nobody can know. */
  readonly defaultHome: string | null;
  /** The variable with a folder of files that tell it what to do; unless set, the folder of its name in DATA_DIR. Absent: it reads none. */
  readonly folderVariable?: string | undefined;
  readonly create: (deps: HostedDeps, place: HostedPlace) => Provider;
  /**
   * Tries the key with the cheapest call that asks for one and costs nothing; rejects with what `outbound` throws, or where the
   * answer is not the provider's. Absent: there is no such call.
   */
  readonly checkKey?: ((deps: HostedDeps, signal: AbortSignal) => Promise<void>) | undefined;
  /** Where the key is tried, if that is not its home: only a key for `defaultHome` can be. */
  readonly checkHome?: string | undefined;
  /** `create` as further variables ask for it, where there are any; or what is wrong with them. Not for what packages bring. */
  readonly configure?: (
    env: Readonly<Record<string, string | undefined>>,
    home: URL,
  ) => HostedProvider["create"] | string;
}

export interface HostedDeps extends Pick<Timers, "clock" | "monotonic" | "after" | "sleep"> {
  /** Closed after the provider. */
  readonly outbound: Outbound;
  /** Never empty, except where no key is needed. */
  readonly key: Secret;
  /** What an error of `outbound` or `asDataUri` means where the provider has no words of its own for it. */
  readonly classifyOutbound: (error: unknown) => ClassifiedError;
  /** A reference picture, by its path, as a `data:` address. Rejects one that is too large, or none. */
  readonly asDataUri: (path: string) => Promise<string>;
}

/** What of the studio's own it may use. */
export interface HostedPlace {
  /** For what comes with an answer and can be had nowhere else. What nothing refers to is removed after a day. */
  readonly storage: Pick<Storage, "put" | "get">;
  /** Where people put what it is to read; need not exist. */
  readonly folder: string;
  /** For what is wrong with that. */
  readonly log: Pick<Logger, "info" | "warn">;
}

/** One that could be set up, and what the environment says of it. */
export interface KnownProvider {
  readonly provider: HostedProvider;
  readonly key: Secret | null;
  readonly home: URL | null;
  readonly folder: string;
  /** How it is made there, or what is wrong with its further variables. */
  readonly createAt: (home: URL) => HostedProvider["create"] | string;
}

/** What one is opened with. */
export interface HostedSettings {
  readonly provider: HostedProvider;
  readonly home: URL;
  readonly key: Secret;
  readonly folder: string;
}
