import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface BenchRedis extends AsyncDisposable {
  readonly socket: string;
}

/** What the `redis-server` on the PATH calls itself; null when there is none. */
export function redisServer(): string | null {
  const { status, stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  return status === 0 ? (/v=(\S+)/.exec(stdout)?.[1] ?? "unknown") : null;
}

/** A Redis of its own, on a socket in a temporary folder on the same disk as every other engine. */
export async function openBenchRedis({ flushed }: { readonly flushed: boolean }): Promise<BenchRedis> {
  const folder = await mkdtemp(join(tmpdir(), "redis-bench-"));
  const socket = join(folder, "redis.sock");
  const durability = flushed ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  const server = spawn(
    "redis-server",
    ["--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--daemonize", "no", ...durability],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(server, "exit");
  const said: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface(server.stdout).on("line", (line) => {
      said.push(line);
      if (/ready to accept connections/i.test(line)) resolve();
    });
  });
  const died = exited.then(() => {
    throw new Error(`redis-server ended instead of starting: ${said.slice(-10).join("\n")}`);
  });
  // Heard only while it starts: later it is ended by us.
  died.catch(() => {});
  await Promise.race([ready, died]);
  return {
    socket,
    async [Symbol.asyncDispose]() {
      server.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
