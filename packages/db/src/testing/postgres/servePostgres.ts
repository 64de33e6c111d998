// Run as a process of its own, beside the tests: a PostgreSQL server in a folder of its own, started when the first test
// asks for it, and stopped and removed when the standard input ends: that is, whenever and however the run ends. A run that
// is killed closes its pipes too, so no server outlives its tests.
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { reachableLibrary } from "./reachableLibrary.ts";

const [folder, ...settings] = process.argv.slice(2);
if (folder === undefined) throw new Error("servePostgres needs the folder to work in.");

const data = join(folder, "data");
const said: string[] = [];
const EmbeddedPostgres = await reachableLibrary(folder);
const server = new EmbeddedPostgres({
  databaseDir: data,
  user: "postgres",
  password: "postgres",
  // Else a stop would take the data with it, and a restart find nothing; in the end the whole folder is removed.
  persistent: true,
  // The server refuses to run as root.
  createPostgresUser: userInfo().uid === 0,
  // Not the order of bytes: what relies on that order has to say so.
  initdbFlags: ["--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"],
  // A socket in the folder instead of a port: runs beside each other cannot meet. What is kept is as durable as in real life.
  postgresFlags: ["listen_addresses=", "max_connections=400", "shared_buffers=64MB", ...settings]
    .flatMap((setting) => ["-c", setting])
    .concat("-k", data),
  onLog: (line) => void said.push(line),
  onError: (line) => void said.push(String(line)),
});

/** Where the server is, once it runs. */
let running: Promise<string> | undefined;

async function start(): Promise<string> {
  // Another run may be making the system's user for it at this very moment, which only one can.
  await explained(server.initialise().catch(() => server.initialise()));
  await explained(server.start());
  return `postgres://postgres:postgres@localhost/postgres?host=${encodeURIComponent(data)}`;
}

/** With what the server itself said. */
async function explained(starting: Promise<void>): Promise<void> {
  try {
    await starting;
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${said.slice(-20).join("")}`, { cause: error });
  }
}

const asked = createServer((socket) => {
  // Whoever asked may be gone by the time the server runs.
  socket.on("error", () => socket.destroy());
  running ??= start();
  running.then(
    (url) => socket.end(JSON.stringify({ url })),
    (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
  );
});
asked.listen(join(folder, "ask.sock"), () => process.stdout.write("ready\n"));

/** Whoever connects has the server stopped and started, as an update of the system would, and is told when it is done. */
const restarted = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  restart().then(
    () => socket.end(JSON.stringify({})),
    (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
  );
});
restarted.listen(join(folder, "restart.sock"));

async function restart(): Promise<void> {
  await (running ??= start());
  await server.stop();
  await explained(server.start());
}

process.stdin.resume();
process.stdin.on("end", () => void stop());

async function stop(): Promise<void> {
  asked.close();
  restarted.close();
  // One that is just starting is let start: it can be stopped only then.
  await running?.catch(() => undefined);
  await server.stop().catch(() => undefined);
  await rm(folder ?? "", { recursive: true, force: true });
  process.exit(0);
}
