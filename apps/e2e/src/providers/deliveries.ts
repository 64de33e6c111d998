import type { ServedProvider } from "@reelstate/cluster/providers";
import type { Witnessed } from "../harness/simulatorLog.ts";
import type { Evidence } from "../storm/readEvidence.ts";

/** What the providers sent to the end, in the form of the simulator's log: for every job that was to make it. */
export function deliveries(
  providers: readonly ServedProvider[],
  { histories }: Pick<Evidence, "histories">,
): readonly Witnessed[] {
  const sent = new Set(providers.flatMap(sentBy));
  return [...histories.values()].flatMap(({ transitions, versions }) => {
    const made = new Set(versions.filter(({ prompt }) => sent.has(prompt)).map(({ id }) => id));
    return transitions.flatMap(({ versionId, jobId, at }) =>
      jobId !== null && made.has(versionId) ? [{ op: "fetch" as const, at, client_ref: `${jobId}-1`, ok: true }] : [],
    );
  });
}

/** The prompts of which it has sent the file; a file's address has the request's id in it. */
function sentBy({ server, steps, requests }: ServedProvider): readonly string[] {
  const paths = server.calls.flatMap(({ step, path, answered }) =>
    step === steps.file && answered === 200 ? [path] : [],
  );
  return requests()
    .filter(({ id }) => paths.some((path) => path.includes(id)))
    .map(({ prompt }) => prompt);
}
