import { expect, type Page } from "@playwright/test";

/** Who the browser tests sign in as. */
export const administrator = { name: "Ada Admin", email: "ada@example.test", password: "correct horse battery" };

/** Makes the first administrator through the setup link, which signs in. */
export async function setUpAdministrator(page: Page, setupLink: string): Promise<void> {
  await page.goto(setupLink);
  await page.getByLabel("Name").fill(administrator.name);
  await page.getByLabel("E-mail address").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Make the administrator" }).click();
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
}

export async function signIn(page: Page, consoleUrl: string): Promise<void> {
  await page.goto(`${consoleUrl}/login`);
  await page.getByLabel("E-mail address").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
}
