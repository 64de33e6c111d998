import { z } from "zod";
import { GOOGLE, classifyGoogleEnd } from "./classifyGoogleError.ts";
import { parsed } from "../hosted/parsed.ts";
import { readGoogleError } from "./googleError.ts";
import type { Answer } from "../../outbound/Outbound.ts";
import type { ProviderStatus } from "../Provider.ts";
import type { VideoOutput } from "./interaction.ts";

/** `https://…/v1beta/files/abc-123:download?alt=media` as a path below home; null for an address of another kind. */
export function filePath({ uri }: VideoOutput): string | null {
  const name = /\/files\/([\w-]{1,100})(?:[:?]|$)/.exec(uri ?? "")?.[1];
  return name === undefined ? null : `/files/${name}`;
}

const FILE = z.object({ state: z.string().optional(), error: z.unknown().optional() });

/** What a video's file says of itself: it may be worked on still when the interaction is over. */
export function fileStatus(answer: Answer): ProviderStatus {
  const { state, error } = parsed(FILE, answer, GOOGLE.unreadable);
  switch (state) {
    case "ACTIVE":
      return { state: "succeeded" };
    case "PROCESSING":
      return { state: "running", fraction: null };
    case "FAILED": {
      const said = readGoogleError(error);
      // The video was made by then, whoever is to blame.
      return { state: "failed", error: said === null ? GOOGLE.paid : classifyGoogleEnd(said, { own: false }) };
    }
    default:
      return { state: "unknown", raw: `file ${state ?? "without a state"}` };
  }
}
