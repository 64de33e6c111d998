import { settleProvider } from "../providers/settings/settleProvider.ts";
import type { HostedSettings, KnownProvider } from "../providers/hosted/HostedProvider.ts";

const nothingKept = { unseal: (): Promise<null> => Promise.resolve(null) };

/** What the environment alone turns on, as it is opened. */
export async function turnedOn(
  parsed: { readonly known: readonly KnownProvider[] } | { readonly flaws: readonly string[] },
): Promise<readonly HostedSettings[]> {
  if ("flaws" in parsed) throw new Error(parsed.flaws.join("\n"));
  const settled = await Promise.all(parsed.known.map((known) => settleProvider(known, null, nothingKept)));
  return settled.flatMap(({ known, enabled, opens }) => {
    if (!enabled || opens === null) return [];
    const create = known.createAt(opens.home);
    if (typeof create === "string") throw new Error(create);
    return [{ ...opens, provider: { ...known.provider, create }, folder: known.folder }];
  });
}
