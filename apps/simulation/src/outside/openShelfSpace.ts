/** What lies in storage, visible and whole. It outlives every crash. */
export interface ShelfSpace {
  readonly files: Map<string, { readonly bytes: number; readonly modifiedAt: number }>;
  full: boolean;
}

export function openShelfSpace(): ShelfSpace {
  return { files: new Map(), full: false };
}
