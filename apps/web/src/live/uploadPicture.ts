import { refusalFrom, StudioRefusal } from "./refusalOf.ts";
import { AWAY, StudioBroke } from "./studioBroke.ts";
import type { FileFlaw } from "@reelstate/api";
import type { ErrorFacts } from "@reelstate/api/router";
import type { Asset, ProjectId } from "@reelstate/lifecycle";

export interface UploadOptions {
  readonly projectId?: ProjectId;
  readonly signal?: AbortSignal;
  /** 0…1 of the bytes sent. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Sends a picture's bytes. Throws `StudioRefusal` with the studio's reason, `StudioBroke`, an `AbortError`, or an ordinary
 * error when the studio could not be reached. XMLHttpRequest, because fetch cannot tell how much of a body has been sent.
 */
export function uploadPicture(file: File, { projectId, signal, onProgress }: UploadOptions = {}): Promise<Asset> {
  const name = shortened(file.name);
  const query = name === "" ? [] : [`name=${encodeURIComponent(name)}`];
  if (projectId !== undefined) query.push(`projectId=${encodeURIComponent(projectId)}`);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted());
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal?.addEventListener("abort", stop, { once: true });
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress?.(loaded / total);
    };
    request.onload = () => {
      try {
        resolve(assetFrom(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(new Error("The studio could not be reached."));
    request.onabort = () => reject(aborted());
    request.onloadend = () => signal?.removeEventListener("abort", stop);
    request.open("POST", `/uploads?${query.join("&")}`);
    request.setRequestHeader("content-type", file.type === "" ? "application/octet-stream" : file.type);
    request.send(file);
  });
}

/** As long as the studio lets a name be. */
const NAME_CHARS = 120;

/** A file's name may be longer than an asset's; it is cut between letters as people see them. */
function shortened(name: string): string {
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(name.toWellFormed().replace(CONTROLS, "").trim())) {
    if (kept.length + segment.length > NAME_CHARS) break;
    kept += segment;
  }
  return kept;
}

const CONTROLS = /\p{Cc}/gu;

function assetFrom(status: number, text: string): Asset {
  const answer = parsed(text);
  if (status >= 200 && status < 300 && answer?.asset !== undefined) return answer.asset;
  const { message = `The upload failed with status ${status}.`, ...facts } = answer?.error ?? {};
  const refusal = refusalFrom(facts, message);
  if (refusal !== null) throw new StudioRefusal(refusal);
  throw status >= 500 && status !== AWAY ? new StudioBroke(status) : new Error(message);
}

interface UploadAnswer {
  readonly asset?: Asset;
  readonly error?: ErrorFacts & { readonly flaw?: FileFlaw; readonly message?: string };
}

/** A proxy in between may answer in HTML. */
function parsed(text: string): UploadAnswer | null {
  try {
    return JSON.parse(text) as UploadAnswer;
  } catch {
    return null;
  }
}

function aborted(): DOMException {
  return new DOMException("The upload was stopped.", "AbortError");
}
