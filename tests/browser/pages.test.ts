import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { sampleMessage, sampleNames } from "#demo/samples.ts";
import { sendMessage } from "#demo/send-message.ts";
import { setUpAdministrator } from "../support/administrator.ts";
import { RunningProduct } from "../support/running-product.ts";

/** Where the screenshots go; a person looks at them before a release. */
const pictures = process.env.POSTERN_PICTURES ?? "test-results/pictures";

let product: RunningProduct;
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>>;
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
  lists: "/policies/lists",
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

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  product = await RunningProduct.start();
  await product.startMailServer();
  const page = await browser.newPage();
  await setUpAdministrator(page, product.setupLink);
  await makeTraffic();
  await draftRule(page);
  await blockAddress(page);
  await page.goto(`${product.consoleUrl}/messages?verdict=deny`);
  const link = page.getByRole("row").getByRole("link").first();
  paths.message = (await link.getAttribute("href")) ?? "";
  await page.goto(`${product.consoleUrl}/connections`);
  const connection = page
    .getByRole("table", { name: /Finished/ })
    .getByRole("link")
    .first();
  paths.connection = (await connection.getAttribute("href")) ?? "";
  paths["rule editor"] = await editorPath(page);
  const proxyAction = await proxyActionPath(page);
  paths["proxy action"] = proxyAction;
  paths["pattern editor"] = `${proxyAction}?simple=${proxyAction.slice("/proxy-actions/".length)}:recipient`;
  cookies = await page.context().cookies();
  await page.close();
});

test.afterAll(async () => {
  await product?.stop();
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

async function draftRule(page: Page): Promise<void> {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page
    .getByLabel(/State of/)
    .first()
    .selectOption("observe");
  await expect(page.getByText(/1 unpublished change/).first()).toBeVisible();
}

/** At the worker, whose report brings it into the list. */
async function blockAddress(page: Page): Promise<void> {
  await page.goto(`${product.consoleUrl}/bans`);
  await page.getByRole("button", { name: "Block an address" }).click();
  await page.getByRole("textbox", { name: "Address" }).fill("2001:DB8:0::9");
  await page.getByLabel("Reason").fill("probes our users");
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await expect(page.getByRole("row", { name: /2001:db8::9.*probes our users/ })).toBeVisible({ timeout: 60_000 });
}

async function editorPath(page: Page): Promise<string> {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  const href = await page.getByRole("link", { name: "Add rule to attachment of Mail in" }).getAttribute("href");
  return href ?? "";
}

async function proxyActionPath(page: Page): Promise<string> {
  await page.goto(`${product.consoleUrl}/proxy-actions`);
  return (await page.getByRole("link", { name: "Mail in", exact: true }).getAttribute("href")) ?? "";
}

const views = [
  { name: "light", width: 1280, height: 900, colorScheme: "light" },
  { name: "dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone", width: 360, height: 740, colorScheme: "light" },
] as const;

async function openPage(browser: Browser, view: (typeof views)[number]): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.colorScheme,
    reducedMotion: "reduce",
  });
  await context.addCookies(cookies);
  return await context.newPage();
}

for (const view of views) {
  test(`every page, ${view.name}: no accessibility violation, nothing wider than the window, no error in the browser`, async ({
    browser,
  }) => {
    test.setTimeout(400_000);
    const page = await openPage(browser, view);
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
      await page.screenshot({ path: `${pictures}/${name.replaceAll(" ", "-")}-${view.name}.png`, fullPage: true });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
        [],
      );
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test(`sign-in, ${view.name}: no accessibility violation`, async ({ browser }) => {
    const page = await openPage(browser, view);
    await page.context().clearCookies();
    await page.goto(`${product.consoleUrl}/login`);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await page.screenshot({ path: `${pictures}/login-${view.name}.png`, fullPage: true });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.context().close();
  });
}
