/** Reading what is escaped again and again takes the square of its length, while nothing else happens. */
const LONGEST_PATH = 8_000;

/**
 * Whether an address lies in a folder of a server, however it is written: the same scheme, host and port, and a path that does
 * not leave the folder again, be it in an escape that only the server reads (`..%2f`). With a name or a password in it, or a path
 * longer than any, it is not, because nobody at home writes those.
 */
export function isBelow(folder: URL, address: URL): boolean {
  const inside = folder.pathname.endsWith("/") ? folder.pathname : `${folder.pathname}/`;
  return (
    address.origin === folder.origin &&
    address.username === "" &&
    address.password === "" &&
    address.pathname.length <= LONGEST_PATH &&
    address.pathname.startsWith(inside) &&
    !climbs(address.pathname.slice(inside.length))
  );
}

/** Whether some reader of the path, or of what another reader made of it, could be led up by it. `URL` resolves what is plain. */
function climbs(path: string): boolean {
  for (let plain = path; ;) {
    if (plain.split(/[\\/]/).some((step) => /^\.\.(;.*)?$/.test(step))) return true;
    const read = plain.replaceAll(/%([0-9a-f]{2})/gi, (_escape, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (read === plain) return false;
    plain = read;
  }
}
