import type { MouseEvent } from "react";

/** A plain press on a link opens in place; with a modifier the browser does what it does with links. */
export function openHere(event: MouseEvent, open: () => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open();
}
