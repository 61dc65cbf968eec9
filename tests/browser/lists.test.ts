import { readFile } from "node:fs/promises";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { setUpAdministrator } from "../support/administrator.ts";
import { lookAt } from "../support/looked-at.ts";
import { RunningProduct } from "../support/running-product.ts";

let product: RunningProduct;
let context: BrowserContext;
let page: Page;

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  product = await RunningProduct.start();
  context = await browser.newContext();
  page = await context.newPage();
  await setUpAdministrator(page, product.setupLink);
});

test.afterAll(async () => {
  await context?.close();
  await product?.stop();
});

test("a list is filled from a CSV file, searched for what its entries stand for, and exported", async () => {
  await page.goto(`${product.consoleUrl}/policies/lists?new=1`);
  const drawer = page.getByRole("dialog", { name: "Add list" });
  await drawer.getByLabel("Name").fill("offices");
  await drawer.getByLabel("Kind").selectOption("networks");
  await drawer.getByLabel("Entries", { exact: true }).fill("192.0.2.0/24");
  const csv = "site,entry\nBern,192.0.2.0/24\nKiel,198.51.100.0/24\n";
  await drawer
    .getByLabel("Add entries from a file")
    .setInputFiles({ name: "sites.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(drawer.getByText("1 added from sites.csv; 1 stood here already.")).toBeVisible();
  await expect(drawer.getByLabel("Entries", { exact: true })).toHaveValue("192.0.2.0/24\n198.51.100.0/24");
  await drawer.getByRole("button", { name: "Save to draft" }).click();
  await expect(drawer).toBeHidden();

  await page.getByLabel("Search inside the lists").fill("198.51.100.7");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=198\.51\.100\.7/);
  const rows = page.getByRole("table", { name: "Lists" }).locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("1 of 2");
  await lookAt(page, "lists searched");

  await page.getByRole("link", { name: "offices", exact: true }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV, as it is in the draft" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("offices.csv");
  expect(await readFile(await download.path(), "utf8")).toBe("\uFEFFentry\r\n192.0.2.0/24\r\n198.51.100.0/24\r\n");
  await lookAt(page, "list with a file's entries");
});

test("a search that finds nothing says so", async () => {
  await page.goto(`${product.consoleUrl}/policies/lists?q=203.0.113.1`);
  await expect(page.getByText("Nothing found for “203.0.113.1”")).toBeVisible();
});
