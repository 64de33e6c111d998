import { afterEach, beforeEach } from "vitest";

// A library that complains on the console has found a bug we would otherwise ship: the test that made it do so fails.
const watched = ["debug", "error", "info", "log", "warn"] as const;
const real = Object.fromEntries(watched.map((method) => [method, console[method]]));
const said: string[] = [];

beforeEach(() => {
  said.length = 0;
  for (const method of watched) {
    console[method] = (...words: unknown[]) => {
      said.push(`console.${method}: ${words.map(String).join(" ")}`);
      real[method]?.(...words);
    };
  }
});

afterEach(() => {
  Object.assign(console, real);
  if (said.length > 0) throw new Error(`The test wrote to the console:\n${said.join("\n")}`);
});
