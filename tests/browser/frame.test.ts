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

test("Ctrl K finds a rule by its name and goes there, by keyboard alone; Escape gives the focus back", async () => {
  await page.goto(`${product.consoleUrl}/queue`);
  const button = page.getByRole("button", { name: "Search", exact: true });
  await button.focus();
  await page.keyboard.press("Control+K");
  const dialog = page.getByRole("dialog", { name: "Search" });
  const field = dialog.getByRole("combobox", { name: "Search" });
  await expect(field).toBeFocused();
  await lookAt(page, "finder");
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();

  await page.keyboard.press("Meta+K");
  await page.keyboard.type("our domain");
  const rule = dialog.getByRole("group", { name: "Rules" }).getByRole("option").first();
  await expect(rule).toContainText("our domain from outside");
  await expect(dialog.getByRole("status")).toHaveText(/\d+ found\./);
  const active = async () => (await dialog.locator("[aria-selected=true]").getAttribute("id")) ?? "";
  await expect(field).toHaveAttribute("aria-activedescendant", await active());
  const first = await active();
  await page.keyboard.press("ArrowUp");
  await expect(dialog.getByRole("option", { selected: true })).toHaveText(/^In rules/);
  await page.keyboard.press("ArrowDown");
  expect(await active()).toBe(first);
  await expect(rule).toHaveAttribute("aria-selected", "true");
  await lookAt(page, "finder with a rule");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/policies\?edit=[0-9a-f-]{36}$/);
  await expect(page.getByRole("dialog", { name: /our domain from outside/ })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("what nobody is called is said, and leads on to the searches of the pages", async () => {
  await page.goto(`${product.consoleUrl}/queue`);
  await page.keyboard.press("Control+K");
  await page.keyboard.type("nobody.example");
  const dialog = page.getByRole("dialog", { name: "Search" });
  await expect(dialog.getByRole("status")).toContainText("Nothing is called “nobody.example”");
  await lookAt(page, "finder without a find");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/messages\?text=nobody\.example$/);
});

test("a revision is found by its number, a command by its words", async () => {
  await page.keyboard.press("Control+K");
  await page.keyboard.type("r1");
  const dialog = page.getByRole("dialog", { name: "Search" });
  await expect(dialog.getByRole("group", { name: "Revisions" }).getByRole("option")).toHaveText(/^r1/);
  await dialog.getByRole("combobox").fill("simulate");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Simulator", level: 1 })).toBeVisible();
});
