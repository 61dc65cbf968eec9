import { expect, type Page, test } from "@playwright/test";
import { lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

const banner = (on: Page) => on.getByRole("note").filter({ hasText: "is on trial" });

async function publishOnTrial(state: string, minutes: string, next: number): Promise<void> {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page
    .getByLabel(/State of/)
    .first()
    .selectOption(state);
  await expect(page.getByText(/1 unpublished change/).first()).toBeVisible();
  await page.goto(`${product.consoleUrl}/changes`);
  await page.getByLabel(/Go back to r\d+ by itself/).check();
  await page.getByLabel("Minutes until it goes back").selectOption(minutes);
  await page.getByRole("button", { name: `Publish r${next}` }).click();
  await expect(page.getByText(`r${next} is live; 1 of 1 workers took it.`)).toBeVisible();
}

test("a revision is published on trial: everybody sees on every page when it goes back, and somebody keeps it", async () => {
  const other = await page.context().newPage();
  await other.goto(`${product.consoleUrl}/messages`);
  await publishOnTrial("observe", "5", 2);
  await expect(banner(page)).toContainText(/r2 of Ada Admin is on trial: it goes back to r1 in 4 min/);
  await expect(banner(other)).toBeVisible();
  await lookAt(page, "revision on trial");
  await banner(other).getByRole("button", { name: "Keep r2" }).click();
  await expect(banner(other)).toBeHidden();
  await expect(banner(page)).toBeHidden();
  await other.close();
});

test("a revision on trial goes back by a button, and the draft keeps what was tried", async () => {
  await publishOnTrial("off", "60", 3);
  await banner(page).getByRole("button", { name: "Go back to r2 now" }).click();
  await expect(page.getByText("r4 is live and equals r2; the draft keeps the changes.")).toBeVisible();
  await expect(banner(page)).toBeHidden();
  await expect(page.getByText("1 change waits in the draft.")).toBeVisible();
  await page.goto(`${product.consoleUrl}/revisions`);
  await expect(page.getByRole("row", { name: /r4/ }).first()).toContainText(
    "r3 taken back: Ada Admin did not want to wait",
  );
});

test("a revision that nobody keeps goes back by itself, though the console was restarted in between", async () => {
  await page.goto(`${product.consoleUrl}/changes`);
  await page.getByLabel(/Go back to r4 by itself/).check();
  await page.getByLabel("Minutes until it goes back").selectOption("1");
  await page.getByRole("button", { name: "Publish r5" }).click();
  await expect(page.getByText("r5 is live; 1 of 1 workers took it.")).toBeVisible();
  await product.restart();
  await page.goto(`${product.consoleUrl}/changes`);
  await expect(page.getByText("r6 is live")).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("table", { name: "Answers of the workers to r6" })).toContainText("applied");
  await expect(banner(page)).toBeHidden();
  await page.goto(`${product.consoleUrl}/revisions/6`);
  await expect(page.getByText("r5 taken back: nobody kept it in time")).toBeVisible();
});

test("any two revisions are compared, in words and as YAML", async () => {
  await page.goto(`${product.consoleUrl}/revisions/5`);
  await page.getByRole("link", { name: "Compare with r6" }).click();
  await expect(page.getByText(/: off → observe/).first()).toBeVisible();
  await page.getByLabel("From r").fill("1");
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByText(/: on → observe/).first()).toBeVisible();
  await lookAt(page, "revisions compared");
});
