/** The address of the first file in an output: the output itself, or in a list or an object of it. Null: there is none. */
export function fileOf(output: unknown): string | null {
  if (typeof output === "string") return /^https?:\/\//.test(output) ? output : null;
  if (typeof output !== "object" || output === null) return null;
  for (const part of Object.values(output)) {
    const file = fileOf(part);
    if (file !== null) return file;
  }
  return null;
}
