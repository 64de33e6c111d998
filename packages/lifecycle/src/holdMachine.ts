import { setup } from "xstate";

/** Credits set aside for a job. A hold ends exactly once, as what its job's end makes of it (C2). */
export const holdMachine = setup({
  types: { events: {} as { readonly type: "capture" } | { readonly type: "release" } },
}).createMachine({
  id: "hold",
  initial: "held",
  states: {
    held: { on: { capture: { target: "captured" }, release: { target: "released" } } },
    captured: { type: "final" },
    released: { type: "final" },
  },
});
