import { randomBytes, randomUUID, scrypt } from "node:crypto";
import { link, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { sealKey, unsealKey } from "./sealKey.ts";
import type { Secret } from "../Secret.ts";
import type { KeyOwner } from "./sealKey.ts";

/** Keeps keys where anybody who reads the database cannot read them (docs/decisions/018). */
export interface Sealing {
  /** Makes the sealing key if there is none yet. Rejects where that cannot be kept. */
  readonly seal: (key: Secret, owner: KeyOwner) => Promise<string>;
  /** Null: it cannot be read here. */
  readonly unseal: (sealed: string, owner: KeyOwner) => Promise<Secret | null>;
}

export interface SealingOptions {
  /** What an operator sets for all processes; null: a file in `dataDir`. */
  readonly secret: Secret | null;
  readonly dataDir: string;
}

/** The text in this file would do as well in REELSTATE_SECRET: so a studio moves to where a folder is not shared. */
export const SEALING_FILE = "secret.key";
const FILE_BYTES = 32;
const KEY_BYTES = 32;
/** What is guessed has to be guessed slowly; what is random costs this once in a process's life. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 } as const;
const SALT = "reelstate provider keys";

const derive = promisify<string, string, number, typeof SCRYPT, Buffer>(scrypt);

export function openSealing({ secret, dataDir }: SealingOptions): Sealing {
  const file = join(dataDir, SEALING_FILE);
  let known: Promise<Buffer> | null = null;

  /** Null: there is none. */
  async function sealingKey(): Promise<Buffer | null> {
    if (known !== null) return known;
    const text = secret?.reveal() ?? (await textOf(file));
    return text === null ? null : (known ??= derive(text, SALT, KEY_BYTES, SCRYPT));
  }

  async function madeKey(): Promise<Buffer> {
    const found = await sealingKey();
    if (found !== null) return found;
    await makeFile(file);
    const made = await sealingKey();
    if (made === null) throw new Error(`${file} was made and is not there.`);
    return made;
  }

  return {
    seal: async (key, owner) => sealKey(await madeKey(), key, owner),
    unseal: async (sealed, owner) => {
      const found = await sealingKey();
      return found === null ? null : unsealKey(found, sealed, owner);
    },
  };
}

async function textOf(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim() || null;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Whole and on the disk before it has its name, so that nobody reads half of it; one that is there is never replaced. Of two
 * processes that make it at one moment, one does, and both read that.
 */
async function makeFile(file: string): Promise<void> {
  const making = `${file}.${randomUUID()}`;
  const handle = await open(making, "wx", 0o600);
  try {
    await handle.writeFile(`${randomBytes(FILE_BYTES).toString("base64url")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(making, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(making, { force: true });
  }
  await syncFolder(dirname(file));
}

/** So that the name outlives a loss of power, too. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
