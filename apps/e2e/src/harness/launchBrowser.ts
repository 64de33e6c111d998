import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const SYSTEM_BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * A real Chromium: the one named by `CHROMIUM`, else the headless one that npm brings (Linux x64), else the system's.
 * Each origin keeps a process of its own, as in a person's browser.
 */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--headless=shell"],
  });
}

async function executablePath(): Promise<string> {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  if (process.platform === "linux" && process.arch === "x64") return sparticuz.executablePath();
  const found = SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (found === undefined) throw new Error("no browser found: install Chrome or Chromium, or name one in CHROMIUM");
  return found;
}
