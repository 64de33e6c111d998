import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

/**
 * Ends a process when we end, in whatever way: a kill, or a time limit of whoever runs us, leaves no moment to do it ourselves. So
 * somebody else waits for it, whose input ends when we do.
 */
export function endWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const waiting = spawn("/bin/sh", ["-c", 'read -r _; kill -9 "$1"', "sh", String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    // Of its own group: what kills us must leave it alive.
    detached: true,
  });
  waiting.unref();
  child.once("exit", () => waiting.kill("SIGKILL"));
}
