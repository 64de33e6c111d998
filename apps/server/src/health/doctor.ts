import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DatabaseDamaged } from "@reelstate/db";
import { parseDatabase, parseStorage } from "../config.ts";
import { BucketUnusable } from "../storage/BucketUnusable.ts";
import { StorageError } from "../storage/StorageError.ts";
import { readStorage } from "../storage/openStorage.ts";
import { checkFiles, countUnused } from "./checkFiles.ts";
import { openFilePatient } from "./openFilePatient.ts";
import { openServerPatient } from "./openServerPatient.ts";
import { languageOf, sayFindings } from "./sayFindings.ts";
import type { HealthFinding } from "@reelstate/api/health";
import type { Terminal } from "../Terminal.ts";
import type { Patient } from "./Patient.ts";

const WELL = { en: "Everything holds.", zh: "一切正常。" } as const;

const HELP = `npx pnpm studio doctor [--deep] [--repair]   looks at the studio in DATA_DIR or DATABASE_URL (and the bucket in STORAGE_URL),
                                             running or not

  --deep        reads every file again, and compares its bytes with its name
  --repair      mends what rows alone can put right. In DATA_DIR over a copy of the database (the newest three are kept in
                its folder backups); the studio must be stopped. On PostgreSQL also while it runs, but only with
  --backed-up   which says that you have copied the database yourself, with pg_dump

Ends with 0 when all is well, else with 2.`;

/**
 * `studio doctor [--repair] [--deep]`: looks at what a studio keeps, a running one's too, and writes nothing unless told to
 * repair (K1). Gives the exit code: 0 when all is well, else 2.
 */
export async function doctor(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repair: { type: "boolean", default: false },
      deep: { type: "boolean", default: false },
      "backed-up": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    terminal.say(HELP);
    return 0;
  }
  const dataDir = resolve(env["DATA_DIR"] ?? "./data");
  const url = parseDatabase(env);
  const patient = url === null ? openFilePatient(dataDir) : await openServerPatient(url, values["backed-up"]);
  if (typeof patient === "string") {
    terminal.say(patient);
    return 1;
  }
  const s3 = parseStorage(env);
  if (values.repair) await patient.repair(terminal.say);
  const { findings, unseen } = await look({ dataDir, s3 }, patient, values.deep, terminal);
  const language = languageOf(env);
  sayFindings(findings, language, terminal);
  if (findings.length > 0) terminal.say(`${findings.length} findings.`);
  else if (!unseen) terminal.say(WELL[language]);
  return findings.length === 0 && !unseen ? 0 : 2;
}

interface Looked {
  readonly findings: readonly HealthFinding[];
  /** Something could not be looked at, which was said. */
  readonly unseen: boolean;
}

async function look(
  place: Parameters<typeof readStorage>[0],
  patient: Patient,
  deep: boolean,
  terminal: Terminal,
): Promise<Looked> {
  const rows = await patient.inspect();
  try {
    return { findings: [...rows, ...(await lookAtFiles(place, patient, deep, terminal))], unseen: false };
  } catch (error) {
    const explained = [DatabaseDamaged, BucketUnusable, StorageError].some((flaw) => error instanceof flaw);
    if (!explained || !(error instanceof Error)) throw error;
    terminal.say(error.message);
    return { findings: rows, unseen: true };
  }
}

async function lookAtFiles(
  place: Parameters<typeof readStorage>[0],
  patient: Patient,
  deep: boolean,
  { say, progress }: Terminal,
): Promise<readonly HealthFinding[]> {
  await using opened = new AsyncDisposableStack();
  const store = await patient.read();
  opened.defer(store.close);
  const storage = await readStorage(place);
  opened.defer(storage.close);
  const { signal } = new AbortController();
  const deps = { store, storage };
  const findings = await checkFiles(deps, {
    deep,
    signal,
    progress: (done, total) => progress(`files ${done} of ${total}`),
  });
  const unused = await countUnused(deps, signal);
  if (unused.files > 0)
    say(`${unused.files} files (${unused.bytes} bytes) are not referred to; the studio removes them after a day.`);
  return findings;
}
