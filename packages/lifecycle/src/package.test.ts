import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const here = fileURLToPath(new URL("..", import.meta.url));
const bin = fileURLToPath(new URL("../../../node_modules/.bin", import.meta.url));
const run = promisify(execFile);
// pnpm would install the workspace first whenever its lockfile was touched.
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
  pnpm_config_verify_deps_before_run: "false",
};

let project: string;
let tarball: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "reelstate-lifecycle-"));
  await run("pnpm", ["pack", "--pack-destination", project], { cwd: here, env });
  tarball = join(project, (await readdir(project)).find((name) => name.endsWith(".tgz")) ?? "no tarball");
  const manifest = {
    name: "empty",
    private: true,
    type: "module",
    dependencies: { "@reelstate/lifecycle": `file:${tarball}` },
  };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
  await run("pnpm", ["install", "--prefer-offline", "--ignore-workspace"], { cwd: project, env });
}, 60_000);

afterAll(() => rm(project, { recursive: true, force: true }));

async function example(name: string): Promise<string> {
  await copyFile(join(project, "node_modules/@reelstate/lifecycle/examples", name), join(project, name));
  return (await run("node", [name], { cwd: project, env })).stdout;
}

describe("the package, packed and installed in an empty project", () => {
  it("runs the README's example, and prints what the README says", async () => {
    const readme = await readFile(join(here, "README.md"), "utf8");
    expect(readme).toContain(await readFile(join(here, "examples/queue.mjs"), "utf8"));
    const said = await example("queue.mjs");
    expect(said).toContain("complete  Done");
    expect(readme).toContain(said);
  });

  it("answers about stored rows through the machines", async () => {
    expect(await readFile(join(here, "README.md"), "utf8")).toContain(
      await readFile(join(here, "examples/ask.mjs"), "utf8"),
    );
    const answers = (await example("ask.mjs")).split("\n");
    expect(answers.slice(0, 4)).toEqual([
      "progress at 2000: true",
      "progress at 2000: false",
      "lose at 15999: false",
      "lose at 16000: true",
    ]);
    expect(answers[4]).toContain("processing → completed");
  });

  it("shows the diagram that is generated from the machines", async () => {
    const diagrams = await readFile(join(here, "docs/state-diagram.md"), "utf8");
    const [job = "missing"] = /```mermaid[^`]+```/.exec(diagrams) ?? [];
    expect(await readFile(join(here, "README.md"), "utf8")).toContain(job);
  });

  it("has types that a strict project compiles against, and a testing kit that needs no fast-check", async () => {
    await writeFile(
      join(project, "use.ts"),
      `import { advance, type AssetRows } from "@reelstate/lifecycle";
       import { explore, stepEvent } from "@reelstate/lifecycle/testing";
       const event = stepEvent(null, "create");
       const decision = event === null ? null : advance(null, event);
       const rows: AssetRows | null = decision?.ok === true ? decision.next : null;
       // @ts-expect-error a refusal has no rows
       decision?.next;
       if (rows?.asset.status !== "pending" || explore({ steps: ["create"] }).size !== 2) throw new Error("wrong");`,
    );
    const strict = ["--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck", "false", "--types", ""];
    await run("tsc", [...strict, "use.ts"], { cwd: project, env });
    await run("node", ["use.js"], { cwd: project, env });
    await expect(readdir(join(project, "node_modules/fast-check"))).rejects.toThrow("ENOENT");
  });

  it("contains what is needed, and no tests, and publint finds nothing", async () => {
    const bytes = await readFile(tarball);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
    const installed = join(project, "node_modules/@reelstate/lifecycle");
    expect((await readdir(installed)).toSorted()).toEqual(
      [
        "LICENSE",
        "README.md",
        "SPEC.md",
        "dist",
        "docs",
        "examples",
        "guards.postgresql.sql",
        "guards.sqlite.sql",
        "package.json",
      ].toSorted(),
    );
    const built = await readdir(join(installed, "dist"), { recursive: true });
    expect(built).toContain("index.d.ts");
    expect(built.filter((name) => /test\.|oracle|generate/.test(name))).toEqual([]);
  });
});
