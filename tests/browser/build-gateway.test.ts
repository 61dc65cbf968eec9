import { expect, type Locator, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { type SendOutcome, sendMessage } from "#demo/send-message.ts";
import { publishDraft, replaceDraft } from "../support/draft-in-browser.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

/** Only proxy actions: no interface, no route, no policy. */
const startingPoint = `version: 1
proxyActions:
  - { name: Mail in, protocol: smtp, direction: incoming }
  - { name: Mail out, protocol: smtp, direction: outgoing }
`;

/** Follows a link or button of the page, fills the drawer that opens and saves it. */
async function saveDrawer(title: string, fill: (drawer: Locator) => Promise<void>): Promise<void> {
  const drawer = page.getByRole("dialog", { name: title });
  await fill(drawer);
  await drawer.getByRole("button", { name: "Save to draft" }).click();
  await expect(drawer).toBeHidden();
}

async function send(port: number, from: string): Promise<SendOutcome> {
  const message = sampleMessage("clean", from, "bob@example.test");
  return sendMessage({ host: "127.0.0.1", port, from, to: "bob@example.test", message });
}

test("the rules page of a system without policies leads from step to step", async () => {
  await replaceDraft(page, product.consoleUrl, startingPoint);
  await page.goto(`${product.consoleUrl}/policies`);
  await expect(page.getByRole("heading", { name: "No policies yet" })).toBeVisible();
  await page.getByRole("link", { name: "Add interface" }).click();
});

test("interfaces", async () => {
  await saveDrawer("Add interface", async (drawer) => {
    await drawer.getByLabel("Name").fill("External");
    await drawer.getByLabel("Networks").fill("192.0.2.0/99");
    await expect(drawer.getByText('"192.0.2.0/99" is no network')).toBeVisible();
    await drawer.getByLabel("Networks").fill("");
  });
  await page.getByRole("link", { name: "Add interface" }).click();
  await saveDrawer("Add interface", async (drawer) => {
    await drawer.getByLabel("Name").fill("Trusted");
    await drawer.getByLabel("Zone").selectOption("trusted");
  });
  await expect(page.getByRole("row", { name: /Trusted/ })).toBeVisible();
});

test("a route to the mail server inside", async () => {
  await page.goto(`${product.consoleUrl}/policies`);
  await page.getByRole("link", { name: "Add SMTP route" }).click();
  await saveDrawer("Add SMTP route", async (drawer) => {
    await drawer.getByLabel("Name", { exact: true }).fill("inside");
    await drawer.getByLabel("Host of server 1").fill("127.0.0.1");
    await drawer.getByLabel("Port of server 1").fill(String(product.ports.demoSmtp));
    await drawer.getByLabel("Retry schedule").fill("1s,1m*3");
    await expect(drawer.getByText("Tries again after 1 s, then 3 times 1 min.")).toBeVisible();
  });
});

async function addPolicy(name: string, from: string, to: string, port: number): Promise<void> {
  await page.goto(`${product.consoleUrl}/policies`);
  await page.getByRole("link", { name: "Add SMTP policy" }).first().click();
  await saveDrawer("Add SMTP policy", async (drawer) => {
    await drawer.getByLabel("Name").fill(name);
    await drawer.getByLabel("From interface").selectOption(from);
    await drawer.getByLabel("Address").fill("127.0.0.1");
    await drawer.getByLabel("Port").fill(String(port));
    await drawer.getByLabel("To interface").selectOption(to);
    await drawer.getByLabel("Proxy action").selectOption(name === "In" ? "Mail in" : "Mail out");
  });
}

test("an incoming and an outgoing policy, and mail obeys them once they are published", async () => {
  await addPolicy("In", "External", "Trusted", product.ports.externalSmtp);
  await addPolicy("Out", "Trusted", "External", product.ports.trustedSmtp);
  await publishDraft(page, product.consoleUrl);
  await page.goto(`${product.consoleUrl}/interfaces`);
  await expect(page.getByText("bound, 0 connections")).toHaveCount(2);
  expect(await send(product.ports.externalSmtp, "carol@outside.test")).toMatchObject({ accepted: true });
  expect(await send(product.ports.trustedSmtp, "bob@example.test")).toMatchObject({ accepted: true });
  expect(product.mailboxes.messages("bob")).toHaveLength(2);
  await page.goto(`${product.consoleUrl}/routes`);
  await expect(page.getByRole("row", { name: /inside/ })).toContainText("relaying");
});

test("a policy that is disabled closes its port, one that refuses greets with 521", async () => {
  await page.goto(`${product.consoleUrl}/policies`);
  await page.getByRole("button", { name: "Commands for policy Out" }).click();
  await page.getByRole("menuitem", { name: "Disable", exact: true }).click();
  await expect(page.getByText("Policy “Out” is disabled in the draft.")).toBeVisible();
  await page.getByRole("button", { name: "Commands for policy In" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await saveDrawer("Policy In", async (drawer) => {
    await drawer.getByLabel("Connections").selectOption("refuse-521");
  });
  await publishDraft(page, product.consoleUrl);
  await expect(send(product.ports.trustedSmtp, "bob@example.test")).rejects.toThrow(/ECONNREFUSED/);
  const refused = { accepted: false, stage: "greeting", reply: expect.stringMatching(/^521 /) };
  expect(await send(product.ports.externalSmtp, "carol@outside.test")).toMatchObject(refused);
});

test("what is used is not deleted, and says by what", async () => {
  await page.goto(`${product.consoleUrl}/routes`);
  await page.getByRole("link", { name: "inside" }).click();
  const drawer = page.getByRole("dialog", { name: "Route inside" });
  await expect(drawer.getByText("Used by In, Out.")).toBeVisible();
  await expect(drawer.getByRole("button", { name: "Delete route" })).toBeDisabled();
});
