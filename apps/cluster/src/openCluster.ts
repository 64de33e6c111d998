import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askForServer, openTestServer } from "@reelstate/db/testing";
import { openS3Server, S3_CREDENTIALS } from "@reelstate/server/testing/openS3Server.ts";
import { openProgram } from "./openProgram.ts";
import { openProxy } from "./openProxy.ts";
import type { TestServer } from "@reelstate/db/testing";
import type { Program } from "./openProgram.ts";

/** A studio on many processes of one machine: PostgreSQL, an S3 store, and a proxy before those that answer browsers. */
export interface Cluster extends AsyncDisposable {
  /** Where people go. */
  readonly url: string;
  readonly apis: readonly Program[];
  readonly workers: readonly Program[];
  readonly databaseUrl: string;
  readonly restartDatabase: TestServer["restart"];
  /** Of all processes. The simulated provider's log lies there: the witness of what it was really asked. */
  readonly dataDir: string;
}

export interface ClusterOptions {
  readonly apis?: number;
  readonly workers?: number;
  /** Of the proxy; a free one unless told. */
  readonly port?: number;
  /** For every process. */
  readonly env?: Readonly<Record<string, string>>;
  /** For one process, over what all have; asked before it is started. */
  readonly envOf?: (one: OneOfThem) => Promise<Readonly<Record<string, string>>>;
  /** Whether Ctrl-C in the terminal reaches only us, and not every process before it is told to drain. */
  readonly ownGroups?: boolean;
  /** Hears of every line that any of them prints. */
  readonly onLine?: (name: string, line: string) => void;
  /** Hears when one of them ends, and nobody here ended it. */
  readonly onGone?: (name: string, how: string) => void;
  /** Told of each part that is there. */
  readonly tell?: (line: string) => void;
}

interface OneOfThem {
  /** `api 1`, `worker 3`. */
  readonly name: string;
  readonly databaseUrl: string;
}

/** Starts all of it, empty; everything is gone when it is disposed of. The program has to be built. */
export async function openCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { apis = 2, workers = 3, port = 0, tell = () => {} } = options;
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "reelstate-cluster-"));
  starting.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = starting.use(await openTestServer());
  const databaseUrl = await askForServer(postgres.socket);
  tell("PostgreSQL is up");
  const bucket = starting.use(await openS3Server());
  tell(`the S3 store is at ${bucket.endpoint}`);
  const env = {
    DATABASE_URL: databaseUrl,
    STORAGE_URL: `s3://${bucket.bucket}/media`,
    S3_ENDPOINT: bucket.endpoint,
    S3_REGION: "us-east-1",
    S3_FORCE_PATH_STYLE: "1",
    ...S3_CREDENTIALS,
    DATA_DIR: folder,
    REELSTATE_SIMULATOR: "1",
    ...options.env,
  };

  async function open(role: "api" | "worker", number: number): Promise<Program> {
    const name = `${role} ${number}`;
    const own = (await options.envOf?.({ name, databaseUrl })) ?? {};
    const program = starting.use(
      await openProgram({
        name,
        env: { ...env, ROLE: role, ...own },
        ownGroup: options.ownGroups ?? false,
        onLine: (line) => options.onLine?.(name, line),
        onGone: (how) => options.onGone?.(name, how),
      }),
    );
    tell(`${name} is at ${program.url}`);
    return program;
  }
  // All at the same moment, as a machine that boots does.
  const openingApis = Array.from({ length: apis }, (_, index) => open("api", index + 1));
  const openingWorkers = Array.from({ length: workers }, (_, index) => open("worker", index + 1));
  // When one of them fails, those that are still starting are waited for: they could not be ended otherwise.
  await Promise.allSettled([...openingApis, ...openingWorkers]);
  const [fronts, hands] = [await Promise.all(openingApis), await Promise.all(openingWorkers)];
  const proxy = starting.use(await openProxy(fronts, { port }));
  const parts = starting.move();
  return {
    url: proxy.url,
    apis: fronts,
    workers: hands,
    databaseUrl,
    restartDatabase: postgres.restart,
    dataDir: folder,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
