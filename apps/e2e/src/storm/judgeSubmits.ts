import type { Witnessed } from "../harness/simulatorLog.ts";
import type { Finding } from "./Finding.ts";

/**
 * P1 and P2, by what the provider heard: while a request that it took may still be alive or paid for, no other is made
 * for the same work. The same reference may come again where the provider itself makes it one request.
 */
export function judgeSubmits(log: readonly Witnessed[], rootOf: (job: string) => string): readonly Finding[] {
  const works = Map.groupBy(
    log.filter(({ op, ok }) => op === "submit" && ok === true),
    ({ client_ref }) => rootOf(jobOf(client_ref)),
  );
  return [...works.values()].flatMap((submits) =>
    submits.flatMap((submit, index) => judge(submit, submits[index - 1])),
  );

  function judge(submit: Witnessed, before: Witnessed | undefined): readonly Finding[] {
    if (before === undefined) return [];
    if (submit.client_ref === before.client_ref) {
      if (submit.repeated === true) return [];
      return [finding("P2", submit, "Was submitted twice to a provider that does not know it again.")];
    }
    const first = firstOf(before);
    if (submit.at < endedAt(first))
      return [finding("P1", submit, `Was submitted while ${first.client_ref} was alive.`)];
    const asked = log.some(
      ({ op, client_ref, at }) => op === "poll" && client_ref === first.client_ref && at >= first.at && at <= submit.at,
    );
    return asked
      ? []
      : [finding("P1", submit, `Was submitted before anybody asked what became of ${first.client_ref}.`)];
  }

  /** A repeated submit carries no script: the one that was taken first does. */
  function firstOf({ client_ref }: Witnessed): Witnessed {
    const first = log.find((line) => line.op === "submit" && line.ok === true && line.client_ref === client_ref);
    if (first === undefined) throw new Error(`The log has no submit of ${client_ref}.`);
    return first;
  }
}

/** When work that went wrong at the provider was over; work that went well is over when we have it, and not made again. */
function endedAt({ at, script }: Witnessed): number {
  if (typeof script?.fail?.at !== "number") return Number.POSITIVE_INFINITY;
  return at + script.queueMs + script.runMs * script.fail.at;
}

/** References are `<job>-<attempt>`. */
export function jobOf(clientRef: string): string {
  return clientRef.slice(0, clientRef.lastIndexOf("-"));
}

function finding(rule: string, { client_ref }: Witnessed, explanation: string): Finding {
  return { rule, subject: client_ref, explanation };
}
