import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { resolve } from "import-meta-resolve";
import { z } from "zod";
import { HOSTED } from "./hosted.ts";
import { ProviderUnusable } from "./ProviderUnusable.ts";
import type { HostedProvider } from "./HostedProvider.ts";

const NAMES = "REELSTATE_PROVIDERS";
const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: "must be a variable's name, such as ACME_KEY" });

const exported = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, { error: "must be lower case, such as acme" }),
  label: z.string().trim().min(1, { error: "must be what people call it, or left out" }).max(40).optional(),
  keyVariable: variable.nullable(),
  keyOptional: z.literal(true).optional(),
  homeVariable: variable,
  defaultHome: z.url({ protocol: /^https?$/, error: "must be an http or https address, or null" }).nullable(),
  folderVariable: variable.optional(),
  checkKey: z
    .custom<NonNullable<HostedProvider["checkKey"]>>((value) => typeof value === "function", {
      error: "must be a function that tries the key",
    })
    .optional(),
  checkHome: z.url({ protocol: /^https?$/, error: "must be an http or https address" }).optional(),
  create: z.custom<HostedProvider["create"]>((value) => typeof value === "function", {
    error: "must be a function that gives a provider",
  }),
});

/**
 * The providers that come with the studio, and those of the packages and files that `REELSTATE_PROVIDERS` names, separated by
 * commas; found from `folder` as Node finds packages. Each exports `provider` (docs/providers.md). A package runs with all
 * the rights of the studio: it is named by who runs it, and by nobody else. Throws `ProviderUnusable`.
 */
export async function loadProviders(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<readonly HostedProvider[]> {
  const named = (env[NAMES] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const providers = [...HOSTED];
  for (const name of named) {
    const provider = parse(name, await load(name, folder));
    if (providers.some((other) => other.name === provider.name))
      throw unusable(name, `its name ${provider.name} is taken by another provider`);
    providers.push(provider);
  }
  return providers;
}

async function load(name: string, folder: string): Promise<unknown> {
  const url = found(name, folder);
  if (url === null)
    throw unusable(name, `it is not found from ${folder}; install it there, or name its file with ./ before it`);
  try {
    const { provider } = (await import(url)) as { readonly provider?: unknown };
    return provider;
  } catch (cause) {
    throw unusable(name, `it cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** As `import` would find it from a file in that folder. */
function found(name: string, folder: string): string | null {
  try {
    const url = resolve(
      isAbsolute(name) ? pathToFileURL(name).href : name,
      pathToFileURL(join(folder, "from-here.js")).href,
    );
    return existsSync(new URL(url)) ? url : null;
  } catch {
    return null;
  }
}

function parse(name: string, provider: unknown): HostedProvider {
  if (provider === undefined) throw unusable(name, "it does not export `provider`");
  const parsed = exported.safeParse(provider);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(name, `${["provider", ...(issue?.path ?? [])].join(".")} ${issue?.message ?? "cannot be read"}`);
}

function unusable(name: string, flaw: string, cause?: unknown): ProviderUnusable {
  return new ProviderUnusable(`${NAMES} names ${name}: ${flaw}`, { cause });
}
