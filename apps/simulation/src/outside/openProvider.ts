import { credits, durationMs } from "@reelstate/lifecycle";
import { stateOf } from "./ProviderRecord.ts";
import type {
  ClassifiedError,
  ModelOffer,
  ProviderRequest,
  ProviderStatus,
} from "@reelstate/server/providers/Provider.ts";
import type { Realm } from "../clock/openScheduler.ts";
import type { World } from "../World.ts";
import type { ProviderRecord } from "./ProviderRecord.ts";
import type { Traits } from "./Traits.ts";

/** The provider itself, far from our processes: what it was asked and what became of it. */
export interface FarProvider {
  readonly traits: Traits;
  readonly models: readonly ModelOffer[];
  readonly realm: Realm;
  readonly records: readonly ProviderRecord[];
  readonly submit: (request: ProviderRequest) => Answer<{ readonly providerRef: string }>;
  readonly status: (ref: string) => Answer<ProviderStatus>;
  readonly lookup: (
    clientRef: string,
  ) => Answer<{ readonly state: "found"; readonly providerRef: string } | { readonly state: "absent" }>;
  readonly cancel: (ref: string) => Answer<null>;
  readonly fetch: (ref: string) => Answer<Output>;
}

/** The bytes of an output, as far as the simulated shelf looks at them. */
export interface Output {
  readonly ref: string;
  readonly is: "whole" | "truncated" | "empty";
  readonly claimed: number | null;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ClassifiedError };

const OUTPUT_BYTES = 1_000;

export function openProvider(world: World, traits: Traits, witness: (request: ProviderRequest) => void): FarProvider {
  const { scheduler } = world;
  const chance = world.chance.fork();
  const records: ProviderRecord[] = [];
  const byRef = new Map<string, ProviderRecord>();
  const errs = (odds = traits.odds): boolean => world.trouble && chance.happens(odds);

  function accept(request: ProviderRequest): ProviderRecord {
    const now = scheduler.now();
    const startsAt = now + chance.between(0, 800);
    const outcome = world.trouble
      ? chance.pick([
          "succeeded",
          "succeeded",
          "succeeded",
          "succeeded",
          "failed",
          "failed_for_good",
          "cancelled",
          "hangs",
        ] as const)
      : "succeeded";
    const record: ProviderRecord = {
      ref: `${traits.name}-${records.length + 1}`,
      clientRef: request.clientRef,
      acceptedAt: now,
      startsAt,
      endsAt: startsAt + chance.between(100, chance.happens(0.2) ? 9_000 : 2_500),
      outcome: outcome === "hangs" && chance.happens(0.5) ? "succeeded" : outcome,
      cancelledAt: null,
      brokenFetches: errs(traits.odds * 3) ? chance.between(1, 4) : 0,
      brokenOutputs: errs(traits.odds * 2) ? chance.between(1, 3) : 0,
      strangeUntil: errs() ? now + chance.between(500, 6_000) : 0,
    };
    world.counts.submits += 1;
    records.push(record);
    byRef.set(record.ref, record);
    return record;
  }

  function found(ref: string): ProviderRecord {
    const record = byRef.get(ref);
    if (record === undefined) throw new Error(`${traits.name} was asked for ${ref}, which it never named.`);
    return record;
  }

  function statusOf(record: ProviderRecord): ProviderStatus {
    const now = scheduler.now();
    if (record.strangeUntil > now) return { state: "unknown", raw: "ON_THE_WAY_TO_THE_MOON" };
    switch (stateOf(record, now)) {
      case "queued":
        return { state: "queued", position: null };
      case "running": {
        const fraction = (now - record.startsAt) / (record.endsAt - record.startsAt);
        return {
          state: "running",
          fraction: traits.progress === "measured" ? Math.min(1, fraction) - (errs() ? 0.3 : 0) : null,
        };
      }
      case "succeeded":
        return { state: "succeeded" };
      case "cancelled":
        return { state: "cancelled" };
      case "failed":
        return { state: "failed", error: record.outcome === "failed" ? BROKE : POLICY };
    }
  }

  return {
    traits,
    records,
    realm: scheduler.realm(traits.name),
    models: modelsOf(traits),
    submit: (request) => {
      const known = records.find(({ clientRef }) => clientRef === request.clientRef);
      if (known !== undefined && traits.idempotent) return { ok: true, value: { providerRef: known.ref } };
      if (errs()) return no(chance.pick([BUSY, RATE_LIMITED, FORBIDDEN]));
      witness(request);
      return { ok: true, value: { providerRef: accept(request).ref } };
    },
    status: (ref) => (errs() ? no(BUSY) : { ok: true, value: statusOf(found(ref)) }),
    lookup: (clientRef) => {
      if (errs()) return no(BUSY);
      const known = records.find((record) => record.clientRef === clientRef);
      return {
        ok: true,
        value: known === undefined ? { state: "absent" } : { state: "found", providerRef: known.ref },
      };
    },
    cancel: (ref) => {
      if (traits.cancel === "unsupported") return no(CANNOT_CANCEL);
      if (errs()) return no(BUSY);
      const record = found(ref);
      const now = scheduler.now();
      const ended = ["succeeded", "failed", "cancelled"].includes(stateOf(record, now));
      const late = traits.cancel === "late" ? chance.between(200, 3_000) : 0;
      // A late cancel is heard only if the work has not ended by then.
      if (!ended && (record.outcome === "hangs" || now + late < record.endsAt)) record.cancelledAt = now + late;
      return { ok: true, value: null };
    },
    fetch: (ref) => {
      const record = found(ref);
      if (record.brokenFetches > 0) {
        record.brokenFetches -= 1;
        return no(BUSY);
      }
      if (record.brokenOutputs > 0) {
        record.brokenOutputs -= 1;
        return {
          ok: true,
          value: { ref, is: chance.pick(["truncated", "empty"] as const), claimed: chance.pick([null, OUTPUT_BYTES]) },
        };
      }
      return { ok: true, value: { ref, is: "whole", claimed: OUTPUT_BYTES } };
    },
  };
}

