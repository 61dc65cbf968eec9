import { expect, type Locator, type Page, test } from "@playwright/test";
import { publishDraft, replaceDraft } from "../support/draft-in-browser.ts";
import { swaks } from "../support/mail-programs.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

/** Opens a page and waits until it runs: what is typed before that is lost. */
async function open(path: string): Promise<void> {
  await page.goto(`${product.consoleUrl}${path}`);
  await expect(page.locator("[data-live=live]")).toBeVisible();
}

/** Fills the drawer of that title and saves it. */
async function saveDrawer(title: string, fill: (drawer: Locator) => Promise<void>): Promise<void> {
  const drawer = page.getByRole("dialog", { name: title });
  await fill(drawer);
  await drawer.getByRole("button", { name: "Save to draft" }).click();
  await expect(drawer).toBeHidden();
}

/** What a client hears that sends one message. */
function send(port: number, from: string, to: string, subject: string): Promise<string> {
  return swaks(["--server", `127.0.0.1:${port}`, "--from", from, "--to", to, "--header", `Subject: ${subject}`]);
}

test("a system without any object has no open port", async () => {
  await replaceDraft(page, product.consoleUrl, "version: 1\n");
  await page.getByRole("button", { name: /^Publish r\d+$/ }).click();
  await expect(page.getByText(/is live; 1 of 1 workers took it\./)).toBeVisible();
  expect(await send(product.ports.externalSmtp, "a@x.test", "b@x.test", "nothing")).not.toMatch(/^<-/m);
});

test("two interfaces and a route are added", async () => {
  for (const [name, zone] of [
    ["External", "external"],
    ["Trusted", "trusted"],
  ] as const) {
    await open("/interfaces?new=1");
    await saveDrawer("Add interface", async (drawer) => {
      await drawer.getByLabel("Name").fill(name);
      await drawer.getByLabel("Zone").selectOption(zone);
    });
  }
  await open("/routes?new=smtp");
  await saveDrawer("Add SMTP route", async (drawer) => {
    await drawer.getByLabel("Name", { exact: true }).fill("mail server");
    await drawer.getByLabel("Host of server 1").fill("127.0.0.1");
    await drawer.getByLabel("Port of server 1").fill(String(product.ports.demoSmtp));
  });
});

test("presets are cloned; the first clone asks for the lists that its rules need", async () => {
  await open("/proxy-actions");
  await page.getByRole("link", { name: "Clone preset Incoming, recommended" }).click();
  await saveDrawer("Clone Incoming, recommended", async (drawer) => {
    await drawer.getByLabel("Name").fill("Mail in");
    await drawer.getByLabel("our domains (domains)").fill("example.test");
  });
  await page.getByRole("link", { name: "Clone preset Outgoing, recommended" }).click();
  await saveDrawer("Clone Outgoing, recommended", async (drawer) => {
    await expect(drawer.getByLabel("our domains (domains)")).toBeHidden();
    await drawer.getByLabel("Name").fill("Mail out");
  });
  await expect(page.getByRole("row", { name: /^Mail out SMTP outgoing no policy/ })).toBeVisible();
});

test("a setting is changed where it stands, checked while it is typed, and can go back to its default", async () => {
  await page.getByRole("link", { name: "Mail in", exact: true }).click();
  const save = page.getByRole("button", { name: "Save settings to draft" });
  await page.getByRole("textbox", { name: "Host name" }).fill("mx example");
  await expect(page.getByText("a host is a DNS name or an IP address")).toBeVisible();
  await expect(save).toBeDisabled();
  await page.getByRole("textbox", { name: "Host name" }).fill("mx.example.test");
  await page.getByRole("textbox", { name: "Recipients of a message" }).fill("2");
  await expect(page.getByText("2 settings not saved.")).toBeVisible();
  await save.click();
  await expect(page.getByText("Settings of “Mail in” saved to the draft.")).toBeVisible();
  await expect(save).toBeHidden();
  await page.getByRole("button", { name: "Reset Recipients of a message to the default" }).click();
  await expect(page.getByRole("textbox", { name: "Recipients of a message" })).toHaveValue("100");
  await save.click();
  await expect(save).toBeHidden();
});

