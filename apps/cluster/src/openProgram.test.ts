import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openProgram } from "./openProgram.ts";

it("starts as it is told and not as a studio is set up around it, tells whole lines, and says when it ends by itself", async () => {
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "reelstate-program-"));
  parts.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  // With the first it would refuse to start, with the second it would make nothing.
  vi.stubEnv("HOST", "0.0.0.0");
  vi.stubEnv("ROLE", "worker");
  vi.stubEnv("PUBLIC_URL", "https://studio.example");
  const lines: string[] = [];
  const gone: string[] = [];
  const program = parts.use(
    await openProgram({
      name: "studio",
      env: { DATA_DIR: folder, REELSTATE_SIMULATOR: "1" },
      onLine: (line) => lines.push(line),
      onGone: (how) => gone.push(how),
    }),
  );
  expect((await fetch(`${program.url}/trpc/projects.list`)).status).toBe(200);
  await expect.poll(() => lines).toContain(`  Reelstate is ready: ${program.url}`);
  expect(await program.terminate()).toBe(0);
  await program.start();
  await program.kill9();
  expect(gone).toEqual([]);
  await program.start();
  program.signal("SIGKILL");
  await expect.poll(() => gone).toEqual(["ended by itself with SIGKILL"]);
}, 240_000);

/** A program that starts a studio, says where it is, and then waits. */
const STARTER = `
  import { openProgram } from "${new URL("openProgram.ts", import.meta.url).href}";
  const env = { DATA_DIR: process.argv[1], REELSTATE_SIMULATOR: "1" };
  const { url } = await openProgram({ name: "studio", env, ownGroup: true });
  console.log(url);
  setInterval(() => {}, 1_000);
`;

it("whoever started it was killed, and it ran on for ever: it ends with them", async () => {
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "reelstate-program-"));
  parts.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", STARTER, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(starter.stdout, "data")) as [Buffer];
  const isThere = (): Promise<boolean> =>
    fetch(`${said.toString().trim()}/healthz`).then(
      () => true,
      () => false,
    );
  expect(await isThere()).toBe(true);
  starter.kill("SIGKILL");
  await expect.poll(isThere, { timeout: 60_000, interval: 50 }).toBe(false);
}, 240_000);
