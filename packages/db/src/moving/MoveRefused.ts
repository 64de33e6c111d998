/** A studio cannot be moved as things are, or not yet; the message says why, and what to do. */
export class MoveRefused extends Error {
  override readonly name = "MoveRefused";
}
