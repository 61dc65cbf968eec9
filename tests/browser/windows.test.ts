import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, lookAt, takePicture } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct(async (started) => {
  ({ product, page } = started);
});

/** More than the connections that a browser has to one host. */
const windowCount = 8;

test("eight windows of one browser are all live, and each shows what is changed in one of them", async () => {
  const windows = [page];
  while (windows.length < windowCount) windows.push(await page.context().newPage());
  for (const window of windows) {
    await window.goto(`${product.consoleUrl}/interfaces`);
    await expect(window.locator('[data-live="live"]')).toBeVisible();
  }
  const [first] = windows.splice(1, 1);
  await first?.getByRole("link", { name: "External", exact: true }).first().click();
  await first?.getByRole("dialog").first().getByLabel("Name").fill("Outside");
  await first?.getByRole("button", { name: "Save to draft" }).click();
  await first?.close();
  for (const window of windows) {
    await expect(window.getByRole("link", { name: "Outside", exact: true }).first()).toBeVisible();
    await expect(window.getByText(/unpublished changes? by you/)).toBeVisible();
    await expect(window.locator('[data-live="live"]')).toBeVisible();
  }
  for (const window of windows.slice(1)) await window.close();
  await expect(page.locator('[data-live="live"]')).toBeVisible();
});

test("an editor on a page that is loaded again is not another window", async () => {
  const told = () =>
    page.waitForResponse((answer) => answer.url().endsWith("/api/presence") && answer.request().method() === "POST");
  await page.goto(`${product.consoleUrl}/interfaces`);
  const first = told();
  await page.getByRole("link", { name: "Outside", exact: true }).first().click();
  await first;
  const again = told();
  await page.reload();
  expect(await (await again).json()).toEqual({ others: [] });
  await expect(page.getByRole("dialog").first().getByLabel("Name")).toHaveValue("Outside");
});

test("Review & publish begins with its four steps and what each comes to", async () => {
  await page.goto(`${product.consoleUrl}/changes`);
  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("listitem")).toHaveCount(4);
  await expect(steps).toContainText(/1 Changes\s*\d+: .*; by you/);
  await expect(steps).toContainText(/2 Checks\s*can be enforced/);
  await expect(steps).toContainText(/3 Impact\s*not replayed on past messages yet/);
  await expect(steps).toContainText(/4 Publish\s*r\d+, for 1 worker/);
  await lookAt(page, "publish-steps");
});

test("the pages of the policy reflow at 320 px, which is 400 % on a desk", async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  const paths = "policies lists interfaces routes proxy-actions inspection simulator policy-tests changes revisions";
  for (const path of paths.split(" ")) {
    await page.goto(`${product.consoleUrl}/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${path} is wider than the window`).toBeLessThanOrEqual(0);
  }
});

test("in the colours of the system, with more contrast, the page is as accessible as ever", async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ forcedColors: "active", contrast: "more" });
  await page.goto(`${product.consoleUrl}/policies`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await takePicture(page, "rules-forced-colors");
  await page.emulateMedia({ forcedColors: "none", contrast: "more" });
  await takePicture(page, "rules-more-contrast");
  await expectAccessible(page, "rules-more-contrast");
});
