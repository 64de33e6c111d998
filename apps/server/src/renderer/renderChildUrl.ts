/** The child's program: beside this file when run from source, beside the bundle's entry when built. */
export function renderChildUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./renderChild.ts" : "./renderChild.js", import.meta.url);
}
