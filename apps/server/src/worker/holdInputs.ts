import type { Storage } from "../storage/Storage.ts";

/** Local files that stay where they are until they are let go. */
export interface HeldInputs extends AsyncDisposable {
  readonly paths: readonly string[];
}

/**
 * The references of an attempt as local files, for as long as it lasts: a storage that fetches a file for the while
 * takes it away again when the callback returns, so the callbacks wait here. Throws when one cannot be had.
 */
export async function holdInputs(
  storage: Pick<Storage, "withLocalFile">,
  keys: readonly string[],
): Promise<HeldInputs> {
  const letGo = Promise.withResolvers<void>();
  const held = keys.map((key) => {
    const path = Promise.withResolvers<string>();
    const use = storage.withLocalFile(key, async (file) => {
      path.resolve(file);
      await letGo.promise;
    });
    use.catch(path.reject);
    return { path: path.promise, use };
  });
  const dispose = async (): Promise<void> => {
    letGo.resolve();
    await Promise.allSettled(held.map(({ use }) => use));
  };
  try {
    return { paths: await Promise.all(held.map(({ path }) => path)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
