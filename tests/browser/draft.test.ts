import { expect, type Page, test } from "@playwright/test";
import { replaceDraft } from "../support/draft-in-browser.ts";
import { lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;
/** Another browser. */
let other: Page;

useProduct(async (started) => {
  ({ product, page } = started);
  other = await started.openOther();
});

const drawer = (on: Page) => on.getByRole("dialog").first();

async function openInterface(on: Page, name: string): Promise<void> {
  await on.goto(`${product.consoleUrl}/interfaces`);
  await on.getByRole("link", { name, exact: true }).first().click();
  await expect(drawer(on).getByLabel("Name")).toHaveValue(name);
}

test("two browsers at one object hear of each other, and one sees what the other saved", async () => {
  await openInterface(page, "External");
  await openInterface(other, "External");
  await expect(drawer(page).getByText("You, in another window, have this interface open too.")).toBeVisible();
  await expect(drawer(other).getByText("You, in another window, have this interface open too.")).toBeVisible();
  await drawer(page).getByLabel("Zone").selectOption({ label: "Optional" });
  await drawer(page)
    .getByLabel(/Networks behind it/)
    .fill("192.0.2.0/24");
  await drawer(other).getByLabel("Name").fill("Outside");
  await drawer(other).getByLabel("Zone").selectOption({ label: "Custom" });
  await drawer(other)
    .getByLabel(/Networks behind it/)
    .fill("198.51.100.0/24");
  await drawer(other).getByRole("button", { name: "Save to draft" }).click();
  await expect(other.getByText("Interface “Outside” saved to the draft.")).toBeVisible();
  await expect(drawer(page).getByText(/Somebody changed this interface while you have it open/)).toBeVisible();
  await expect(drawer(page).getByText(/in another window/)).toBeHidden();
  await expect(page.getByText(/unpublished changes? by you/)).toBeVisible();
});

test("a conflict keeps both: what one changed alone is taken, of the rest one is chosen, and both are saved together", async () => {
  await drawer(page).getByRole("button", { name: "Save to draft" }).click();
  const merge = page.getByRole("dialog", { name: "Two of you changed this interface" });
  await expect(merge.getByText("Only the other changed it.")).toBeVisible();
  await expect(merge.getByText("You both changed it: the changes go together.")).toBeVisible();
  await lookAt(page, "conflict");
  await merge.getByRole("button", { name: "Back to what I typed" }).click();
  await expect(drawer(page).getByLabel(/Networks behind it/)).toHaveValue("192.0.2.0/24");
  await drawer(page).getByRole("button", { name: "Save to draft" }).click();
  await merge.getByRole("radio", { name: "Theirs: custom" }).check();
  await merge.getByRole("button", { name: "Save both together" }).click();
  await expect(page.getByText("Interface “Outside” saved to the draft.")).toBeVisible();
  await openInterface(page, "Outside");
  await expect(drawer(page).getByLabel("Zone")).toHaveValue("custom");
  await expect(drawer(page).getByLabel(/Networks behind it/)).toHaveValue("192.0.2.0/24\n198.51.100.0/24");
  await drawer(page).getByRole("button", { name: "Close without saving" }).click();
});

/** Opens the first proxy action in both browsers; its address. */
async function openProxyAction(): Promise<string> {
  await page.goto(`${product.consoleUrl}/proxy-actions`);
  const href = await page.getByRole("table").getByRole("link").first().getAttribute("href");
  const address = `${product.consoleUrl}${href}`;
  await Promise.all([page.goto(address), other.goto(address)]);
  return address;
}

test("a rule that two edit is put together too", async () => {
  const address = await openProxyAction();
  const edit = page.locator('a[href*="edit="]').first();
  const href = (await edit.getAttribute("href")) ?? "";
  await Promise.all([page, other].map((one) => one.goto(new URL(href, address).href)));
  const before = await drawer(page).getByLabel("Name").inputValue();
  await drawer(page).getByLabel("Name").fill("renamed here");
  await drawer(other).getByLabel("State").selectOption("observe");
  await drawer(other).getByRole("button", { name: "Save to draft" }).click();
  await expect(other.getByText(`Rule “${before}” saved to the draft.`)).toBeVisible();
  await expect(drawer(page).getByText(/Somebody changed this rule while you have it open/)).toBeVisible();
  await drawer(page).getByRole("button", { name: "Save to draft" }).click();
  const merge = page.getByRole("dialog", { name: "Two of you changed this rule" });
  await expect(merge.getByText("You did not change the same fields. This is both together.")).toBeVisible();
  await expect(merge.getByText("renamed here Only you changed it.")).toBeVisible();
  await expect(merge.getByText("observe Only the other changed it.")).toBeVisible();
  await merge.getByRole("button", { name: "Save both together" }).click();
  await expect(page.getByText("Rule “renamed here” saved to the draft.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone.")).toBeVisible();
  await page.goto(new URL(href, address).href);
  await expect(drawer(page).getByLabel("Name")).toHaveValue(before);
  await expect(drawer(page).getByLabel("State")).toHaveValue("observe");
});

test("the settings of a proxy action that two edit are put together on their page", async () => {
  await openProxyAction();
  const [mine, theirs] = ["Recipients of a message", "Failed logins in a session"] as const;
  await page.getByRole("textbox", { name: mine }).fill("21");
  await other.getByRole("textbox", { name: theirs }).fill("22");
  await expect(page.getByText("You, in another window, have this proxy action open too.")).toBeVisible();
  await other.getByRole("button", { name: "Save settings to draft" }).click();
  await expect(other.getByText(/Settings of .* saved to the draft/)).toBeVisible();
  await page.getByRole("button", { name: "Put both together" }).click();
  const merge = page.getByRole("dialog", { name: "Two of you changed this proxy action" });
  await expect(merge.getByText(/^22 Only the other changed it/)).toBeVisible();
  await merge.getByRole("button", { name: "Save both together" }).click();
  await expect(page.getByText(/Settings of .* saved to the draft/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: mine })).toHaveValue("21");
  await expect(page.getByRole("textbox", { name: theirs })).toHaveValue("22");
  await expect(page.getByText(/You typed something here/)).toBeHidden();
});

