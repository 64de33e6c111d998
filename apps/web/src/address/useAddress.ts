import { useMemo, useSyncExternalStore } from "react";
import { readAddress } from "./Address.ts";
import { MOVED } from "./navigate.ts";
import type { Address } from "./Address.ts";

/** Where the reader is, by the address bar. */
export function useAddress(): Address {
  const pathname = useSyncExternalStore(subscribe, () => location.pathname);
  const search = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => readAddress({ pathname, search }), [pathname, search]);
}

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  addEventListener(MOVED, listener);
  return () => {
    removeEventListener("popstate", listener);
    removeEventListener(MOVED, listener);
  };
}
