import { expect, type Page } from "@playwright/test";

/** Puts the document in the place of the draft; ends on Review & publish. */
export async function replaceDraft(page: Page, consoleUrl: string, document: string): Promise<void> {
  await page.goto(`${consoleUrl}/policies/document`);
  await page.getByLabel("Policy document (YAML)").fill(document);
  await page.getByRole("button", { name: "Import into the draft" }).click();
  await page.getByRole("button", { name: "Replace the draft" }).click();
  // Thousands of rules take their time.
  await expect(page.getByRole("heading", { name: "Review & publish", level: 1 })).toBeVisible({ timeout: 60_000 });
}

/** Publishes the draft, also where the lint names harm, and waits until the one worker took it. */
export async function publishDraft(page: Page, consoleUrl: string): Promise<void> {
  await page.goto(`${consoleUrl}/changes`);
  await page.getByRole("button", { name: /^Publish r\d+$/ }).click();
  const harm = page.getByRole("button", { name: /^Publish r\d+ all the same$/ });
  const done = page.getByText(/is live; 1 of 1 workers took it\./);
  await expect(harm.or(done)).toBeVisible();
  if (await harm.isVisible()) await harm.click();
  await expect(done).toBeVisible();
}
