import { v5 } from "uuid";

/** Of Reelstate's references at ComfyUI; made once, never changed: prompts under way are found by it. */
const NAMESPACE = "3d1f6b0e-5f0a-4f57-9a57-7c1f5b8a2f64";

/**
 * The id that a prompt gets from us: always the same for one reference, so that it can be asked about without its reply.
 * ComfyUI takes nothing but a UUID in small letters.
 */
export function promptIdOf(clientRef: string): string {
  return v5(clientRef, NAMESPACE);
}
