import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GlobalFonts } from "@napi-rs/canvas";

const LATIN = "Reelstate Latin";

/**
 * Registers what is needed to write `text` on a machine that has no fonts, and gives the families for `ctx.font`.
 * Noto Sans SC comes as some hundred files of about as many characters each; only those that hold a character of the
 * text are loaded.
 */
export function registerFonts(text: string): string {
  const require = createRequire(import.meta.url);
  const inter = dirname(require.resolve("@fontsource-variable/inter/package.json"));
  const noto = dirname(require.resolve("@fontsource-variable/noto-sans-sc/package.json"));
  for (const subset of ["latin", "latin-ext"]) {
    const name = subset === "latin" ? LATIN : `${LATIN} ext`;
    if (!GlobalFonts.has(name))
      GlobalFonts.registerFromPath(join(inter, "files", `inter-${subset}-wght-normal.woff2`), name);
  }
  const families = [LATIN, `${LATIN} ext`];
  const wanted = [...new Set(text)].map((character) => character.codePointAt(0) ?? 0).filter((point) => point > 0x7f);
  for (const { file, ranges } of subsets(readFileSync(join(noto, "index.css"), "utf8"))) {
    if (!wanted.some((point) => ranges.some(([from, to]) => point >= from && point <= to))) continue;
    const name = `Reelstate ${file}`;
    if (!GlobalFonts.has(name)) GlobalFonts.registerFromPath(join(noto, file), name);
    families.push(name);
  }
  return families.map((family) => `"${family}"`).join(", ");
}

interface Subset {
  readonly file: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

function subsets(stylesheet: string): Subset[] {
  return [...stylesheet.matchAll(/url\(\.\/(files\/[^)]+)\)[^}]*?unicode-range:\s*([^;}]+)/g)].map(
    ([, file = "", list = ""]) => ({
      file,
      ranges: list.split(",").map((range) => {
        const [from = "", to = from] = range.trim().replace(/^U\+/i, "").split("-");
        return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
      }),
    }),
  );
}
