import type { ServedProvider } from "@reelstate/cluster/providers";
import type { Chance } from "../storm/chanceFrom.ts";

type Fault = Parameters<ServedProvider["server"]["fault"]>[0];
type Trouble = Omit<Fault, "step"> & { readonly at: "submit" | "poll" | "cancel" | "file" };

const SOON = { "retry-after": "0.1" };

/** What goes wrong at providers on any day. */
const TROUBLES: readonly Trouble[] = [
  { at: "submit", reply: "lost" },
  { at: "submit", answer: { status: 503 } },
  { at: "submit", answer: { status: 429, headers: SOON } },
  { at: "submit", afterMs: 300 },
  { at: "poll", answer: { status: 502 } },
  { at: "poll", reply: "lost" },
  { at: "cancel", answer: { status: 500 } },
  { at: "cancel", reply: "lost" },
  { at: "file", answer: { status: 503, headers: SOON } },
  { at: "file", reply: "truncated" },
  { at: "file", reply: "reset" },
  { at: "file", label: "text/html" },
];

/** Something goes wrong at one of them. */
export function stir(providers: readonly ServedProvider[], chance: Chance): void {
  const { server, steps } = chance.oneOf(providers);
  const { at, ...trouble } = chance.oneOf(TROUBLES);
  server.fault({ step: steps[at], ...trouble });
}
