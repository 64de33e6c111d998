import { MIGRATIONS } from "../postgres/migrations/migrations.ts";
import { compareRows } from "./compareRows.ts";
import { COPIED_TABLES } from "./copiedTables.ts";
import { copyRows } from "./copyRows.ts";
import { MoveRefused } from "./MoveRefused.ts";
import { openSource } from "./openSource.ts";
import { openTarget } from "./openTarget.ts";
import { unbalanced } from "./WorkspaceLedger.ts";
import type { VersionId } from "@reelstate/lifecycle";
import type { TableProgress } from "./copyRows.ts";
import type { MediaRows, Source } from "./openSource.ts";
import type { Target } from "./openTarget.ts";
import type { MovingIn } from "./movingIn.ts";

/** Of which media all is where it shall be, and was read there. */
export interface MovedMedia {
  readonly after: VersionId | null;
  readonly files: number;
  readonly bytes: number;
}

/** What was counted and found the same on both sides. */
export interface Compared {
  readonly tables: number;
  readonly rows: number;
  readonly workspaces: number;
  readonly ledgerLines: number;
}

/**
 * A stopped studio's SQLite file on its way into a PostgreSQL database: `begin`, `copyRows`, media by whoever knows where it is,
 * `compare`, `finish`. The target says how far it is, so each may break off anywhere and all be done once more; until `finish`
 * has committed nobody can start a studio there.
 */
export interface Move {
  /** `changed`: begun, but a studio was started on the source since, so that what was copied does not count. */
  readonly state: "new" | "begun" | "changed" | "done";
  /** Whether media goes where nothing of this studio has been brought yet. */
  readonly isNewPlace: boolean;
  readonly media: MediaRows;
  /** Which studio it is, here and there. */
  readonly studioName: () => string;
  readonly begin: () => Promise<MovedMedia>;
  /** How many rows were missing. */
  readonly copyRows: (progress: (progress: TableProgress) => void) => Promise<number>;
  readonly noteMedia: (done: MovedMedia) => Promise<void>;
  readonly compare: (progress: (progress: TableProgress) => void) => Promise<Compared>;
  readonly finish: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface MoveRequest {
  /** The SQLite file. Whoever asks sees to it that no studio runs on it. */
  readonly file: string;
  /** `postgres://…` */
  readonly url: string;
  /** Where the media goes, in a person's words: kept, so that another run notices when it is another place. */
  readonly storage: string;
}

/** Changes nothing yet. Throws `MoveRefused` when it cannot be done as things are. */
export async function openMove({ file, url, storage }: MoveRequest): Promise<Move> {
  const source = openSource(file);
  try {
    refuseUnbalanced(source);
    const target = await openTarget(url);
    try {
      const moving = await target.moving();
      const state = stateOf(source, moving);
      return { ...moveBetween(source, target, { moving, state, storage }), state };
    } catch (error) {
      await target.close();
      throw error;
    }
  } catch (error) {
    source.close();
    throw error;
  }
}

function stateOf(source: Source, moving: MovingIn | null): Move["state"] {
  if (moving === null) return "new";
  if (!source.knows(moving.boot))
    throw new MoveRefused(
      "The first argument names a database that another studio was moved into, or is being moved into. Name an empty one.",
    );
  const same = moving.boot === source.boot;
  if (moving.endedAt === null) return same && moving.schema === MIGRATIONS.length ? "begun" : "changed";
  if (same) return "done";
  throw new MoveRefused(
    "This studio was moved into that database before, and has been started here again since: what it did here then is not there, " +
      "and two studios cannot become one. Go on with one of them; to move this one once more, name an empty database.",
  );
}

interface Begun {
  readonly moving: MovingIn | null;
  readonly state: Move["state"];
  readonly storage: string;
}

function moveBetween(source: Source, target: Target, { moving, state, storage }: Begun): Omit<Move, "state"> {
  return {
    isNewPlace: moving?.storage !== storage,
    media: source.media,
    studioName: source.studioName,
    begin: async () => {
      if (state === "new" || state === "changed") await target.begin({ boot: source.boot, storage });
      else if (moving?.storage !== storage) await target.beginMedia(storage);
      const { mediaAfter, mediaFiles, mediaBytes } = (await target.moving()) ?? nothing;
      return { after: mediaAfter as VersionId | null, files: mediaFiles, bytes: mediaBytes };
    },
    copyRows: async (progress) => {
      let copied = 0;
      for (const table of COPIED_TABLES) copied += await copyRows({ source, target, progress }, table);
      return copied;
    },
    noteMedia: ({ after, files, bytes }) =>
      target.noteMedia({ mediaAfter: after, mediaFiles: files, mediaBytes: bytes }),
    compare: async (progress) => {
      let rows = 0;
      for (const table of COPIED_TABLES) rows += await compareRows({ source, target, progress }, table);
      const ledgers = await compareLedgers(source, target);
      return { tables: COPIED_TABLES.length, rows, ...ledgers };
    },
    finish: target.finish,
    close: async () => {
      source.close();
      await target.close();
    },
  };
}

const nothing = { mediaAfter: null, mediaFiles: 0, mediaBytes: 0 };

function refuseUnbalanced(source: Source): void {
  const wrong = unbalanced(source.ledgers());
  if (wrong === null) return;
  throw new MoveRefused(
    `[C3] The credits of the workspace ${wrong.id} are ${wrong.balance} (${wrong.held} held), but its ledger's lines sum to ` +
      `${wrong.linesBalance} (${wrong.linesHeld} held). Repair it first: npx pnpm studio doctor --repair.`,
  );
}

/** C3 on the other side, asked of its own rows, and the same numbers as here. */
async function compareLedgers(source: Source, target: Target): Promise<Pick<Compared, "workspaces" | "ledgerLines">> {
  const [here, there] = [source.ledgers(), await target.ledgers()];
  const wrong = unbalanced(there) ?? there.find((one, at) => JSON.stringify(one) !== JSON.stringify(here[at]));
  if (wrong !== undefined || there.length !== here.length)
    throw new MoveRefused(
      `[C3] The ledger of the workspace ${wrong?.id ?? ""} is another on the other side. Make the database of the first argument anew ` +
        "(dropdb, createdb), and run the same command again.",
    );
  return { workspaces: here.length, ledgerLines: here.reduce((sum, { lines }) => sum + lines, 0) };
}
