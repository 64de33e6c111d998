import { inspect } from "node:util";

const HIDDEN = "[secret]";

/** A key. Written anywhere by mistake (a log, an error, an answer), it does not show. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** For the header that it belongs in, and nowhere else. */
  reveal(): string {
    return this.#value;
  }

  /** Somebody's words that may repeat it, without it. */
  hideIn(words: string): string {
    return this.#value === "" ? words : words.replaceAll(this.#value, HIDDEN);
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
