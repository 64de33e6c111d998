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
