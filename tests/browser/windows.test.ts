import { expect, type Page, test } from "@playwright/test";
import { lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct(async (started) => {
  ({ product, page } = started);
});

/** More than the connections that a browser has to one host. */
const windowCount = 7;

test("as many windows as a browser has connections, and more, are all live, and each shows what is changed in one of them", async () => {
  const windows = [page];
  while (windows.length < windowCount) windows.push(await page.context().newPage());
  for (const window of windows) {
    await window.goto(`${product.consoleUrl}/interfaces`);
    await expect(window.locator('[data-live="live"]')).toBeVisible();
  }
  const edited = await page.context().newPage();
  await edited.goto(`${product.consoleUrl}/interfaces`);
  await edited.getByRole("link", { name: "External", exact: true }).first().click();
  await edited.getByRole("dialog").first().getByLabel("Name").fill("Outside");
  await edited.getByRole("button", { name: "Save to draft" }).click();
  await expect(edited.getByText("Interface “Outside” saved to the draft.")).toBeVisible();
  await edited.close();
  for (const window of windows) {
    await expect(window.getByRole("link", { name: "Outside", exact: true }).first()).toBeVisible();
    await expect(window.getByText(/unpublished changes? by you/)).toBeVisible();
    await expect(window.locator('[data-live="live"]')).toBeVisible();
  }
  for (const window of windows.slice(1)) await window.close();
  await expect(page.locator('[data-live="live"]')).toBeVisible();
});

test("an editor on a page that is loaded again is not another window", async () => {
  const told = () => page.waitForResponse((answer) => answer.request().postData()?.includes('"open":true') === true);
  await page.goto(`${product.consoleUrl}/interfaces`);
  const first = told();
  await page.getByRole("link", { name: "Trusted", exact: true }).first().click();
  await first;
  const again = told();
  await page.reload();
  expect(await (await again).json()).toEqual({ others: [] });
  await expect(page.getByRole("dialog").first().getByLabel("Name")).toHaveValue("Trusted");
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
