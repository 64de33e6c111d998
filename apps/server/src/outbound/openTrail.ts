import { isBelow } from "./isBelow.ts";

interface Trust {
  /** Of the machine that an operator configured: it may be in the own network, and without https. */
  readonly own: boolean;
  /** May see the key. */
  readonly keyed: boolean;
}

/**
 * How far each address of one download is trusted, from the first to wherever it is sent on. Trust only ends: what began
 * elsewhere, or has been sent elsewhere, is not home again by being sent there, because who sends it is not home.
 */
export function openTrail(home: URL): (address: URL) => Trust {
  let own = true;
  let keyed = true;
  return (address) => {
    own &&= address.origin === home.origin;
    keyed &&= own && isBelow(home, address);
    return { own, keyed };
  };
}
