import { useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { refusalOf } from "../../live/refusalOf.ts";
import { useUploadPicture } from "../../live/useStudioActions.ts";
import { useStudioUi } from "../studio/StudioUi.ts";
import { draftWithInput, inputFrom } from "./draftFrom.ts";
import type { ProjectId } from "@reelstate/lifecycle";

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
}

/** Pictures on their way to be references. What a browser can see is said at once; the studio has the last word. */
export function useReferences(projectId: ProjectId | undefined, atMost: number): References {
  const { draft } = useStudioUi();
  const { words } = useWords();
  const upload = useUploadPicture();
  const [uploading, setUploading] = useState<readonly Uploading[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
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
      const refusal = refusalOf(error);
      setProblem(refusal === null ? words.composer.uploadFailed(file.name) : uploadRefused(refusal.message));
    } finally {
      setUploading((now) => now.filter((entry) => entry.key !== key));
    }
  };

  const uploadRefused = (message: string) =>
    words.refusal(
      { why: "invalid_input", field: null, short: null, asset: null, quote: null, message },
      measuresOf(words).number,
    );

  return {
    uploading,
    problem,
    add(files) {
      setProblem(null);
      if (atMost === 0 && files.length > 0) return setProblem(words.composer.noReference);
      for (const file of files.slice(0, Math.max(1, atMost))) {
        if (file.size > MAX_BYTES) setProblem(words.composer.tooLarge(file.name));
        else if (file.type !== "" && !PICTURES.includes(file.type)) setProblem(words.composer.notAPicture(file.name));
        else void send(file);
      }
    },
  };
}
