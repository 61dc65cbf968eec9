import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { expect, type Page, test } from "@playwright/test";
import { freePort } from "../support/free-port.ts";
import { lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

let feed: Server;
let feedPort = 0;
let feedText = "192.0.2.0/24 ; one\n";

useProduct(
  async (started) => {
    ({ product, page } = started);
    feed = createServer((_, response) => response.end(feedText));
    feedPort = await freePort();
    await new Promise<void>((done) => feed.listen(feedPort, "127.0.0.1", done));
  },
  () => ({ environment: { POSTERN_FEED_NETWORKS: "127.0.0.1" } }),
);

test.afterAll(() => feed?.close());

test("a list is filled from a CSV file, searched for what its entries stand for, and exported", async () => {
  await page.goto(`${product.consoleUrl}/lists?new=1`);
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
  await page.goto(`${product.consoleUrl}/lists?q=203.0.113.1`);
  await expect(page.getByText("Nothing found for “203.0.113.1”")).toBeVisible();
});

test("a list is fed from an address: its entries are in force by themselves, and what the feed cannot give is told", async () => {
  await page.goto(`${product.consoleUrl}/lists?new=1`);
  const drawer = page.getByRole("dialog", { name: "Add list" });
  await drawer.getByLabel("Name").fill("drop");
  await drawer.getByLabel("Kind").selectOption("networks");
  await drawer.getByLabel("Fed from an address").fill(`http://127.0.0.1:${feedPort}/drop.txt`);
  await drawer.getByRole("button", { name: "Save to draft" }).click();
  await expect(drawer).toBeHidden();
  await page.goto(`${product.consoleUrl}/changes`);
  await page.getByRole("button", { name: "Publish r2" }).click();
  await expect(page.getByText("r2 is live").first()).toBeVisible();

  await page.goto(`${product.consoleUrl}/lists`);
  await page.getByRole("link", { name: "drop", exact: true }).click();
  await page.getByRole("button", { name: "Fetch now" }).click();
  await expect(page.getByText("Fetched for “drop”: 1 entry.")).toBeVisible();
  await expect(page.getByRole("row", { name: /drop/ })).toContainText("192.0.2.0/24");
  await page.goto(`${product.consoleUrl}/revisions/3`);
  await expect(page.getByText('List "drop" from its feed: 1 added, 0 removed')).toBeVisible();

  feedText = "<html>away</html>";
  await page.goto(`${product.consoleUrl}/lists`);
  await page.getByRole("link", { name: "drop", exact: true }).click();
  await page.getByRole("button", { name: "Fetch now" }).click();
  await expect(page.getByText(/Nothing was taken from the feed: 1 of its 1 entries are no networks/)).toBeVisible();
  await page.getByRole("button", { name: "Close without saving" }).click();
  const row = page.getByRole("row", { name: /drop/ });
  await expect(row).toContainText("The newest fetch brought nothing, so the entries stay");
  await expect(row).toContainText("192.0.2.0/24");
  await lookAt(page, "lists with a feed");
  await page.getByRole("link", { name: "drop", exact: true }).click();
  await lookAt(page, "list with a feed");
});
