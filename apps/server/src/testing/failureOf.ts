import { inspect } from "node:util";
import { expect } from "vitest";
import type { ClassifiedError, Provider } from "../providers/Provider.ts";

/** What a call that must fail is taken for. Whoever looks into that finds no key. */
export async function failureOf(provider: Provider, call: Promise<unknown>, key: string): Promise<ClassifiedError> {
  const error = await call.then(
    () => expect.fail("It was answered."),
    (thrown: unknown) => thrown,
  );
  const classified = provider.classifyError(error);
  expect(inspect(classified, { depth: 8, showHidden: true })).not.toContain(key);
  return classified;
}
