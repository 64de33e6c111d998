import type { Mutant } from "./Mutant.ts";
import { swapsOf } from "./Mutant.ts";

/** The file's text with the mutant in it. Throws, with what to do, unless each text is there exactly once. */
export function breakText(mutant: Mutant, text: string): string {
  let broken = text;
  for (const { find, replace } of swapsOf(mutant)) {
    const times = broken.split(find).length - 1;
    if (times !== 1) {
      throw new Error(
        `${mutant.file} holds ${times === 0 ? "no longer" : `${times} times`} the text that the mutant "${mutant.name}" breaks:\n` +
          `${indent(find)}\nUpdate its row in .ci/mutants/table: the text must be in the file exactly once.`,
      );
    }
    broken = broken.replace(find, () => replace);
  }
  return broken;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
