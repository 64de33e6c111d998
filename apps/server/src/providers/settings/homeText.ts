/** An address in the one way in which it is written, compared and sealed with. */
export function homeText(home: URL): string {
  return home.href.replace(/\/+$/, "");
}
