import { classifyExecutionError } from "./classifyComfyuiError.ts";
import { fileSchema } from "./answers.ts";
import type { AssetType } from "@reelstate/lifecycle";
import type { ProviderStatus } from "../Provider.ts";
import type { HistoryEntry, SavedFile } from "./answers.ts";
import type { FollowedNodes } from "./promptMarks.ts";

/** The node that saves the result, and what kind of file that is. */
type Wanted = Pick<FollowedNodes, "output"> & { readonly type: AssetType };

/** What became of a prompt that is in the history. */
export function outcomeOf(entry: HistoryEntry, wanted: Wanted): ProviderStatus {
  const { status } = entry;
  const about = (event: string): readonly unknown[] =>
    (status?.messages ?? []).flatMap(([name, told]) => (name === event ? [told] : []));
  // By us, or by somebody at ComfyUI itself.
  if (about("execution_interrupted").length > 0) return { state: "cancelled" };
  const [error] = about("execution_error");
  if (error !== undefined || status?.status_str === "error")
    return { state: "failed", error: classifyExecutionError(error) };
  if (status && status.status_str !== "success") return { state: "unknown", raw: status.status_str };
  if (savedFile(entry, wanted) !== null) return { state: "succeeded" };
  return {
    state: "failed",
    error: {
      code: "provider_unavailable",
      message: nothingSaved(wanted.output),
      retryable: false,
    },
  };
}

function nothingSaved(output: string | undefined): string {
  return output === undefined
    ? "ComfyUI came to its end, but has saved nothing."
    : `ComfyUI came to its end, but node ${output} has saved nothing; is it the right one in the workflow's header?`;
}

const ENDINGS: Readonly<Record<AssetType, RegExp>> = { image: /\.(png|jpe?g|webp)$/i, video: /\.(mp4|webm)$/i };

/**
 * The file that the result's node has saved: nodes keep theirs under names of their own (`images`, `gifs`, `video`), also
 * others of another kind beside it. What is kept goes before what is only shown.
 */
export function savedFile({ outputs }: HistoryEntry, { output, type }: Wanted): SavedFile | null {
  const nodes = output === undefined ? Object.values(outputs) : [outputs[output]];
  const files = nodes
    .flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []))
    .flatMap((list: unknown) => (Array.isArray(list) ? list : []))
    .flatMap((item: unknown) => {
      const file = fileSchema.safeParse(item);
      return file.success ? [file.data] : [];
    });
  const fitting = files.filter(({ filename }) => ENDINGS[type].test(filename));
  return [...fitting, ...files].toSorted((a, b) => rank(a) - rank(b))[0] ?? null;

  function rank(file: SavedFile): number {
    return (fitting.includes(file) ? 0 : 2) + (file.type === "output" ? 0 : 1);
  }
}