function modelsOf({ name, progress, cancel }: Traits): readonly ModelOffer[] {
  const common = {
    description: { en: "Simulated.", zh: "模拟。" },
    aspectRatios: ["16:9"],
    resolutions: ["720p"],
    progress,
    cancel: cancel === "ok" || cancel === "late",
    attemptTimeoutMs: durationMs(9_000),
    jobTimeoutMs: durationMs(26_000),
  };
  return [
    {
      ...common,
      id: `${name}/image`,
      name: `${name} image`,
      type: "image",
      durationsMs: null,
      maxInputs: 2,
      price: () => credits(3),
    },
    {
      ...common,
      id: `${name}/video`,
      name: `${name} video`,
      type: "video",
      durationsMs: { min: 1_000, max: 10_000, default: 4_000 },
      maxInputs: 2,
      price: ({ durationMs: length }) => credits(2 * Math.ceil((length ?? 4_000) / 1_000)),
    },
  ];
}

function no(error: ClassifiedError): { readonly ok: false; readonly error: ClassifiedError } {
  return { ok: false, error };
}

const BUSY: ClassifiedError = {
  code: "provider_unavailable",
  message: "The provider is busy.",
  retryable: true,
  notAccepted: true,
};
const RATE_LIMITED: ClassifiedError = {
  code: "rate_limited",
  message: "The provider asks to wait.",
  retryable: true,
  notAccepted: true,
  retryAfterMs: durationMs(1_700),
};
const FORBIDDEN: ClassifiedError = {
  code: "content_policy_input",
  message: "The provider does not take this prompt.",
  retryable: false,
  notAccepted: true,
};
const BROKE: ClassifiedError = { code: "provider_unavailable", message: "The provider broke off.", retryable: true };
const POLICY: ClassifiedError = {
  code: "content_policy_output",
  message: "The provider kept the result.",
  retryable: false,
};
const CANNOT_CANCEL: ClassifiedError = {
  code: "invalid_input",
  message: "This cannot be cancelled.",
  retryable: false,
};
