import { inspect } from "node:util";
import { pino } from "pino";
import { expect, it } from "vitest";
import { Secret } from "./Secret.ts";

it("a secret shows in no text, no JSON, no log and no inspection, and can be used", () => {
  const secret = new Secret("sk-123");
  const lines: string[] = [];
  pino({}, { write: (line: string) => void lines.push(line) }).info({ secret, deep: { secret } }, "%s", secret);
  const shown = [String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true }), ...lines];
  expect(shown.join("\n")).not.toContain("sk-123");
  expect(lines[0]).toContain("[secret]");
  expect(secret.reveal()).toBe("sk-123");
});
