/** Media of another studio lies where this one is to keep its own; the message says what to change. */
export class MediaOwned extends Error {
  override readonly name = "MediaOwned";
}
