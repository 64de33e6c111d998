import { valueStore } from "../live/valueStore.ts";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "failed";
}

const SHOWN_MS = 6_000;

export const toasts = valueStore<readonly Toast[]>([]);
let lastId = 0;

/** Says something that belongs to no place on the screen; it goes away by itself. */
export function say(text: string, tone: Toast["tone"] = "plain"): void {
  const id = ++lastId;
  toasts.set([
    ...toasts
      .get()
      .filter((toast) => toast.text !== text)
      .slice(-2),
    { id, text, tone },
  ]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}