test("patterns that two edit are put together, by who goes on after the tab ended too", async () => {
  const address = await openProxyAction();
  const patterns = `${address}?simple=${address.split("/").at(-1)}:greeting`;
  await Promise.all([page, other].map((one) => one.goto(patterns)));
  await drawer(page).getByLabel("Networks").fill("192.0.2.0/24");
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain("192.0.2.0/24");
  await drawer(other).getByLabel("Networks").fill("198.51.100.0/24");
  await drawer(other).getByRole("button", { name: "Save to draft" }).click();
  await expect(other.getByText("Greeting rules saved to the draft.")).toBeVisible();
  await page.reload();
  await drawer(page).getByRole("button", { name: "Go on with it" }).click();
  await expect(drawer(page).getByLabel("Networks")).toHaveValue("192.0.2.0/24");
  await drawer(page).getByRole("button", { name: "Save to draft" }).click();
  const merge = page.getByRole("dialog", { name: "Two of you changed this ruleset" });
  await expect(merge.getByText("You both changed it: the changes go together.")).toBeVisible();
  await lookAt(page, "patterns merged");
  await merge.getByRole("button", { name: "Save both together" }).click();
  await expect(page.getByText("Greeting rules saved to the draft.")).toBeVisible();
  await page.goto(patterns);
  await expect(drawer(page).getByLabel("Networks")).toHaveValue("192.0.2.0/24\n198.51.100.0/24");
  await drawer(page).getByRole("button", { name: "Close without saving" }).click();
});

test("what was typed is there again after the tab was killed, and the console may end meanwhile", async () => {
  await page.goto(`${product.consoleUrl}/interfaces?new=1`);
  await drawer(page).getByLabel("Name").fill("Branch");
  await drawer(page)
    .getByLabel(/Networks behind it/)
    .fill("203.0.113.0/24");
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain("203.0.113.0");
  const context = page.context();
  await page.close({ runBeforeUnload: false });
  page = await context.newPage();
  await page.goto(`${product.consoleUrl}/interfaces?new=1`);
  await expect(drawer(page).getByText(/You typed something here .* that was not saved/)).toBeVisible();
  await lookAt(page, "kept input");
  await drawer(page).getByRole("button", { name: "Go on with it" }).click();
  await expect(drawer(page).getByLabel("Name")).toHaveValue("Branch");
  await expect(drawer(page).getByLabel(/Networks behind it/)).toHaveValue("203.0.113.0/24");
  await product.restart();
  // The page may be on its way to the new console by itself.
  await expect(() => page.reload()).toPass();
  await drawer(page).getByRole("button", { name: "Go on with it" }).click();
  await drawer(page).getByRole("button", { name: "Save to draft" }).click();
  await expect(page.getByText("Interface “Branch” saved to the draft.")).toBeVisible();
  await page.goto(`${product.consoleUrl}/interfaces?new=1`);
  await expect(drawer(page).getByLabel("Name")).toHaveValue("");
  await expect(drawer(page).getByText(/You typed something here/)).toBeHidden();
});

test("a part of the draft is discarded alone, by keyboard, and brought back by undo", async () => {
  await page.goto(`${product.consoleUrl}/changes`);
  const choice = page.getByRole("checkbox", { name: 'Choose: interface "Branch" added' });
  await choice.focus();
  await page.keyboard.press("Space");
  await lookAt(page, "discard a part");
  await page.getByRole("button", { name: "Discard the 1 change chosen" }).press("Enter");
  await expect(page.getByText("1 change discarded; the rest of the draft stays.")).toBeVisible();
  await expect(choice).toBeHidden();
  const renamed = 'Choose: interface "Outside" renamed: External → Outside';
  await expect(page.getByRole("checkbox", { name: renamed })).toBeVisible();
  // While it has the focus, the message stays.
  await page.getByRole("button", { name: "Undo" }).focus();
  await lookAt(page, "undo");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Undone.")).toBeVisible();
  await expect(choice).toBeVisible();
});

test("what the rest of the draft needs is not discarded without it", async () => {
  await page.goto(`${product.consoleUrl}/policies/document`);
  const text = await page.getByLabel("Policy document (YAML)").inputValue();
  const lists = "lists:\n  - name: fresh\n    kind: domains\n    entries: [a.test]\n";
  const document = text.replace("lists:\n", lists).replace("inList: our domains", "inList: fresh");
  await replaceDraft(page, product.consoleUrl, document);
  await page.getByRole("checkbox", { name: 'Choose: list "fresh" added' }).check();
  await page.getByRole("button", { name: "Discard the 1 change chosen" }).click();
  await expect(page.getByText(/because other changes in the draft need it/)).toBeVisible();
});
