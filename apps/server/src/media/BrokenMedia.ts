/** Bytes that are not the whole, playable picture or video they should be. The message is for people. */
export class BrokenMedia extends Error {
  override readonly name = "BrokenMedia";
}
