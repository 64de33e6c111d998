import { rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { openInspector } from "./openInspector.ts";

it("[K1] the rows are looked at in a thread of its own, again and again, and what stops that is told", async () => {
  await using studio = await openTestStudio();
  await studio.create();
  const file = join(studio.folder, "reelstate.sqlite");
  const inspector = openInspector(file);
  try {
    expect(await Promise.all([inspector.inspect(), inspector.inspect()])).toEqual([[], []]);
    await rename(file, `${file}.away`);
    await expect(inspector.inspect()).rejects.toThrow(/unable to open|directory/);
    await rename(`${file}.away`, file);
  } finally {
    await inspector.close();
  }
});
