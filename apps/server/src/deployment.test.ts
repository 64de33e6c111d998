import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DCLinter } from "dclint";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "./config.ts";

/*
 * No engine runs containers where the tests run: the files are linted, and held to what the program says of itself.
 */

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string): Promise<string> => readFile(join(ROOT, path), "utf8");

interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Linted {
  readonly messages: readonly { readonly type: "error" | "warning"; readonly message: string }[];
}

async function services(): Promise<Readonly<Record<string, Service>>> {
  const composed = parse(await read("deploy/compose.yaml"), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  return composed.services;
}

describe("the Dockerfile", () => {
  it("has no flaw that a linter knows", async () => {
    expect(validate(await read("deploy/Dockerfile"))).toEqual([]);
  });

  it("builds with this repository's Node and pnpm, from files that are there", async () => {
    const text = await read("deploy/Dockerfile");
    const { dependencies, devDependencies } = JSON.parse(await read("package.json")) as Readonly<
      Record<"dependencies" | "devDependencies", Readonly<Record<string, string>>>
    >;
    expect([...text.matchAll(/^FROM node:(\S+)-bookworm-slim/gm)].map(([, version]) => version)).toEqual([
      dependencies["node"],
      dependencies["node"],
    ]);
    expect(/npx --yes pnpm@(\S+) install/.exec(text)?.[1]).toBe(devDependencies["pnpm"]);
    for (const [, from = ""] of text.matchAll(/^COPY --from=build \/source\/(\S+)/gm))
      expect([from, from.endsWith("/dist") || existsSync(join(ROOT, from))]).toEqual([from, true]);
  });

  it("runs without root and without a shell, so that SIGTERM reaches the studio", async () => {
    const last = (await read("deploy/Dockerfile")).split(/^FROM /m).at(-1) ?? "";
    expect(last.match(/^USER (\S+)/m)?.[1]).toBe("node");
    expect(last.indexOf("USER")).toBeGreaterThan(last.lastIndexOf("RUN"));
    expect(last).toMatch(/^CMD \["node", "apps\/server\/dist\/main\.js"\]/m);
  });
});

describe("compose.yaml", () => {
  it("has no flaw that a linter knows", () => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
    // Its declarations cannot be found by the way it exports them.
    const results = linter.lintFiles([join(ROOT, "deploy/compose.yaml")], false) as readonly Linted[];
    expect(results.flatMap(({ messages }) => messages).filter(({ type }) => type === "error")).toEqual([]);
  });

  it("gives each process an environment that the program takes, and asks for every secret", async () => {
    const text = await read("deploy/compose.yaml");
    const secrets = new Set(
      [...(await read("deploy/example.env")).matchAll(/^([A-Z0-9_]+)=$/gm)].map(([, name]) => name),
    );
    expect(new Set([...text.matchAll(/\$\{([A-Z0-9_]+):\?/g)].map(([, name]) => name))).toEqual(secrets);
    const all = await services();
    for (const role of ["api", "worker"] as const) {
      const env = Object.entries(all[role]?.environment ?? {}).map(([name, value]) => [
        name,
        value
          .replaceAll(/\$\{[A-Z0-9_]+:-([^}]*)\}/g, "$1")
          .replaceAll(/\$\{[A-Z0-9_]+:\?[^}]*\}/g, "asecretofmyown16"),
      ]);
      const config = parseConfig({ HOST: "0.0.0.0", ...(Object.fromEntries(env) as Record<string, string>) });
      expect(config).toMatchObject({ role, s3: { bucket: "reelstate", pathStyle: true } });
      expect(config.databaseUrl).toMatch(/^postgres:\/\/reelstate:asecretofmyown16@postgres:5432\//);
      // Longer than the drain, so that work is handed back before the engine kills.
      expect(Number.parseInt(all[role]?.stop_grace_period ?? "", 10) * 1_000).toBeGreaterThan(config.drainMs + 5_000);
    }
  });

  it("publishes the proxy alone, and on this machine only, while there are no accounts", async () => {
    const published = Object.entries(await services()).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, port]),
    );
    expect(published).toEqual([["proxy", "127.0.0.1:443:443"]]);
  });

  it("names every image by its version", async () => {
    for (const [name, { image = "" }] of Object.entries(await services()))
      expect([name, image]).toEqual([name, expect.stringMatching(/^(reelstate|.+:.*\d+\.\d+.*)$/)]);
  });
});

it("the proxy passes the live stream on uncompressed and as it comes", async () => {
  const text = await read("deploy/Caddyfile");
  expect(text).toMatch(/@whole not path \/trpc\/events\.live \/media\/\*\n\s+encode @whole/);
  expect(text).toMatch(/flush_interval -1/);
});
