import type { Studio } from "../harness/startStudio.ts";
import type { Finding } from "./Finding.ts";

/** What the program itself calls an error is one, whatever came of it. */
export function bugsIn({ lines }: Pick<Studio, "lines">): readonly Finding[] {
  return lines
    .filter((line) => /^\{"level":(50|60),/.test(line))
    .map((line) => ({ rule: "J6", subject: "log", explanation: line.slice(0, 2_000) }));
}
