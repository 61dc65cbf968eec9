import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { administrator, setUpAdministrator } from "../support/administrator.ts";
import { fetchByPop3, sendToBob } from "../support/mail-programs.ts";
import { RunningProduct } from "../support/running-product.ts";

const run = promisify(execFile);
const mailbox = "bob@example.test";

let product: RunningProduct;
let page: Page;
const folder = mkdtempSync(join(tmpdir(), "postern-story-"));

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  product = await RunningProduct.start();
  await product.startMailServer();
  page = await browser.newPage();
});

test.afterAll(async () => {
  await page?.close();
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the setup link makes the first administrator, once", async ({ browser }) => {
  await setUpAdministrator(page, product.setupLink);

  const stranger = await browser.newPage();
  await stranger.goto(product.setupLink);
  await expect(stranger.getByText("This setup link has been used.")).toBeVisible();
  await stranger.close();
});

test("before the rule an executable from outside passes", async () => {
  const message = sampleMessage("executable", "mallory@outside.test", mailbox, "Invoice before the rule");
  expect(await send(message)).toMatch(/^<-\s+250 /m);
  expect(product.mailboxes.messages("bob")).toHaveLength(1);
});

test("a rule is written for External, reviewed and published, and the worker acknowledges it", async () => {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByRole("link", { name: "Add rule to attachment of Mail in" }).click();
  const editor = page.getByRole("dialog", { name: "Add rule" });
  await editor.getByLabel("Name").fill("deny executables from External");
  await editor.getByRole("button", { name: "Add condition" }).click();
  await editor.getByLabel("Fact of condition 1").selectOption({ label: "file name" });
  await editor.getByLabel("Test of condition 1").selectOption({ label: "is in list" });
  await editor.getByLabel("Value of condition 1").selectOption("executables");
  await editor.getByLabel("Action").selectOption("deny");
  await expect(editor.getByText("If file name is in list executables, deny.")).toBeVisible();
  await editor.getByRole("button", { name: "Save to draft" }).click();
  await expect(editor).toBeHidden();

  await page.goto(`${product.consoleUrl}/changes`);
  await expect(page.getByText(/"deny executables from External" of Mail in, attachment added/).first()).toBeVisible();
  await page.getByLabel("Comment").fill("No programs from outside");
  await page.getByRole("button", { name: "Publish r2" }).click();
  await expect(page.getByText("r2 is live; 1 of 1 workers took it.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Answers of the workers to r2" })).toContainText("applied");
});

let refusedId = "";

test("then a real client that sends an .exe to External hears 550 and an id", async () => {
  const message = sampleMessage("executable", "mallory@outside.test", mailbox, "Invoice after the rule");
  const dialogue = await send(message);
  const refusal = /^<\*\*\s+550 5\.7\.1 .*\((\w{26})\)/m.exec(dialogue);
  expect(refusal, dialogue).not.toBeNull();
  refusedId = refusal?.[1] ?? "";
});

test("Messages shows it with the rule and the trace", async () => {
  await page.goto(`${product.consoleUrl}/messages?verdict=deny`);
  const row = page.getByRole("row").filter({ hasText: "Invoice after the rule" });
  await expect(row).toContainText("deny executables from External");
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(new RegExp(`/messages/${refusedId}`));
  await expect(page.getByText("deny executables from External").first()).toBeVisible();
  await expect(page.getByText("is in list executables").first()).toBeVisible();
  await expect(page.getByText("invoice.exe").first()).toBeVisible();
  await expect(page.getByText(new RegExp(`550 5\\.7\\.1 .*${refusedId}`)).first()).toBeVisible();
});

const clean = sampleMessage("clean", "carol@outside.test", mailbox, "Clean through the gate");

test("a clean message arrives at the mailbox byte for byte", async () => {
  expect(await send(clean)).toMatch(/^<-\s+250 /m);
  const stored = product.mailboxes.messages("bob").at(-1)?.bytes ?? new Uint8Array();
  expect(withoutOurReceived(Buffer.from(stored)).toString("latin1")).toBe(clean.toString("latin1"));
});

