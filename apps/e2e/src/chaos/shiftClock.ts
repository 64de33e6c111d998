// Loaded into a process before its program (`node --import`): a machine whose clock is CLOCK_SHIFT_MS off. Spans of time are
// right on such a machine, so only the time of day is shifted.
const shift = Number(process.env["CLOCK_SHIFT_MS"]);
if (!Number.isSafeInteger(shift)) throw new Error("CLOCK_SHIFT_MS must be a whole number of milliseconds.");

const Real = Date;
const now = (): number => Real.now() + shift;

globalThis.Date = new Proxy(Real, {
  construct: (_real, args: readonly unknown[], as) => Reflect.construct(Real, args.length === 0 ? [now()] : args, as),
  apply: () => new Real(now()).toString(),
  get: (real, key) => (key === "now" ? now : Reflect.get(real, key)),
});
