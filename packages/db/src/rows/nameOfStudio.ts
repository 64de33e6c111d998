/** The workspace that a studio began with; none is ever removed. */
export const FIRST_WORKSPACE = "SELECT id, created_at AS at FROM workspace ORDER BY created_at, id LIMIT 1";

export interface FirstWorkspace {
  readonly id: string;
  readonly at: number;
}

/** A name in which a person sees which studio it is. */
export function nameOfStudio(first: FirstWorkspace | undefined): string {
  if (first === undefined) throw new Error("The studio has no workspace yet.");
  return `${first.id} since ${new Date(first.at).toISOString()}`;
}
