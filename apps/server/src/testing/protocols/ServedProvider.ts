import type { ProtocolServer } from "./openProtocolServer.ts";

export type ServedName = "fal" | "replicate" | "comfyui";

/** A provider's protocol server as whoever tries a studio against several of them sees it: asked and told the same of each. */
export interface ServedProvider {
  readonly name: ServedName;
  readonly server: ProtocolServer;
  /** What turns it on in a studio. */
  readonly env: Readonly<Record<string, string>>;
  /** Of a picture, from words alone. */
  readonly model: string;
  /** What its steps are called at its server; `prepare`: what is asked before a submit, where anything is. */
  readonly steps: Readonly<Record<"submit" | "poll" | "cancel" | "file", string>> & { readonly prepare?: string };
  /** Whether it can be asked about a request by our own reference (P2). */
  readonly looksUp: boolean;
  /** All that it has ever taken on, oldest first. */
  readonly requests: () => readonly ServedRequest[];
  /** The prompt in the body of a submit. */
  readonly promptIn: (body: unknown) => string;
  /** Where all of its work is from now on, and stays; resolves once it is there. Null: as its prompt says, by itself. */
  readonly stay: (where: "queued" | "running" | "made" | null) => Promise<void>;
}

export interface ServedRequest {
  readonly id: string;
  readonly prompt: string;
  readonly state: ServedState;
}

/** Over: it failed, was cancelled, or is not known any more; nothing will come of it. */
export type ServedState = "alive" | "made" | "over";
