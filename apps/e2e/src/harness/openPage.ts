import type { Browser, BrowserContext, Locator, Page } from "playwright-core";

export interface OpenedPage extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Everything the page complained about: errors, refused resources, what the content security policy blocked. */
  readonly complaints: readonly string[];
  readonly card: (assetId: string) => Locator;
}

export interface PageOptions {
  readonly locale?: "en-US" | "zh-CN";
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: "reduce" | "no-preference";
  readonly path?: string;
}

/** A person's browser with the studio open. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({
    locale: options.locale ?? "en-US",
    colorScheme: options.colorScheme ?? "dark",
    reducedMotion: options.reducedMotion ?? "no-preference",
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = listen(page);
  await page.goto(`${url}${options.path ?? "/"}`);
  await page.getByRole("textbox", { name: /^(Prompt|提示词)$/ }).waitFor();
  return {
    context,
    page,
    complaints,
    card: (assetId) => cardOf(page, assetId),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

export function cardOf(page: Page, assetId: string): Locator {
  return page.locator(`[data-asset-id="${assetId}"]`);
}

function listen(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  return complaints;
}
