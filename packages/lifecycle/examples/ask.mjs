// Asking the machines themselves, without `advance`: they are ordinary XState machines.
import { jobMachine, legalTransitions } from "@reelstate/lifecycle";

// A job as it lies in a database: its status and phase are the state, every other column is context.
const { context } = jobMachine.getInitialSnapshot(null, {
  versionId: "version-1",
  job: {
    id: "job-1",
    maxFailures: 3,
    maxLosses: 10,
    attemptTimeoutMs: 60_000,
    jobTimeoutMs: 600_000,
    quote: 6,
    available: 100,
    inputs: "ready",
  },
});
const stored = jobMachine.resolveState({
  value: { processing: "at_provider" },
  context: { ...context, attempt: 2, startedAt: 1_000, firstClaimedAt: 0, leaseUntil: 16_000, fraction: 0.4 },
});

const say = (event) => console.log(`${event.type} at ${event.at}: ${stored.can(event)}`);
say({ type: "progress", at: 2_000, attempt: 2, phase: "fetching", fraction: null });
say({ type: "progress", at: 2_000, attempt: 1, phase: "fetching", fraction: null }); // An old attempt.
say({ type: "lose", at: 15_999, attempt: 2 });
say({ type: "lose", at: 16_000, attempt: 2 });

console.log(
  legalTransitions()
    .job.map((edge) => edge.join(" → "))
    .join(", "),
);
