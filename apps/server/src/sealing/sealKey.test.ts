import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Secret } from "../Secret.ts";
import { sealKey, unsealKey } from "./sealKey.ts";

const sealingKey = randomBytes(32);
const owner = { provider: "fal", home: "https://queue.fal.run" };
const key = new Secret("0b9c6a52-fal:4d1f3e8a77c2");

describe("a sealed key", () => {
  it("is opened by the sealing key, for its owner, and is another text each time", () => {
    const [one, two] = [sealKey(sealingKey, key, owner), sealKey(sealingKey, key, owner)];
    expect(one).not.toBe(two);
    for (const sealed of [one, two]) expect(unsealKey(sealingKey, sealed, owner)?.reveal()).toBe(key.reveal());
    for (const part of key.reveal().split(/[-:]/)) {
      expect(one).not.toContain(part);
      expect(Buffer.from(one, "base64url").toString("latin1")).not.toContain(part);
    }
  });

  it.each([
    ["another sealing key", randomBytes(32), owner],
    ["another provider", sealingKey, { ...owner, provider: "replicate" }],
    ["another address", sealingKey, { ...owner, home: "https://elsewhere.example" }],
  ])("is not opened for %s", (_what, withKey, forOwner) => {
    expect(unsealKey(withKey, sealKey(sealingKey, key, owner), forOwner)).toBeNull();
  });

  it("is not opened with any one bit of it turned, nor cut, nor written otherwise", () => {
    const sealed = sealKey(sealingKey, key, owner);
    const bytes = Buffer.from(sealed, "base64url");
    const altered = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy.toString("base64url");
    });
    const cut = Array.from({ length: sealed.length }, (_, length) => sealed.slice(0, length));
    const written = [`${sealed}=`, `${sealed}A`, ` ${sealed}`, bytes.toString("base64"), ""];
    for (const text of [...altered, ...cut, ...written.filter((text) => text !== sealed)])
      expect(unsealKey(sealingKey, text, owner)).toBeNull();
  });
});
