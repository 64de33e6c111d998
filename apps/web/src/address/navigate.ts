/** Told to whoever shows the address; the browser itself tells only of going back and forward. */
export const MOVED = "reelstate:moved";

/** Goes to another address of the studio without loading the page again. */
export function navigate(href: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (href === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", href);
  dispatchEvent(new Event(MOVED));
}
