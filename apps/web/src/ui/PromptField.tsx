import { promptTones } from "./promptTones.ts";
import type { CSSProperties } from "react";

/** A calm field in the prompt's own tones, where there is no picture yet. */
export function PromptField({
  prompt,
  desaturated = false,
}: {
  readonly prompt: string;
  readonly desaturated?: boolean;
}) {
  const [a, b] = promptTones(prompt);
  return (
    <div
      className="prompt-field absolute inset-0"
      data-desaturated={desaturated ? "" : undefined}
      style={{ "--tone-a": a, "--tone-b": b } as CSSProperties}
    />
  );
}
