import { useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { refusalOf } from "../../live/refusalOf.ts";
import { studioBroke } from "../../live/studioBroke.ts";
import { useUploadPicture } from "../../live/useStudioActions.ts";
import { failureWords } from "../failureWords.ts";
import { useStudioUi } from "../studio/StudioUi.ts";
import { draftWithInput, inputFrom } from "./draftFrom.ts";
import type { ProjectId } from "@reelstate/lifecycle";
import type { StudioWords } from "../../i18n/StudioWords.ts";

const MAX_BYTES = 20 * 1024 * 1024;
const PICTURES = ["image/png", "image/jpeg", "image/webp"];

export interface Uploading {
  readonly key: number;
  readonly name: string;
  /** 0…1 of the bytes sent. */
  readonly fraction: number;
  stop(): void;
}

export interface References {
  readonly uploading: readonly Uploading[];
  /** Why a picture was not taken, in words. */
  readonly problem: string | null;
  add(files: readonly File[]): void;
  /** The person has changed what the problem was about. */
  forgive(): void;
}

/** Kept as what happened, so that it can be said in whichever language is chosen next. */
type Problem =
  | { readonly why: "tooLarge" | "notAPicture" | "uploadFailed"; readonly name: string }
  | { readonly why: "noReference" }
  | { readonly why: "refused"; readonly error: unknown };

/** Pictures on their way to be references. What a browser can see is said at once; the studio has the last word. */
export function useReferences(projectId: ProjectId | undefined, atMost: number): References {
  const { draft } = useStudioUi();
  const { words } = useWords();
  const upload = useUploadPicture();
  const [uploading, setUploading] = useState<readonly Uploading[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const lastKey = useRef(0);

  const send = async (file: File) => {
    const key = ++lastKey.current;
    const stopper = new AbortController();
    setUploading((now) => [...now, { key, name: file.name, fraction: 0, stop: () => stopper.abort() }]);
    const onProgress = (fraction: number) =>
      setUploading((now) => now.map((entry) => (entry.key === key ? { ...entry, fraction } : entry)));
    try {
      const asset = await upload(file, {
        ...(projectId === undefined ? {} : { projectId }),
        signal: stopper.signal,
        onProgress,
      });
      draft.set(draftWithInput(draft.get(), inputFrom(asset), atMost));
    } catch (error) {
      if (stopper.signal.aborted) return;
      const answered = refusalOf(error) !== null || studioBroke(error);
      setProblem(answered ? { why: "refused", error } : { why: "uploadFailed", name: file.name });
    } finally {
      setUploading((now) => now.filter((entry) => entry.key !== key));
    }
  };

  return {
    uploading,
    problem: problem === null || (problem.why === "noReference" && atMost > 0) ? null : said(problem, words),
    forgive: () => setProblem(null),
    add(files) {
      setProblem(null);
      if (atMost === 0 && files.length > 0) return setProblem({ why: "noReference" });
      for (const file of files.slice(0, Math.max(1, atMost))) {
        if (file.size > MAX_BYTES) setProblem({ why: "tooLarge", name: file.name });
        else if (file.type !== "" && !PICTURES.includes(file.type)) setProblem({ why: "notAPicture", name: file.name });
        else void send(file);
      }
    },
  };
}

function said(problem: Problem, words: StudioWords): string {
  switch (problem.why) {
    case "refused":
      return failureWords(problem.error, words);
    case "noReference":
      return words.composer.noReference;
    default:
      return words.composer[problem.why](problem.name);
  }
}
