import { readFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import type { Plugin } from "rolldown";

// The server as it ships: TypeScript and the workspace's packages become a few files in dist/. Node strips types from
// our own source, but a program that starts in under a second should not read a thousand files first.

const SRC = fileURLToPath(new URL("./src/", import.meta.url));

/** Stay packages: they load a native library, a worker or a file beside themselves, or are large and rarely needed. */
const KEPT = ["better-sqlite3", "sharp", "@napi-rs/canvas", "@napi-rs/webcodecs", "pg", "pino", "mediabunny"];

const { dependencies, optionalDependencies } = JSON.parse(
  readFileSync(new URL("./package.json", import.meta.url), "utf8"),
) as Readonly<Record<"dependencies" | "optionalDependencies", Readonly<Record<string, string>>>>;

// dist/ resolves packages as this package does. One that only packages/db names would be found in development, through
// its own folder, and be missing from the built program.
for (const name of KEPT) {
  if (!(name in dependencies) && !(name in optionalDependencies))
    throw new Error(`Add ${name} to apps/server's dependencies.`);
}

/**
 * Keeps `import.meta.url` true to the source: in `src/a/b.ts` it becomes the URL that `dist/a/b.js` would have, whichever
 * file its code ends up in. So a file, a package or another entry that is found from the source is found from the build.
 */
function sourceUrls(): Plugin {
  return {
    name: "source-urls",
    transform: {
      filter: { id: /[\\/]apps[\\/]server[\\/]src[\\/]/ },
      handler(code, id) {
        if (!code.includes("import.meta.url")) return null;
        const path = relative(SRC, id).split(sep).join("/").replace(/\.ts$/, ".js");
        return code.replaceAll("import.meta.url", `__urlOf(${JSON.stringify(path)})`);
      },
    },
    renderChunk(code, chunk) {
      const up = relative(dirname(chunk.fileName), ".").split(sep).join("/");
      return code.replaceAll(
        /__urlOf\("([^"]+)"\)/g,
        (_call, path: string) => `new URL("./${up === "" ? "" : `${up}/`}${path}", import.meta.url).href`,
      );
    },
  };
}

export default defineConfig({
  input: {
    main: "src/main.ts",
    studio: "src/studio.ts",
    "renderer/renderChild": "src/renderer/renderChild.ts",
    "media/frameChild": "src/media/frameChild.ts",
    "health/inspectChild": "src/health/inspectChild.ts",
  },
  platform: "node",
  external: (id) => KEPT.some((name) => id === name || id.startsWith(`${name}/`)),
  transform: { target: "node24" },
  plugins: [sourceUrls()],
  onLog(level, log, report) {
    // Left to itself an import that cannot be found becomes an external one, and the program fails where it is started.
    if (log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
    report(level, log);
  },
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
  },
});
