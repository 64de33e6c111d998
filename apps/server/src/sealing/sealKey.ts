import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Secret } from "../Secret.ts";

/** Whose a key is, and where alone it is sent. Sealed for one, it cannot be opened for another. */
export interface KeyOwner {
  readonly provider: string;
  /** See `homeText`. */
  readonly home: string;
}

const VERSION = 1;
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** A version byte, a random nonce, the tag and the sealed key, as text. `sealingKey` has 32 bytes. */
export function sealKey(sealingKey: Buffer, key: Secret, owner: KeyOwner): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(belonging(owner));
  const sealed = Buffer.concat([cipher.update(key.reveal(), "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** Null: it was sealed with another sealing key, for another owner, or is not as it was. Nobody can tell which. */
export function unsealKey(sealingKey: Buffer, sealed: string, owner: KeyOwner): Secret | null {
  const bytes = Buffer.from(sealed, "base64url");
  // More than one text reads as the same bytes; only the one that was written is taken.
  if (bytes.toString("base64url") !== sealed || bytes[0] !== VERSION || bytes.length < HEAD_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, sealingKey, bytes.subarray(1, 1 + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(belonging(owner));
  decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  try {
    const key = Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]);
    return new Secret(key.toString("utf8"));
  } catch {
    return null;
  }
}

function belonging({ provider, home }: KeyOwner): Buffer {
  return Buffer.from(JSON.stringify(["reelstate provider key", VERSION, provider, home]));
}
