import { ConfigError } from "./config.ts";

/** What an operator can do about why the studio did not start, in words; a bug keeps its stack. */
export function explainStart(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || SAID.has(error.name)) return error.message;
  const code = codeOf(error);
  if (code.startsWith("ERR_PARSE_ARGS_")) return `${error.message} --help tells what there is.`;
  if (code === "EADDRINUSE") return `${error.message}. Another program uses this port; set PORT to a free one.`;
  const advice = adviceOn(code);
  // What refused the folder or the bucket of media is nobody's bug, and says what to look at.
  if (error.name === "StorageError" && error.cause instanceof Error)
    return `${error.message} ${error.cause.message}${`\n${adviceOn(codeOf(error.cause)) ?? ""}`.trimEnd()}`;
  return advice === undefined ? (error.stack ?? error.message) : `${error.message}\n${advice}`;
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function adviceOn(code: string): string | undefined {
  return ADVICE.find(([codes]) => codes.test(code))?.[1];
}

const SAID: ReadonlySet<string> = new Set([
  "BucketUnusable",
  "DataDirInUse",
  "DatabaseDamaged",
  "DatabaseTooNew",
  "DatabaseTooOld",
  "MediaOwned",
  "MoveRefused",
  "MoveUnfinished",
  "ProviderUnusable",
  "StoreUnavailable",
]);

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN)/,
    "The studio may not write to its folder. Give it the right to, or set DATA_DIR to a folder that it may write to.",
  ],
  [/^(EEXIST|ENOTDIR)$/, "DATA_DIR names something that is not a folder. Set it to a folder."],
  [
    /^(SQLITE_NOTADB|SQLITE_CORRUPT)/,
    "The database in DATA_DIR cannot be read. Put back a copy of it, or set DATA_DIR to another folder.",
  ],
  [/^(ENOSPC|EDQUOT|SQLITE_FULL)/, "The disk of DATA_DIR is full. Make room, then start again."],
];
