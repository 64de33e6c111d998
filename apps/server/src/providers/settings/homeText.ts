/** An address in the one way in which it is written, compared and sealed with: no more of it than calls go to. */
export function homeText({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/+$/, "");
}
