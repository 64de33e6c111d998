import { join } from "node:path";
import { pino } from "pino";
import { HOSTED } from "../../providers/hosted/hosted.ts";
import { openHosted } from "../../providers/hosted/openHosted.ts";
import { parseHosted } from "../../providers/hosted/parseHosted.ts";
import { openFolderStorage } from "../../storage/openFolderStorage.ts";
import { realTimers } from "../../Timers.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { turnedOn } from "../turnedOn.ts";
import type { OutboundLimits } from "../../outbound/openOutbound.ts";
import type { HostedPlace, HostedSettings } from "../../providers/hosted/HostedProvider.ts";
import type { Provider } from "../../providers/Provider.ts";
import type { ProtocolServer } from "./openProtocolServer.ts";

export interface AgainstOptions {
  readonly limits?: Partial<OutboundLimits>;
  readonly wrapStorage?: (storage: HostedPlace["storage"]) => HostedPlace["storage"];
  /** Where the adapter believes it is, whoever answers. */
  readonly home?: string;
}

export interface Against<Server> extends AsyncDisposable {
  readonly server: Server;
  readonly provider: Provider;
  /** Its `media` is where pictures are kept that come with an answer. */
  readonly folder: string;
}

/** A provider that the environment turns on, opened as in production, with the protocol server that it talks to. Closes both. */
export async function openAgainst<Server extends ProtocolServer>(
  server: Server,
  env: Readonly<Record<string, string>>,
  { limits = {}, wrapStorage, home }: AgainstOptions = {},
): Promise<Against<Server>> {
  const folder = await temporaryFolder();
  const [settings] = await turnedOn(parseHosted(HOSTED, env, folder.path));
  if (settings === undefined) throw new Error("The environment turns nothing on.");
  const kept = await openFolderStorage(join(folder.path, "media"));
  const provider = openHosted(
    home === undefined ? settings : believing(settings, home),
    {
      ...realTimers,
      // Nobody waits for a disk here.
      sleep: (_ms, signal) => realTimers.sleep(0, signal),
      storage: wrapStorage?.(kept) ?? kept,
      log: pino({ level: "silent" }),
    },
    limits,
  );
  return {
    server,
    provider,
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await provider.close();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function believing({ provider, ...settings }: HostedSettings, home: string): HostedSettings {
  const create: typeof provider.create = (deps, place) =>
    provider.create({ ...deps, outbound: { ...deps.outbound, home } }, place);
  return { ...settings, provider: { ...provider, create } };
}
