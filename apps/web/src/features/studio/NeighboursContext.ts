import { createContext } from "react";
import type { Asset } from "@reelstate/lifecycle";

/** The list from which details were opened, in its order. */
export const NeighboursContext = createContext<readonly Asset[]>([]);