test("POP3 through Trusted returns it, and the infected one comes as a notice in its place", async () => {
  expect(await fetchByPop3(product.ports, "")).toMatch(/^1 \d+\r?\n2 \d+/);
  expect(withoutOurReceived(Buffer.from(await fetchByPop3(product.ports, "2"), "latin1")).toString("latin1")).toBe(
    clean.toString("latin1"),
  );
  const notice = await fetchByPop3(product.ports, "1");
  expect(notice).toContain("Subject: Invoice before the rule");
  expect(notice).toMatch(/policy/i);
  expect(notice).not.toContain('invoice.exe"\r\nContent-Transfer-Encoding: base64');
  expect(notice).not.toContain("TVo");
});

test("with the server behind stopped a message is accepted and stands in the queue, live", async () => {
  await page.goto(`${product.consoleUrl}/queue`);
  await expect(page.getByText("Live", { exact: false }).first()).toBeVisible();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await product.stopMailServer();
  const waiting = sampleMessage("clean", "dora@outside.test", mailbox, "Waits in the queue");
  expect(await send(waiting)).toMatch(/^<-\s+250 2\.0\.0 .*\(\w{26}\)/m);
  const row = page.getByRole("row").filter({ hasText: "Waits in the queue" });
  await expect(row).toContainText("deferred");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("a held message waits for its release", async () => {
  const row = page.getByRole("row").filter({ hasText: "Waits in the queue" });
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Hold 1" }).click();
  await expect(row).toContainText("held");
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Release 1" }).click();
  await expect(row).toContainText("deferred");
});

test("when the server returns the message is delivered and leaves the page without a reload", async () => {
  await product.startMailServer();
  const row = page.getByRole("row").filter({ hasText: "Waits in the queue" });
  await expect(row).toBeHidden({ timeout: 60_000 });
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
  const stored = product.mailboxes.messages("bob").at(-1)?.bytes ?? new Uint8Array();
  expect(Buffer.from(stored).toString("latin1")).toContain("Subject: Waits in the queue");
});

test("the audit report is exported as CSV, JSON and PDF and names the publish", async () => {
  await page.goto(`${product.consoleUrl}/audit`);
  const csv = (await download("CSV")).toString("utf8");
  expect(csv).toContain("revision.publish");
  expect(csv).toContain("No programs from outside");
  const json: unknown = JSON.parse((await download("JSON")).toString("utf8"));
  expect(JSON.stringify(json)).toContain("No programs from outside");
  const pdf = await download("PDF");
  expect(pdf.subarray(0, 5).toString("latin1")).toBe("%PDF-");
  const path = join(folder, "audit.pdf");
  writeFileSync(path, pdf);
  const { stdout } = await run("pdftotext", ["-layout", path, "-"]);
  expect(stdout).toContain("No programs from outside");
  expect(stdout).toContain("deny executables from External");
});

test("signing out ends the session, and a wrong password says no more than that", async () => {
  await page.context().clearCookies();
  await page.goto(`${product.consoleUrl}/queue`);
  await expect(page).toHaveURL(/\/login/);
  await page.getByLabel("E-mail address").fill(administrator.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/\/login/);
});

/** Sends the message to External as who its From says, and gives the dialogue. */
function send(message: Buffer): Promise<string> {
  const from = /^From: (.*)\r$/m.exec(message.toString("latin1"))?.[1] ?? "";
  return sendToBob(product.ports, folder, message, from);
}

/** RFC 5321 §4.4: a relay puts its Received line on top; everything below is the sender's. */
function withoutOurReceived(message: Buffer): Buffer {
  const text = message.toString("latin1");
  const received = /^Received: [^\r]*\r\n(?:[ \t][^\r]*\r\n)*/.exec(text)?.[0] ?? "";
  expect(received).toContain("Received: ");
  return message.subarray(received.length);
}

async function download(format: string): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: `Export ${format}` }).click(),
  ]);
  return readFileSync(await file.path());
}
