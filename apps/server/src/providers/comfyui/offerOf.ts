import { credits, durationMs } from "@reelstate/lifecycle";
import type { ModelOffer } from "../Provider.ts";
import type { Workflow } from "./parseWorkflow.ts";

const MINUTE_MS = 60_000;
/** Somebody's own GPU may be slow, load a model first, and be at work for somebody else. */
const USUAL_MINUTES = { image: 20, video: 90 } as const;
/** What waits and what is tried again. */
const TIMES_FOR_A_JOB = 3;

/** A workflow as it is offered. Nobody charges for one's own machine. */
export function offerOf({ id, header }: Workflow): ModelOffer {
  const { name, type, sizes, seconds, inputs, progress, minutes = USUAL_MINUTES[type] } = header;
  return {
    id,
    name,
    type,
    description: header.description ?? {
      en: `Your own workflow ${name}, on your own GPU. Free.`,
      zh: `自己的工作流“${name}”，在自己的显卡上运行。免费。`,
    },
    aspectRatios: Object.keys(sizes ?? {}),
    resolutions: [],
    durationsMs:
      seconds === undefined
        ? null
        : { min: wholeMs(seconds.min), max: wholeMs(seconds.max), default: wholeMs(seconds.usual) },
    maxInputs: inputs.pictures?.length ?? 0,
    progress: progress === undefined ? "none" : "measured",
    cancel: true,
    price: () => credits(0),
    attemptTimeoutMs: durationMs(minutes * MINUTE_MS),
    jobTimeoutMs: durationMs(minutes * TIMES_FOR_A_JOB * MINUTE_MS),
  };
}

function wholeMs(seconds: number): number {
  return Math.round(seconds * 1_000);
}
