import { expect, type Page, test } from "@playwright/test";
import { sampleMessage, sampleNames } from "#demo/samples.ts";
import { sendMessage } from "#demo/send-message.ts";
import { lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;
const paths: Record<string, string> = {
  overview: "/",
  messages: "/messages",
  connections: "/connections",
  "connection search": "/connections?user=nobody&end=fault",
  queue: "/queue",
  quarantine: "/quarantine",
  "quarantine search": "/quarantine?cause=approval&text=x",
  bans: "/bans",
  policies: "/policies?interface=External",
  "new policy": "/policies?add=smtp",
  "proxy actions": "/proxy-actions",
  preset: "/proxy-actions/presets/incoming-strict",
  "preset for mailboxes": "/proxy-actions/presets/pop3-server-strict",
  "preset clone": "/proxy-actions?preset=incoming-recommended",
  lists: "/lists",
  document: "/policies/document",
  interfaces: "/interfaces",
  "new interface": "/interfaces?new=1",
  routes: "/routes",
  "new route": "/routes?new=smtp",
  credentials: "/credentials",
  scanners: "/inspection/scanners",
  dictionaries: "/inspection/dictionaries",
  notices: "/inspection/notices",
  "new credential": "/credentials?new=1",
  "signing keys": "/signing-keys",
  "new signing key": "/signing-keys?new=1",
  certificates: "/certificates",
  changes: "/changes",
  revisions: "/revisions",
  revision: "/revisions/1",
  "revision report": "/revisions/1/report",
  "revisions by programs": "/revisions?show=programs",
  "revisions compared": "/revisions/compare?from=1&to=1",
  audit: "/audit",
  workers: "/workers",
  "api tokens": "/api-tokens",
};

useProduct(async (started) => {
  ({ product, page } = started);
  await makeTraffic();
  await draftRule();
  await blockAddress();
  await page.goto(`${product.consoleUrl}/messages?verdict=deny`);
  const link = page.getByRole("row").getByRole("link").first();
  paths.message = (await link.getAttribute("href")) ?? "";
  await page.goto(`${product.consoleUrl}/connections`);
  const connection = page
    .getByRole("table", { name: /Finished/ })
    .getByRole("link")
    .first();
  paths.connection = (await connection.getAttribute("href")) ?? "";
  paths["rule editor"] = await editorPath();
  const proxyAction = await proxyActionPath();
  paths["proxy action"] = proxyAction;
  paths["pattern editor"] = `${proxyAction}?simple=${proxyAction.slice("/proxy-actions/".length)}:recipient`;
});

/** Some of everything: delivered, refused, too large, observed, and two that wait. */
async function makeTraffic(): Promise<void> {
  const send = (name: (typeof sampleNames)[number], from: string, subject?: string) => {
    const message = sampleMessage(name, from, "bob@example.test", subject);
    return sendMessage({ host: "127.0.0.1", port: product.ports.externalSmtp, from, to: "bob@example.test", message });
  };
  for (const name of sampleNames) await send(name, "carol@outside.test");
  await send("clean", "spoof@example.test");
  await product.stopMailServer();
  await send("clean", "dora@outside.test", "Waits in the queue");
  await send("clean", "<script>alert(1)</script>@outside.test", "<img src=x onerror=alert(1)> \u202Etxt.exe").catch(
    () => null,
  );
}

async function draftRule(): Promise<void> {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page
    .getByLabel(/State of/)
    .first()
    .selectOption("observe");
  await expect(page.getByText(/1 unpublished change/).first()).toBeVisible();
}

/** At the worker, whose report brings it into the list. */
async function blockAddress(): Promise<void> {
  await page.goto(`${product.consoleUrl}/bans`);
  await page.getByRole("button", { name: "Block an address" }).click();
  await page.getByRole("textbox", { name: "Address" }).fill("2001:DB8:0::9");
  await page.getByLabel("Reason").fill("probes our users");
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await expect(page.getByRole("row", { name: /2001:db8::9.*probes our users/ })).toBeVisible({ timeout: 60_000 });
}

async function editorPath(): Promise<string> {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  const href = await page.getByRole("link", { name: "Add rule to attachment of Mail in" }).getAttribute("href");
  return href ?? "";
}

async function proxyActionPath(): Promise<string> {
  await page.goto(`${product.consoleUrl}/proxy-actions`);
  return (await page.getByRole("link", { name: "Mail in", exact: true }).getAttribute("href")) ?? "";
}

test("every page in both themes and on a phone: no accessibility violation, nothing wider than the window, no error in the browser", async () => {
  test.setTimeout(600_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("dialog", (dialog) => {
    errors.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(`${product.consoleUrl}${path}`);
    // The page's own heading, or that of the dialog in front of it.
    await expect(page.getByRole("heading").first()).toBeVisible();
    // Streamed after it.
    await expect(page).toHaveTitle(/./);
    await lookAt(page, name);
  }
  expect(errors).toEqual([]);
});

test("so is the sign-in", async ({ browser }) => {
  const stranger = await browser.newPage();
  await stranger.goto(`${product.consoleUrl}/login`);
  await expect(stranger.getByRole("button", { name: "Sign in" })).toBeVisible();
  await lookAt(stranger, "login");
  await stranger.close();
});
