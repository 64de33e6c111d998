import { durationMs } from "@reelstate/lifecycle";
import type { ClassifiedError, Provider } from "@reelstate/server/providers/Provider.ts";
import type { World } from "../World.ts";
import type { Answer, FarProvider } from "../outside/openProvider.ts";
import type { Gate } from "./openGate.ts";

/** What a call throws, classified by who threw it. */
class CallError extends Error {
  override readonly name = "CallError";
  readonly classified: ClassifiedError;

  constructor(classified: ClassifiedError) {
    super(classified.message);
    this.classified = classified;
  }
}

const LOST: ClassifiedError = { code: "provider_unavailable", message: "The connection broke.", retryable: true };

/** A provider as one process reaches it: over a network that loses requests, loses answers, and is slow. */
export function gateProvider(world: World, { pass, realm }: Gate, far: FarProvider): Provider {
  const { traits } = far;
  const chance = world.chance.fork();
  const errs = (odds: number): boolean => world.trouble && chance.happens(odds);

  function call<T>(what: string, signal: AbortSignal, effect: () => Answer<T>): Promise<T> {
    return pass(
      `${traits.name} ${what}`,
      () =>
        new Promise<T>((resolve, reject) => {
          const broken = (): void => reject(new CallError(LOST));
          if (signal.aborted) return broken();
          signal.addEventListener("abort", broken, { once: true });
          // On its way for less than the two seconds after which a lookup's "unknown" is believed.
          const arrives = chance.between(1, errs(0.1) ? 1_500 : 60);
          if (errs(traits.odds / 2)) {
            world.tell(traits.name, `never got ${what}`);
            realm.after(arrives, broken);
            return;
          }
          // What is on its way arrives, also when the process that sent it is dead by then.
          far.realm.after(arrives, () => {
            const answer = effect();
            world.tell(traits.name, what, answer.ok ? JSON.stringify(answer.value) : answer.error.code);
            const returns = chance.between(1, errs(0.06) ? 35_000 : 60);
            if (errs(traits.odds / 2)) realm.after(Math.min(returns, 2_000), broken);
            else realm.after(returns, () => (answer.ok ? resolve(answer.value) : reject(new CallError(answer.error))));
          });
        }),
    );
  }

  return {
    name: traits.name,
    models: far.models,
    idempotentSubmit: traits.idempotent,
    pollMs: durationMs(traits.pollMs),
    submit: (request, signal) => call(`submit ${request.clientRef}`, signal, () => far.submit(request)),
    status: ({ providerRef }, signal) => call(`status ${providerRef}`, signal, () => far.status(providerRef)),
    ...(traits.lookup
      ? {
          lookup: ({ clientRef }: { readonly clientRef: string }, signal: AbortSignal) =>
            call(`lookup ${clientRef}`, signal, () => far.lookup(clientRef)),
        }
      : {}),
    ...(traits.cancel === "absent"
      ? {}
      : {
          cancel: async ({ providerRef }: { readonly providerRef: string }, signal: AbortSignal) => {
            await call(`cancel ${providerRef}`, signal, () => far.cancel(providerRef));
          },
        }),
    fetchOutput: async ({ providerRef }, signal) => {
      const output = await call(`fetch ${providerRef}`, signal, () => far.fetch(providerRef));
      // Real bytes would be read natively, in an order that no seed decides: the simulated shelf judges this instead.
      return { body: output as unknown as NodeJS.ReadableStream, claimedMime: null, claimedBytes: output.claimed };
    },
    classifyError: (error) =>
      error instanceof CallError
        ? error.classified
        : { code: "internal", message: "A call broke.", detail: String(error), retryable: true },
    close: async () => {},
  };
}
