import { expect, type Page, test } from "@playwright/test";
import { lookAt, tabTo } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

const phone = { width: 360, height: 740 };
const desk = { width: 1280, height: 900 };

test("the old address of the lists leads to the new one, with what it asks", async () => {
  await page.goto(`${product.consoleUrl}/policies/lists?q=exe`);
  expect(page.url()).toBe(`${product.consoleUrl}/lists?q=exe`);
  await expect(page.getByRole("heading", { name: "Lists", level: 1 })).toBeVisible();
});

test("a phone has four pages at the bottom and the others behind More, by keyboard too", async () => {
  await page.setViewportSize(phone);
  await page.goto(`${product.consoleUrl}/queue`);
  const bar = page.getByRole("navigation", { name: "Main" });
  await expect(bar.getByRole("link")).toHaveText(["Overview", "Queue", "Quarantine", "Rules"]);
  await expect(bar.getByRole("link", { name: "Queue" })).toHaveAttribute("aria-current", "page");
  for (const place of await bar.getByRole("link").or(bar.getByRole("button")).all())
    expect((await place.boundingBox())?.height).toBeGreaterThanOrEqual(56);

  const more = bar.getByRole("button", { name: "More" });
  await tabTo(more);
  await page.keyboard.press("Enter");
  const others = page.getByRole("dialog", { name: "More pages" });
  await expect(others.getByRole("link", { name: "Queue" })).toHaveCount(0);
  await lookAt(page, "more pages");
  await page.setViewportSize(phone);
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();

  await page.keyboard.press("Enter");
  await tabTo(others.getByRole("link", { name: "Lists" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Lists", level: 1 })).toBeVisible();
  await expect(others).toBeHidden();
  await expect(more).toHaveAttribute("aria-current", "true");
});

test("nothing lies under the bar: the end of a page and the bar of unsaved settings stand above it", async () => {
  await page.goto(`${product.consoleUrl}/proxy-actions`);
  await page.getByRole("link", { name: "Mail in", exact: true }).click();
  const setting = page.getByRole("spinbutton").first();
  await setting.fill("7");
  const bar = page.getByRole("navigation", { name: "Main" });
  const top = async () => (await bar.boundingBox())?.y ?? 0;
  const save = await page.getByRole("button", { name: /^Save/ }).boundingBox();
  expect((save?.y ?? 0) + (save?.height ?? 0)).toBeLessThan(await top());

  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const last = await page.locator("#content > :last-child").boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(await top());
  await page.setViewportSize(desk);
});
