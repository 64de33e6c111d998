import { rm } from "node:fs/promises";
import { join } from "node:path";
import { inspectSqlite } from "@reelstate/db";
import { parseStorage } from "../config.ts";
import { languageOf, sayFindings } from "../health/sayFindings.ts";
import { BucketUnusable } from "../storage/BucketUnusable.ts";
import { MediaOwned } from "../storage/MediaOwned.ts";
import { ownMedia } from "../storage/ownMedia.ts";
import { openStorage, readStorage } from "../storage/openStorage.ts";
import { howToStart } from "./howToStart.ts";
import { moveMedia } from "./moveMedia.ts";
import { sizeOf } from "./sizeOf.ts";
import type { Finding } from "@reelstate/db";
import type { Move, MovedMedia, TableProgress } from "@reelstate/db/postgres";
import type { S3Settings } from "../storage/s3/S3Settings.ts";
import type { Storage } from "../storage/Storage.ts";
import type { Terminal } from "../Terminal.ts";
import type { MoveTarget } from "./targetOf.ts";

/** The studio that is moved: stopped, and its folder locked. */
export interface StoppedStudio {
  readonly dataDir: string;
  /** Its database. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

export interface MoveOptions extends MoveTarget {
  readonly withoutDamaged: boolean;
}

/** All the phases of a move, told as they go; gives the command's exit code. */
export async function moveStudio(studio: StoppedStudio, options: MoveOptions): Promise<number> {
  const { dataDir, file, env, terminal } = studio;
  const { say } = terminal;
  const has = parseStorage(env);
  const goesTo = options.s3 !== null && !isSame(options.s3, has) ? options.s3 : null;

  say(`1/5 Looking at the studio in ${dataDir}, and at where it goes.`);
  const { inspectPostgres, openMove } = await import("@reelstate/db/postgres");
  await using opened = new AsyncDisposableStack();
  const move = await openMove({ file, url: options.url, storage: placeOf(goesTo ?? has) });
  opened.defer(move.close);
  const left = goesTo !== null && has === null ? join(dataDir, "media") : null;
  const told = howToStart({ dataDir, url: options.url, media: goesTo ?? has, left });
  if (move.state === "done") {
    if (move.isNewPlace) {
      say(
        "The studio was moved there already, with its media at another place than is asked for now. Nothing was changed.",
      );
      return 1;
    }
    say(`The studio was moved there already. Nothing was changed.\n\n${told}`);
    return 0;
  }
  if (!isFit(inspectSqlite(file), studio)) return 2;

  const source = await readStorage({ dataDir, s3: has });
  opened.defer(source.close);
  const target = goesTo === null ? source : await openTarget(dataDir, goesTo, opened);
  if (goesTo !== null && move.isNewPlace && !(await isEmpty(target))) {
    say(
      `${nameOf(goesTo)} has files in it already, of another studio or of another move. Name an empty bucket, or another prefix, as the second argument: ` +
        "what a studio does not refer to, it collects.",
    );
    return 1;
  }
  if (goesTo !== null) await mark(target, move.studioName(), { dataDir, s3: goesTo });
  if (move.state === "changed") say("    The studio was started since this move was begun: it begins anew.");
  const begun = await move.begin();

  say("2/5 Copying rows.");
  const copied = await move.copyRows(showing(terminal, "rows"));
  say(`    ${count(copied)} rows copied${move.state === "begun" ? ", the others were there" : ""}.`);

  say(
    `3/5 ${goesTo === null ? `Media stays in ${has === null ? join(dataDir, "media") : nameOf(has)}. Reading every file` : `Copying media to ${nameOf(goesTo)}, and reading every file there`}.`,
  );
  const media = await bringMedia({ move, source, target, terminal, studio }, begun);
  say(`    ${count(media.files)} files (${sizeOf(media.bytes)}) are there, with the bytes that their rows name.`);
  if (media.damaged > 0 && !options.withoutDamaged) {
    say(
      `${count(media.damaged)} files are damaged. Put them back from a copy and run the same command again, or add --without-damaged-files to ` +
        "move without them. No studio can be started there before that.",
    );
    return 2;
  }

  say("4/5 Comparing every row on both sides.");
  const { rows, tables, workspaces, ledgerLines } = await move.compare(showing(terminal, "compared"));
  say(
    `    ${count(rows)} rows in ${tables} tables are the same; ${count(ledgerLines)} lines of the ledger sum to the credits of ` +
      `${count(workspaces)} ${workspaces === 1 ? "workspace" : "workspaces"}, here and there.`,
  );

  say("5/5 Making indexes and guards, and looking at the studio there.");
  await move.finish();
  const found = (await inspectPostgres(options.url)).filter(isFault);
  sayFindings(found, languageOf(env), terminal);
  say(
    `${found.length === 0 ? "All is there, and everything holds." : `All is there, with ${found.length} findings.`}\n\n${told}`,
  );
  return found.length > 0 || media.damaged > 0 ? 2 : 0;
}

/** A job that stood as processing when the studio was stopped goes on when it is started, here as there. */
const isFault = ({ check }: Finding): boolean => check !== "job_stuck";

/** What can be mended is mended where it is; what cannot is told, and moves as it is. */
function isFit(findings: readonly Finding[], { env, terminal }: StoppedStudio): boolean {
  const faults = findings.filter(isFault);
  sayFindings(faults, languageOf(env), terminal);
  if (faults.every(({ mendable, check }) => !mendable && check !== "database_damaged" && check !== "schema_changed"))
    return true;
  terminal.say(`${faults.length} findings. Repair the studio before it moves: npx pnpm studio doctor --repair.`);
  return false;
}

interface Bringing {
  readonly move: Move;
  readonly source: Storage;
  readonly target: Storage;
  readonly terminal: Terminal;
  readonly studio: StoppedStudio;
}

function bringMedia({ move, source, target, terminal, studio }: Bringing, begun: MovedMedia) {
  let hinted = false;
  return moveMedia(
    {
      media: move.media,
      source,
      target,
      note: move.noteMedia,
      damaged: ({ key, versionId, flaw }) => {
        terminal.say(`    damaged: the file ${key} of version ${versionId} ${flaw}.`);
        if (!hinted && flaw === "is missing" && (studio.env["STORAGE_URL"] ?? "") !== "")
          terminal.say(
            "    (STORAGE_URL says that the studio has its media in a bucket now; if it is in DATA_DIR, leave it out.)",
          );
        hinted = true;
      },
      progress: ({ files, bytes, versions, of }) =>
        terminal.progress(
          `    media: ${count(versions)} of ${count(of)} versions, ${count(files)} files, ${sizeOf(bytes)}`,
        ),
    },
    begun,
  );
}

async function openTarget(dataDir: string, s3: S3Settings, opened: AsyncDisposableStack): Promise<Storage> {
  // Where the studio itself puts what is on its way; nothing of what it keeps.
  const workDir = join(dataDir, "work", "moving");
  opened.defer(() => rm(workDir, { recursive: true, force: true }));
  try {
    const storage = await openStorage({ dataDir, s3, workDir });
    opened.defer(storage.close);
    return storage;
  } catch (error) {
    if (!(error instanceof BucketUnusable)) throw error;
    throw new BucketUnusable(error.message.replaceAll("STORAGE_URL", "the second argument"), { cause: error });
  }
}

/** From now on no other studio takes the place for its own, however long the move takes. */
async function mark(target: Storage, studio: string, place: { dataDir: string; s3: S3Settings }): Promise<void> {
  try {
    await ownMedia(target, studio, place);
  } catch (error) {
    if (!(error instanceof MediaOwned)) throw error;
    throw new MediaOwned(error.message.replaceAll("STORAGE_URL", "the second argument"), { cause: error });
  }
}

/** But for what a look at whether it can be written to left behind, when that was killed. */
async function isEmpty(storage: Storage): Promise<boolean> {
  for await (const { key } of storage.list()) if (!key.endsWith(".probe")) return false;
  return true;
}

function isSame(one: S3Settings, other: S3Settings | null): boolean {
  return (
    other !== null && one.bucket === other.bucket && one.prefix === other.prefix && one.endpoint === other.endpoint
  );
}

function nameOf(s3: S3Settings): string {
  return `s3://${s3.bucket}/${s3.prefix}`.replace(/\/$/, "");
}

/** The same name for the same bucket alone: many stores have one of that name. */
function placeOf(s3: S3Settings | null): string {
  return s3 === null ? "the folder" : `${nameOf(s3)} at ${s3.endpoint ?? "Amazon S3"}`;
}

function showing({ progress }: Terminal, what: string): (at: TableProgress) => void {
  return ({ table, done, total }) => progress(`    ${what}: ${table} ${count(done)} of ${count(total)}`);
}

const count = (number: number): string => number.toLocaleString("en-US");
