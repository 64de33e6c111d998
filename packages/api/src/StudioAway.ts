/**
 * Thrown by a port while the studio's database does not answer. It is no bug, and no refusal: what was asked for may have been
 * done, so that whoever asks again has to ask the same, under the same key.
 */
export class StudioAway extends Error {
  override readonly name = "StudioAway";
}
