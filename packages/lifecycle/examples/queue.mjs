// A queue of one: an asset is created, its worker fails once, tries again, and finishes. Run with `node queue.mjs`.
import { advance, backoff, viewOf } from "@reelstate/lifecycle";

let rows = null; // What a database would keep: asset, version, job and hold of one asset.
let now = Date.now();
const workspace = { balance: 100, held: 0 };

/** One transaction: ask, then write rows, ledger and event together, or nothing. */
function send(event) {
  const decision = advance(rows, { at: now, ...event });
  if (!decision.ok) return console.log(`${event.type.padEnd(9)} refused: ${decision.why}`);
  rows = decision.next;
  workspace.balance += decision.ledger?.balance ?? 0;
  workspace.held += decision.ledger?.held ?? 0;
  const { label, overlay, failure, actions } = viewOf(toAsset(rows));
  const detail = overlay ? [overlay.title, overlay.attempt, overlay.progress?.label] : [failure?.title];
  const said = [label, ...detail].filter(Boolean).join(" · ");
  console.log(`${event.type.padEnd(9)} ${said.padEnd(58)} [${actions.map((action) => action.label).join(", ")}]`);
}

const job = {
  id: "job-1",
  maxFailures: 3,
  maxLosses: 10,
  attemptTimeoutMs: 60_000,
  jobTimeoutMs: 600_000,
  inputs: "ready",
};
const media = {
  kind: "image",
  bytes: 70_000,
  sha256: "0".repeat(64),
  width: 1024,
  height: 576,
  durationMs: null,
  hasPoster: true,
  hasThumb: true,
};

send({
  type: "create",
  assetId: "asset-1",
  versionId: "version-1",
  job: { ...job, quote: 6, available: workspace.balance - workspace.held },
});
send({ type: "claim", leaseMs: 15_000 });
send({ type: "progress", attempt: 1, phase: "at_provider", fraction: 0.4 });
send({
  type: "fail",
  attempt: 1,
  code: "provider_unavailable",
  message: "The provider answered 503.",
  retryable: true,
  backoffMs: backoff({ tries: 1, random: Math.random() }),
});
now = rows.job.nextTryAt;
send({ type: "claim", leaseMs: 15_000 });
send({ type: "progress", attempt: 1, phase: "storing", fraction: 0.9 }); // The first attempt is not over it yet.
send({ type: "progress", attempt: 2, phase: "at_provider", fraction: 0.7 });
send({ type: "complete", attempt: 2, media });
send({ type: "cancel" }); // Too late.
console.log(`balance ${workspace.balance}, held ${workspace.held}`);

/** The answer a server gives: the rows, and what the rows do not know (names, prompts, URLs). */
function toAsset({ asset, version, job, hold }) {
  const live = job !== null && job.endedAt === null;
  const measured = job?.fraction !== null;
  return {
    ...asset,
    projectId: "project-1",
    type: "image",
    name: "A lighthouse in fog",
    currentVersion: {
      ...version,
      prompt: "A lighthouse in fog",
      model: "demo",
      params: {},
      inputs: [],
      media: version.hasMedia ? media : null,
      createdAt: now,
    },
    liveJob: live
      ? {
          ...job,
          progress: { kind: measured ? "measured" : "unknown", fraction: job.fraction, low: null, high: null },
          queuePosition: job.phase === "queued" ? 1 : null,
          startsIn: null,
          waitingFor: [],
          cancelRequested: job.cancelRequestedAt !== null,
          openSubmission: job.submission === "intended" || job.submission === "open",
          quote: hold.amount,
        }
      : null,
    lastJob: live
      ? null
      : {
          ...job,
          charged: hold.state === "captured" ? hold.amount : 0,
          cancelRequested: job.cancelRequestedAt !== null,
          endedAtProvider: job.submission === "ended" && !job.recoverable,
        },
    createdAt: now,
    updatedAt: now,
  };
}
