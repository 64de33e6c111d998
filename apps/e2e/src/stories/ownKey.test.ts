import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { startStudio } from "../harness/startStudio.ts";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import type { Studio } from "../harness/startStudio.ts";

const PHOTO = new URL("../../../server/src/testing/media/photo-landscape-6.jpg", import.meta.url);
const KEY = "gateway-key-0042";

/** A gateway on this machine that speaks as OpenAI does, and knows one key. */
async function openGateway() {
  const picture = (await readFile(PHOTO)).toString("base64");
  const answers: Readonly<Record<string, object>> = {
    "GET /v1/models": { data: [{ id: "gpt-image" }] },
    "POST /v1/images/generations": { data: [{ b64_json: picture }] },
  };
  const asked: string[] = [];
  const server = createServer(({ method, url, headers }, reply) => {
    const what = `${method} ${url}`;
    asked.push(what);
    const known = headers.authorization === `Bearer ${KEY}`;
    const answer = known
      ? answers[what]
      : { error: { message: "Incorrect API key provided.", code: "invalid_api_key" } };
    reply.writeHead(!known ? 401 : answer === undefined ? 404 : 200, { "content-type": "application/json" });
    reply.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  return {
    home: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((go) => server.close(go));
    },
  };
}

describe("a key of one's own", () => {
  let studio: Studio;
  let browser: Browser;

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio({ REELSTATE_SIMULATOR: "0" }), launchBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await studio[Symbol.asyncDispose]();
  });

  it("is asked for by the model menu of an empty studio, tried, kept, and makes a picture; nothing of it comes back", async () => {
    await using gateway = await openGateway();
    // What fades in has too little contrast until it is there.
    await using opened = await openPage(browser, studio.url, { reducedMotion: "reduce" });
    const { page } = opened;
    const seen: string[] = [];
    page.on(
      "response",
      (response) =>
        void response.text().then(
          (text) => seen.push(text),
          () => {},
        ),
    );

    await page.getByRole("textbox", { name: "Prompt" }).fill("A lighthouse in fog");
    await page.getByRole("combobox", { name: /^Model/ }).click();
    await page.getByRole("option", { name: "Add a provider …" }).click();
    const openai = page.locator("[data-provider=openai]");
    await openai.getByRole("button", { name: /^OpenAI/ }).click();
    await openai.getByLabel("Address").fill(gateway.home);
    await openai.getByLabel("Key", { exact: true }).fill("wrong-key-000000");
    await openai.getByRole("button", { name: "Check this key" }).click();
    await openai.getByText("OpenAI refused it.").waitFor();
    expect(await violations(page)).toEqual([]);

    await openai.getByLabel("Key", { exact: true }).fill(KEY);
    await openai.getByRole("button", { name: "Check this key" }).click();
    await openai.getByText(/^OpenAI accepts it/).waitFor();
    await openai.getByRole("button", { name: "Save" }).click();
    await openai.getByText("It ends in 0042.").waitFor();
    await expect.poll(() => openai.getAttribute("data-state")).toBe("ready");
    expect(gateway.asked).toEqual(["GET /v1/models", "GET /v1/models"]);

    await page.getByRole("button", { name: "Back to the library" }).click();
    await page.getByRole("combobox", { name: /^Model/ }).click();
    await page.getByRole("group", { name: "OpenAI" }).getByRole("option").first().click();
    // A press agrees to the price that is shown, which is still that of the model before for a moment.
    await page
      .getByText(/^[1-9]\d* credits?$/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Generate" }).click();
    await page.locator("[data-asset-id][data-status=completed]").waitFor({ timeout: 60_000 });
    expect(gateway.asked.at(-1)).toBe("POST /v1/images/generations");
    // What the settings answer was read: the end of the key is in it.
    await expect.poll(() => seen.some((text) => text.includes(`"${KEY.slice(-4)}"`))).toBe(true);
    expect(seen.filter((text) => text.includes(KEY))).toEqual([]);
    expect(studio.lines.filter((line) => line.includes(KEY))).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  it("its page and that of the budget hold on a phone, in the other language and theme, too", async () => {
    await using opened = await openPage(browser, studio.url, {
      locale: "zh-CN",
      colorScheme: "light",
      width: 360,
      reducedMotion: "reduce",
    });
    const { page } = opened;
    await page.goto(`${studio.url}/providers/openai`);
    await page.locator("[data-provider=openai] form").waitFor();
    expect([await violations(page), await tooWide(page)]).toEqual([[], 0]);
    await page.goto(`${studio.url}/budget`);
    await page.locator("[data-budget=day]").waitFor();
    expect([await violations(page), await tooWide(page)]).toEqual([[], 0]);
    expect(opened.complaints).toEqual([]);
  });
});

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
