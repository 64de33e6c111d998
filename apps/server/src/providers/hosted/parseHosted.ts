import { join, resolve } from "node:path";
import { Secret } from "../../Secret.ts";
import type { HostedProvider, HostedSettings } from "./HostedProvider.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Which providers the environment turns on; or what is wrong with it, each with the variable and what to set it to. Keys are never repeated. */
export function parseHosted(
  providers: readonly HostedProvider[],
  env: Environment,
  dataDir: string,
): { readonly settings: readonly HostedSettings[] } | { readonly flaws: readonly string[] } {
  const settings: HostedSettings[] = [];
  const flaws: string[] = [];
  for (const provider of providers) {
    const found = parseOne(provider, env, dataDir);
    if (typeof found === "string") flaws.push(found);
    else if (found !== null) settings.push(found);
  }
  return flaws.length > 0 ? { flaws } : { settings };
}

function parseOne(provider: HostedProvider, env: Environment, dataDir: string): HostedSettings | string | null {
  const { keyVariable, homeVariable, defaultHome, folderVariable, keyOptional = keyVariable === null } = provider;
  const key = keyVariable === null ? "" : (env[keyVariable] ?? "").trim();
  const given = (env[homeVariable] ?? "").trim();
  if (key === "" && given === "") return aloneIn(provider, env);
  if (!keyOptional && key === "")
    return `${homeVariable} is set without a key; set ${keyVariable} too, or leave both out`;
  if (defaultHome === null && given === "")
    return `${keyVariable} is set without ${homeVariable}; set that too, or leave both out`;
  // What a header cannot carry was pasted with something around it.
  if (/[^\x21-\x7e]/.test(key))
    return `${keyVariable} holds something that no key does; paste it again, without spaces`;
  const home = URL.parse(given === "" ? (defaultHome ?? "") : given);
  if (home === null || !["http:", "https:"].includes(home.protocol) || home.username !== "" || home.search !== "")
    return `${homeVariable} must be an http or https address such as ${defaultHome ?? "http://127.0.0.1:8188"}, without a key in it`;
  const beside = besideDefault(home, defaultHome);
  if (beside !== null) return `${homeVariable} ${beside}; set it to ${defaultHome}, or leave it out`;
  const named = folderVariable === undefined ? "" : (env[folderVariable] ?? "").trim();
  const folder = named === "" ? join(dataDir, provider.name) : resolve(named);
  const create = provider.configure?.(env, home) ?? provider.create;
  if (typeof create === "string") return create;
  return { provider: { ...provider, create }, home, key: new Secret(key), folder };
}

/** What turns nothing on, and is set all the same: whoever set it expects something of it. */
function aloneIn(
  { keyVariable, keyOptional, homeVariable, variables = [] }: HostedProvider,
  env: Environment,
): string | null {
  const set = variables.find((name) => (env[name] ?? "").trim() !== "");
  if (set === undefined) return null;
  const switchedOnBy = keyVariable === null || keyOptional === true ? homeVariable : keyVariable;
  return `${set} is set without ${switchedOnBy}; set that too, or leave both out`;
}

/** What is known of an address beforehand: a provider's own host answers in one way, and sends what comes otherwise elsewhere. */
function besideDefault(home: URL, defaultHome: string | null): string | null {
  const own = URL.parse(defaultHome ?? "");
  if (own === null || home.hostname !== own.hostname) return null;
  if (home.protocol !== own.protocol) return `must begin with ${own.protocol}// there`;
  return home.pathname === "/" && own.pathname !== "/" ? "lacks the path that calls go to there" : null;
}
