import type { Words } from "./Words.ts";

export const EN = {
  status: {
    pending: "Waiting",
    processing: "Being made",
    completed: "Done",
    failed: "Failed",
    cancelled: "Cancelled",
  },
  phase: {
    waiting_inputs: "Waiting for its reference",
    queued: "In line",
    backoff: "Waiting to try again",
    submitting: "Sending",
    at_provider: "Making",
    fetching: "Fetching the result",
    storing: "Saving",
  },
  action: {
    cancel: "Cancel",
    retry: "Try again",
    regenerate: "Make another",
    recover: "Recover",
    delete: "Delete",
  },
  remedy: {
    regenerate: "Change the prompt",
    add_credits: "Add credits",
    check_settings: "Check the settings",
    choose_model: "Choose another model",
  },
  retryMayCostTwice: "Try again (may cost twice)",
  newVersion: "Making a new version",
  stopping: "Stopping",
  stoppingMayBeCharged: "Stopping — may still be charged",
  tryOf: (n, max) => `Try ${n} of ${max}`,
  inLine: (position) => `Number ${position} in line`,
  nextInLine: "Next in line",
  farBackInLine: "More than 50 ahead",
  startsIn: (low, high) => `starts in about ${span(low, high)}`,
  waitingFor: (name, more) => (more === 0 ? `Waiting for “${name}”` : `Waiting for “${name}” and ${more} more`),
  and: " · ",
  nextTry: "Next try",
  measured: (percent) => `${percent}%`,
  estimated: (low, high) => `Usually ${span(low, high)}`,
  unknown: "This model gives no percentage",
  modelGone: "Its model is no longer offered here. Choose another one.",
  modelGoneRecoverable: "Its model is no longer offered here, but what was asked for may still be recovered.",
  noCharge: "No credits were taken.",
  charged: (amount) => (amount === 1 ? "1 credit was taken." : `${amount} credits were taken.`),
  mayBeCharged: "No credits were taken here, but the provider may have charged for it.",
  paidAndRecoverable: "No credits were taken here. The provider was asked to make it; Recover looks for the result.",
  failedUnexplained: { title: "It failed", hint: "Try again." },
  cancelled: { title: "Cancelled", hint: "You stopped this one." },
  lastTryFailed: "The last try failed",
  lastTryCancelled: "The last try was cancelled",
  finishedBeforeCancel: {
    title: "Finished before it could be cancelled",
    hint: "The provider was faster, so here it is.",
  },
  oldVersionKept: "This is the version from before.",
  stop: ". ",
} as const satisfies Words;

function span(low: number, high: number): string {
  if (high < 90) return low === high ? `${high} s` : `${low}–${high} s`;
  const [from, to] = [Math.max(1, Math.round(low / 60)), Math.round(high / 60)];
  return from === to ? `${to} min` : `${from}–${to} min`;
}