test("recipients that outgoing mail may not have are written as patterns, and are rules in the advanced view", async () => {
  await open("/proxy-actions");
  await page.getByRole("link", { name: "Mail out", exact: true }).click();
  await page.getByRole("link", { name: "Edit patterns of recipient of Mail out" }).click();
  await saveDrawer("Recipient patterns", async (drawer) => {
    await drawer.getByLabel("Patterns").fill("*@blocked.test\nceo@rival.test");
    await drawer.getByLabel("Text").first().fill("Nobody writes there");
  });
  const view = page.getByRole("group", { name: "View of recipient rules" });
  await view.getByRole("button", { name: "Advanced" }).click();
  const table = page.getByRole("table", { name: "Recipient rules of Mail out, in order" });
  await expect(table.getByRole("row", { name: /\*@blocked\.test/ })).toContainText(
    "If recipient is like *@blocked.test",
  );
  await view.getByRole("button", { name: "Simple" }).click();
  await expect(page.getByText("ceo@rival.test")).toBeVisible();
  await expect(page.getByText(/^No simple view: Rule “sender of another domain”/)).toBeVisible();
});

async function addPolicy(name: string, from: string, to: string, port: number): Promise<void> {
  await open("/policies?add=smtp");
  await saveDrawer("Add SMTP policy", async (drawer) => {
    await drawer.getByLabel("Name").fill(name);
    await drawer.getByLabel("From interface").selectOption(from);
    await drawer.getByLabel("Address").fill("127.0.0.1");
    await drawer.getByLabel("Port").fill(String(port));
    await drawer.getByLabel("To interface").selectOption(to);
    await drawer.getByLabel("Proxy action").selectOption(name === "In" ? "Mail in" : "Mail out");
  });
}

test("an incoming and an outgoing policy are added, what the lint says is read, and the draft is published", async () => {
  await addPolicy("In", "External", "Trusted", product.ports.externalSmtp);
  await addPolicy("Out", "Trusted", "External", product.ports.trustedSmtp);
  await publishDraft(page, product.consoleUrl);
});

test("incoming mail for our domain is taken, for another one refused", async () => {
  const accepted = await send(product.ports.externalSmtp, "carol@outside.test", "bob@example.test", "Hello Bob");
  expect(accepted).toMatch(/^<-\s+220 mx\.example\.test /m);
  expect(accepted, accepted).toMatch(/^<-\s+250 .*\n -> QUIT/m);
  expect(product.mailboxes.messages("bob")).toHaveLength(1);
  const relay = await send(product.ports.externalSmtp, "carol@outside.test", "dave@elsewhere.test", "Relay me");
  expect(relay, relay).toMatch(/^<\*\*\s+550 5\.7\.1 Relaying is refused/m);
  const spoofed = await send(product.ports.externalSmtp, "boss@example.test", "bob@example.test", "It is me");
  expect(spoofed, spoofed).toMatch(/^<\*\*\s+550 5\.7\.1 Our own domain does not send from outside/m);
});

test("outgoing mail goes out, but not to a recipient of the patterns", async () => {
  const sent = await send(product.ports.trustedSmtp, "bob@example.test", "carol@outside.test", "Hello Carol");
  expect(sent, sent).toMatch(/^<-\s+250 .*\n -> QUIT/m);
  expect(product.mailboxes.messages("carol")).toHaveLength(1);
  const refused = await send(product.ports.trustedSmtp, "bob@example.test", "x@blocked.test", "Hello X");
  expect(refused, refused).toMatch(/^<\*\*\s+550 5\.7\.1 Nobody writes there/m);
});

test("a rule with an alarm asks for attention, and leads to the message that rang it", async () => {
  await open("/proxy-actions");
  await page.getByRole("link", { name: "Mail out", exact: true }).click();
  const view = page.getByRole("group", { name: "View of recipient rules" });
  await view.getByRole("button", { name: "Advanced" }).click();
  await page.getByRole("link", { name: "*@blocked.test", exact: true }).click();
  await saveDrawer("Edit rule", async (drawer) => {
    await drawer.getByLabel(/^Alarm/).check();
  });
  await expect(page.getByText("No simple view: Rule “*@blocked.test” raises an alarm.")).toBeVisible();
  await publishDraft(page, product.consoleUrl);
  await send(product.ports.trustedSmtp, "bob@example.test", "y@blocked.test", "Ring");
  await open("/");
  await page.getByRole("link", { name: "Alarm: rule “*@blocked.test” matched once in 24 h." }).click();
  await expect(page.getByRole("row").filter({ hasText: "y@blocked.test" })).toContainText("alarm");
});
