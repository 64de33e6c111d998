import { mayBePaidFor } from "../outside/ProviderRecord.ts";
import type { ProviderRequest } from "@reelstate/server/providers/Provider.ts";
import type { Database, Statement } from "better-sqlite3";
import type { World } from "../World.ts";
import type { FarProvider } from "../outside/openProvider.ts";

/** Stands beside the provider and sees every request that would be paid for, at the moment it arrives. */
export function openWitness(
  world: World,
  connection: Database,
  providers: () => readonly FarProvider[],
): (request: ProviderRequest) => void {
  const intent: Statement = connection.prepare("SELECT state FROM submission WHERE client_ref = ?").pluck();
  return ({ clientRef }) => {
    const job = jobOf(clientRef);
    const now = world.scheduler.now();
    const earlier = providers()
      .flatMap(({ records }) => records)
      .filter((record) => jobOf(record.clientRef) === job && mayBePaidFor(record, now));
    for (const { ref } of earlier)
      world.accuse("P1", `${clientRef} was submitted while ${ref} of the same job was under way or made`);
    if (intent.get(clientRef) === undefined) world.accuse("P1", `${clientRef} was submitted without its intent`);
  };
}

/** A client reference is the job's id with the attempt's number. */
function jobOf(clientRef: string): string {
  return clientRef.slice(0, clientRef.lastIndexOf("-"));
}
