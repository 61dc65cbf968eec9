import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, lookAt, tabTo, takePicture } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;
/** The browser of somebody else, who is added below. */
let other: Page;

useProduct(async (started) => {
  ({ product, page } = started);
  other = await started.openOther();
  await other.context().clearCookies();
});

const open = (on: Page, path: string) => on.goto(`${product.consoleUrl}${path}`);
const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });

test("an administrator adds somebody with the keyboard alone, who chooses a password with a link that is shown once", async () => {
  await open(page, "/people");
  await tabTo(page.getByRole("button", { name: "Add person" }));
  await page.keyboard.press("Enter");
  await expect(dialog("Add a person")).toBeVisible();
  await page.keyboard.type("Vera Viewer");
  await page.keyboard.press("Tab");
  await page.keyboard.type("vera@example.test");
  await lookAt(page, "add person");
  await page.keyboard.press("Enter");
  const link = await dialog("Link for Vera Viewer").getByLabel("Link", { exact: true }).inputValue();
  await expectAccessible(page, "link for a person");
  await page.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.getByRole("row", { name: /Vera Viewer/ })).toContainText("has not chosen a password yet");
  await other.goto(link);
  await lookAt(other, "choose a password");
  await other.getByLabel("Password").fill("correct horse battery");
  await other.getByRole("button", { name: "Choose this password" }).click();
  await expect(other.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await lookAt(page, "people");
});

/** Pages whose controls all change something, and what they take. */
const closed: Readonly<Record<string, string>> = {
  "/proxy-actions": "edit",
  "/interfaces": "edit",
  "/routes": "edit",
  "/inspection/dictionaries": "edit",
  "/quarantine": "handle-quarantine",
  "/bans": "operate",
  "/workers": "operate",
  "/credentials": "manage-secrets",
  "/signing-keys": "manage-secrets",
  "/api-tokens": "make-tokens",
  "/people": "manage-people",
};

test("a viewer sees every page: what they may not use is off, and the page says why", async () => {
  test.slow();
  for (const [path, permission] of Object.entries(closed)) {
    await open(other, path);
    await expect(other.getByText(`takes the permission ${permission}, which you do not have`).first()).toBeVisible();
    await expect(other.locator("main :is(button, select, input, textarea):enabled:visible")).toHaveCount(0);
    await expect(other.locator("main a:is([href*='new='], [href*='add=']):visible")).toHaveCount(0);
    await takePicture(other, `viewer ${path.replaceAll("/", " ")}`);
  }
  await open(other, "/policies?interface=External");
  await expect(other.getByLabel(/State of/).first()).toBeDisabled();
  await lookAt(other, "viewer policies");
});

test("a viewer opens editors that only show, and say why", async () => {
  await open(other, "/interfaces");
  await other.getByRole("link", { name: "External", exact: true }).first().click();
  const drawer = other.getByRole("dialog");
  await expect(drawer.getByText("Changing the draft takes the permission edit")).toBeVisible();
  await expect(drawer.getByLabel("Name")).toBeDisabled();
  await expect(drawer.getByRole("button", { name: /Save|Delete/ })).toHaveCount(0);
  await lookAt(other, "viewer interface");
});

test("another role holds at once, on a page that is open", async () => {
  await open(other, "/interfaces");
  await expect(other.getByRole("link", { name: "Add interface" })).toBeHidden();
  await open(page, "/people");
  await page.getByRole("link", { name: "Vera Viewer" }).click();
  await dialog("Vera Viewer").getByLabel("Role").selectOption("editor");
  await dialog("Vera Viewer")
    .getByLabel(/read-mail/)
    .check();
  await lookAt(page, "person");
  await page.getByRole("button", { name: "Change what Vera Viewer may…" }).click();
  await expect(dialog("Change what Vera Viewer may")).toContainText("change the draft");
  await page.getByRole("button", { name: "Make Vera Viewer editor" }).click();
  await expect(other.getByRole("link", { name: "Add interface" })).toBeVisible();
});

test("the last administrator is not made anything else", async () => {
  await open(page, "/people");
  await page.getByRole("link", { name: "Ada Admin" }).click();
  await expect(page.getByRole("button", { name: /^Remove/ })).toBeDisabled();
  await dialog("Ada Admin").getByLabel("Role").selectOption("viewer");
  await page.getByRole("button", { name: "Change what Ada Admin may…" }).click();
  await expect(dialog("Change what Ada Admin may")).toContainText("only another administrator can take this back");
  await page.getByRole("button", { name: "Make Ada Admin viewer" }).click();
  await expect(page.getByText(/this is the last administrator who can sign in/)).toBeVisible();
});

test("the audit log has role and session of each entry, and shows what was done in one of them", async () => {
  await open(page, "/audit?action=user.change");
  const row = page.getByRole("row", { name: /Ada Admin made Vera Viewer editor and granted read-mail besides/ });
  await expect(row).toContainText("administrator, 127.0.0.1");
  await row.getByRole("link", { name: /^session [0-9a-f]{8}$/ }).click();
  await expect(page.getByLabel("Session or token")).toHaveValue(/^session [0-9a-f]{8}$/);
  await lookAt(page, "audit of a session");
});

test("sessions that are ended are over at the next step", async () => {
  await open(page, "/people");
  await page.getByRole("link", { name: "Vera Viewer" }).click();
  await page.getByRole("button", { name: "End all sessions…" }).click();
  await page.getByRole("button", { name: "End all of them" }).click();
  await expect(dialog("Vera Viewer").getByText("nobody is signed in with this account")).toBeVisible();
  await open(other, "/interfaces");
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
});
