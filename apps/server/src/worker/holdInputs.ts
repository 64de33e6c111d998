import { InputGone } from "../providers/InputGone.ts";
import type { Storage } from "../storage/Storage.ts";

/** Local files that stay where they are until they are let go. */
export interface HeldInputs extends AsyncDisposable {
  /** Fetches them when first asked; rejects with `InputGone` when one cannot be had. */
  readonly paths: () => Promise<readonly string[]>;
}

/**
 * The references of an attempt as local files, from when they are needed and for as long as the attempt lasts: a storage
 * that fetches a file for the while takes it away again when the callback returns, so the callbacks wait here.
 */
export function holdInputs(storage: Pick<Storage, "withLocalFile">, keys: readonly string[]): HeldInputs {
  const letGo = Promise.withResolvers<void>();
  const uses: Promise<void>[] = [];
  let held: Promise<readonly string[]> | null = null;

  async function hold(): Promise<readonly string[]> {
    const paths = keys.map((key) => {
      const path = Promise.withResolvers<string>();
      const use = storage.withLocalFile(key, async (file) => {
        path.resolve(file);
        await letGo.promise;
      });
      use.catch(path.reject);
      uses.push(use);
      return path.promise;
    });
    try {
      return await Promise.all(paths);
    } catch (cause) {
      throw new InputGone({ cause });
    }
  }

  return {
    paths: () => (held ??= hold()),
    [Symbol.asyncDispose]: async () => {
      letGo.resolve();
      await Promise.allSettled(uses);
    },
  };
}
