import { join, resolve } from "node:path";
import { Secret } from "../../Secret.ts";
import { homeText } from "../settings/homeText.ts";
import { besideDefault } from "./besideDefault.ts";
import type { HostedProvider, KnownProvider } from "./HostedProvider.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of each provider; or what is wrong with it, each with the variable and what to set it to. Keys are never repeated. */
export function parseHosted(
  providers: readonly HostedProvider[],
  env: Environment,
  dataDir: string,
): { readonly known: readonly KnownProvider[] } | { readonly flaws: readonly string[] } {
  const known: KnownProvider[] = [];
  const flaws: string[] = [];
  for (const provider of providers) {
    const found = parseOne(provider, env, dataDir);
    if (typeof found === "string") flaws.push(found);
    else known.push(found);
  }
  return flaws.length > 0 ? { flaws } : { known };
}

function parseOne(provider: HostedProvider, env: Environment, dataDir: string): KnownProvider | string {
  const { keyVariable, homeVariable, defaultHome, folderVariable } = provider;
  const key = keyVariable === null ? "" : (env[keyVariable] ?? "").trim();
  const given = (env[homeVariable] ?? "").trim();
  if (defaultHome === null && key !== "" && given === "")
    return `${keyVariable} is set without ${homeVariable}; set that too, or leave both out`;
  // What a header cannot carry was pasted with something around it.
  if (/[^\x21-\x7e]/.test(key))
    return `${keyVariable} holds something that no key does; paste it again, without spaces`;
  const home = given === "" ? null : homeOf(given);
  if (given !== "" && home === null)
    return `${homeVariable} must be an http or https address such as ${defaultHome ?? "http://127.0.0.1:8188"}, without a key in it`;
  const beside = home === null ? null : besideDefault(home, defaultHome);
  if (beside !== null) return `${homeVariable} ${beside}; set it to ${defaultHome}, or leave it out`;
  const named = folderVariable === undefined ? "" : (env[folderVariable] ?? "").trim();
  const createAt: KnownProvider["createAt"] = (at) => provider.configure?.(env, at) ?? provider.create;
  const usual = home ?? (key === "" || defaultHome === null ? null : new URL(defaultHome));
  const create = usual === null ? null : createAt(usual);
  if (typeof create === "string") return create;
  return {
    provider,
    key: key === "" ? null : new Secret(key),
    home,
    folder: named === "" ? join(dataDir, provider.name) : resolve(named),
    createAt,
  };
}

/** The address of an API, without anything in it that is secret or belongs to one call. */
function homeOf(given: string): URL | null {
  const url = URL.parse(given);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return null;
  const beside = [url.username, url.password, url.search, url.hash].some((part) => part !== "");
  return beside ? null : new URL(homeText(url));
}
