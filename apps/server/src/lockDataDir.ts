import { join } from "node:path";
import { lockFile } from "./lockFile.ts";

/** Another process already runs a studio on this folder. */
export class DataDirInUse extends Error {
  override readonly name = "DataDirInUse";
}

/** Takes the folder for this process. */
export function lockDataDir(dataDir: string): { readonly release: () => void } {
  const lock = lockFile(join(dataDir, "lock.sqlite"));
  if (lock !== null) return lock;
  throw new DataDirInUse(`Another studio is running on ${dataDir}. Stop it first, or set DATA_DIR to another folder.`);
}
