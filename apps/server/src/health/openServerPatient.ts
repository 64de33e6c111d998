import { mendAll } from "./mendAll.ts";
import type { Patient } from "./Patient.ts";

/** A PostgreSQL database, which others may be working on. Nothing here can copy it: whoever repairs says that they have. */
export async function openServerPatient(url: string, backedUp: boolean): Promise<Patient> {
  const { inspectPostgres, openPostgresReader, openPostgresStore } = await import("@reelstate/db/postgres");
  const inspect = () => inspectPostgres(url);
  return {
    inspect,
    read: () => openPostgresReader(url),
    repair: async (say) => {
      if (!backedUp) {
        say("Nothing was repaired: copy the database first (pg_dump), then say so with --repair --backed-up.");
        return;
      }
      const store = await openPostgresStore({ url, mediaUrl: (key) => `/media/${key}` });
      try {
        say(`${await mendAll({ store, inspect }, new AbortController().signal)} mended.`);
      } finally {
        await store.close();
      }
    },
  };
}
