import { openTestDatabase } from "@reelstate/db/testing";
import { Client } from "pg";
import { pino } from "pino";
import { expect, it } from "vitest";
import { parseConfig } from "../config.ts";
import { startStudio } from "../startStudio.ts";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { doctor } from "./doctor.ts";

it("[K1] the doctor looks at a PostgreSQL database while studios work on it, and repairs only what was copied", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using folder = await temporaryFolder();
  const env = { DATABASE_URL: database.url, DATA_DIR: folder.path };
  const ask = async (...args: string[]) => {
    const said: string[] = [];
    const code = await doctor(args, env, { say: (line) => said.push(line), progress: () => {} });
    return { code, said: said.join("\n") };
  };
  await expect(ask()).rejects.toThrow(/Start the studio once/);

  const config = parseConfig({ ...env, PORT: "0", DRAIN_MS: "0" });
  const studio = await startStudio(config, pino({ level: "silent" }));
  expect(await ask("--deep")).toEqual({ code: 0, said: "Everything holds." });

  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query("UPDATE workspace SET balance = balance + 7");
  const found = await ask();
  expect([found.code, found.said]).toEqual([2, expect.stringMatching(/^\[C3\] default: /)]);
  const refused = await ask("--repair");
  expect([refused.code, refused.said]).toEqual([2, expect.stringMatching(/^Nothing was repaired: copy the database/)]);
  const repaired = await ask("--repair", "--backed-up");
  expect(repaired).toEqual({ code: 0, said: "1 mended.\nEverything holds." });
  await client.end();
  await studio.stop();
});

it("[K1] a page of a studio on PostgreSQL says that repairs begin with the command", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using folder = await temporaryFolder();
  const config = parseConfig({ DATABASE_URL: database.url, DATA_DIR: folder.path, PORT: "0", DRAIN_MS: "0" });
  const studio = await startStudio(config, pino({ level: "silent" }));
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  const asked = await fetch(`${studio.url}/trpc/health.repair`, post);
  expect(await asked.json()).toEqual({ result: { data: { began: false } } });
  const stop = new AbortController();
  const stream = await fetch(`${studio.url}/trpc/health.watch`, { signal: stop.signal });
  let said = "";
  for await (const piece of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    said += piece;
    if (said.includes('"repairs"')) break;
  }
  stop.abort();
  expect(said).toContain('"repairs":"by_command"');
  await studio.stop();
});
