import { isBelow } from "./isBelow.ts";

/** Whether a download of this address shows the key to whoever answers there: what they refuse may then be the key. */
export function seesKey(home: string, address: string): boolean {
  const [folder, url] = [URL.parse(home), URL.parse(address)];
  return folder !== null && url !== null && isBelow(folder, url);
}
