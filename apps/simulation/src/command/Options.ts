import { parseArgs } from "node:util";

export interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly story: boolean;
}

export const HELP = `Plays whole lives of the studio: server and page in one process, on a clock that is not the wall's, with
crashes, lost messages, full disks and providers that fail; then judges each one.

  npx pnpm studio simulate [--runs N] [--seed S]   plays N lives (200), the first with seed S (1)
  npx pnpm studio simulate --story --seed S        tells one life, line by line

A seed always plays the same life. Ends with 1 when a life broke a rule.
`;

/** What was asked for; null: to be told how to ask. Throws an explanation. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
      story: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  return { runs: whole("--runs", values.runs, 1), seed: whole("--seed", values.seed, 0), story: values.story };
}

function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least || number > 4_294_967_295)
    throw new Error(`${name} must be a whole number from ${least}, and was ${JSON.stringify(value)}.`);
  return number;
}
