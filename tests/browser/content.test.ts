import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { fetchByPop3, sendToBob } from "../support/mail-programs.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

const mailbox = "bob@example.test";
const folder = mkdtempSync(join(tmpdir(), "postern-content-"));

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a rule that locks documents with macros away, and one that holds for approval, are written and published", async () => {
  const macros = await newRule("attachment", "lock macro documents");
  await macros.getByRole("button", { name: "Add condition" }).click();
  await macros.getByLabel("Fact of condition 1").selectOption({ label: "trait" });
  await macros.getByLabel("Test of condition 1").selectOption({ label: "is one of" });
  await macros.getByRole("checkbox", { name: /^macros / }).check();
  await macros.getByRole("checkbox", { name: /^auto-macros / }).check();
  await macros.getByLabel("Action", { exact: true }).selectOption("lock");
  await expect(macros.getByText("If trait is in macros, auto-macros, lock.")).toBeVisible();
  await save(macros);

  const approval = await newRule("message", "approve what asks for it");
  await approval.getByRole("button", { name: "Add condition" }).click();
  await approval.getByLabel("Fact of condition 1").selectOption({ label: "subject" });
  await approval.getByLabel("Test of condition 1").selectOption({ label: "is like (* and ?)" });
  await approval.getByLabel("Value of condition 1").fill("*approve*");
  await approval.getByLabel("Action", { exact: true }).selectOption("hold");
  await save(approval);

  await page.goto(`${product.consoleUrl}/changes`);
  await page.getByRole("button", { name: "Publish r2" }).click();
  await expect(page.getByText("r2 is live; 1 of 1 workers took it.")).toBeVisible();
});

let lockedId = "";

test("the recipient of a macro document reads a notice in its place, with an id", async () => {
  const message = sampleMessage("macro", "mallory@outside.test", mailbox, "Quarterly report");
  expect(await send(message)).toMatch(/^<-\s+250 /m);
  const fetched = await fetchByPop3(product.ports, "1");
  expect(fetched).toContain("Subject: Quarterly report");
  expect(fetched).toContain("See the attachment.");
  expect(fetched).toContain("report.docm");
  expect(fetched).not.toContain("vbaProject");
  expect(fetched).not.toMatch(/UEsDB/);
  lockedId = /\b([0-9A-Z]{26}-\d+)\b/.exec(fetched)?.[1] ?? "";
  expect(lockedId, fetched).not.toBe("");
});

test("the message's page says what was held, what the attachment is, and what was changed", async () => {
  await page.goto(`${product.consoleUrl}/messages?verdict=strip`);
  await page.getByRole("row").filter({ hasText: "Quarterly report" }).getByRole("link").first().click();
  await expect(page.getByText("lock macro documents").first()).toBeVisible();
  await expect(page.getByText(/macros/).first()).toBeVisible();
  await expect(page.getByText(/each part|the whole message/).first()).toBeVisible();
  await expect(page.getByRole("link", { name: lockedId })).toBeVisible();
});

test("an operator finds it in quarantine, looks at it, and releases it", async () => {
  await page.goto(`${product.consoleUrl}/quarantine?text=${lockedId}`);
  const row = page.getByRole("row").filter({ hasText: "report.docm" });
  await expect(row).toContainText("lock macro documents");
  await row.getByRole("link").first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Show the text" }).click();
  await expect(drawer.getByText("This file is not text: it is not shown.")).toBeVisible();
  await page.keyboard.press("b");
  const blocking = page.getByRole("dialog", { name: "Block the sender" });
  await expect(blocking).toContainText("mallory@outside.test");
  await blocking.getByRole("button", { name: "Keep as it is" }).click();
  await expect(blocking).toBeHidden();
  await drawer.getByRole("button", { name: "Release", exact: true }).click();
  const asked = page.getByRole("dialog", { name: "Release 1 file" });
  await asked.getByLabel("Reason (optional)").fill("known to us");
  await asked.getByRole("button", { name: "Release to 1 recipient" }).click();
  await expect(asked).toBeHidden();
  await expect.poll(() => product.mailboxes.messages("bob").length).toBe(2);
  const released = Buffer.from(product.mailboxes.messages("bob").at(-1)?.bytes ?? []).toString("latin1");
  expect(released).toContain("report.docm");
  expect(released).toMatch(/UEsDB/);
});

const evil = "<script>window.stolen=1</script><img src=x onerror=window.stolen=1>\u001b]0;owned\u0007=cmd|'/c calc'!A1";

test("a message that tries to inject is harmless on every page and in every export", async () => {
  const message = Buffer.from(
    [
      `From: "${evil.replaceAll('"', "")}" <=cmd@outside.test>`,
      `To: ${mailbox}`,
      `Subject: =?utf-8?B?${Buffer.from(`=approve ${evil}`).toString("base64")}?=`,
      "Date: Fri, 27 Nov 2026 10:00:00 +0000",
      "Message-ID: <evil@outside.test>",
      "MIME-Version: 1.0",
      "Content-Type: text/html; charset=utf-8",
      "",
      `<html><body onload="window.stolen=1"><script>window.stolen=1</script>`,
      `<p>Inert words</p><img src="${product.consoleUrl}/api/health?stolen"><form action="${product.consoleUrl}"><input></form>`,
      `<a href="javascript:window.stolen=1">click</a><meta http-equiv="refresh" content="0;url=http://127.0.0.1:1/">`,
      "</body></html>",
      "",
    ].join("\r\n"),
  );
  expect(await send(message, "=cmd@outside.test")).toMatch(/^<-\s+250 /m);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${product.consoleUrl}/messages?verdict=quarantine`);
  await page.getByRole("row").filter({ hasText: "approve" }).getByRole("link").first().click();
  await expect(page.getByText(/approve what asks for it/).first()).toBeVisible();
  await expectHarmless();
  await page.goto(`${product.consoleUrl}/quarantine?cause=approval`);
  await page.getByRole("row").filter({ hasText: "approve" }).getByRole("link").first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Show the text" }).click();
  await expect(drawer.getByText("Inert words")).toBeVisible();
  await drawer.getByRole("button", { name: "Show the HTML" }).click();
  const frame = drawer.locator("iframe");
  await expect(frame.contentFrame().getByText("Inert words")).toBeVisible();
  expect(await frame.getAttribute("sandbox")).toBe("");
  await expectHarmless();
  expect(requests.filter((url) => url.includes("stolen") || url.includes("127.0.0.1:1/"))).toEqual([]);
  const defanged = await download(drawer.getByRole("link", { name: "Download defanged .eml" }));
  expect(defanged.toString("latin1")).toMatch(/^[\x20-\x7e\r\n]*$/);
  await drawer.getByRole("button", { name: "Approve", exact: true }).click();
  const asked = page.getByRole("dialog", { name: /^Approve 1 message/ });
  await asked.getByRole("button", { name: "Approve to 1 recipient" }).click();
  await expect(asked).toBeHidden();
  await expect.poll(() => product.mailboxes.messages("bob").length).toBe(3);
});

test("the audit shows each step, and its exports carry nothing that runs", async () => {
  await page.goto(`${product.consoleUrl}/audit`);
  for (const action of [
    "rule.add",
    "revision.publish",
    "quarantine.view",
    "quarantine.download",
    "quarantine.release",
  ]) {
    await expect(page.getByRole("table").getByText(action, { exact: true }).first()).toBeVisible();
  }
  await expectHarmless();
  const csv = (await download(page.getByRole("link", { name: "Export CSV" }))).toString("utf8");
  expect(csv).toContain("quarantine.release");
  expect(csv).toContain("known to us");
  expect(csv).not.toMatch(/(?:^|,|\n)"?[=+@]/);
  // oxlint-disable-next-line no-control-regex -- terminal escapes are what must not be there
  expect(csv).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f]/);
});

async function newRule(ruleset: string, name: string): Promise<Locator> {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByRole("link", { name: `Add rule to ${ruleset} of Mail in` }).click();
  const editor = page.getByRole("dialog", { name: "Add rule" });
  await editor.getByLabel("Name").fill(name);
  return editor;
}

async function save(editor: Locator): Promise<void> {
  await editor.getByRole("button", { name: "Save to draft" }).click();
  await expect(editor).toBeHidden();
}

async function expectHarmless(): Promise<void> {
  expect(await page.evaluate(() => "stolen" in window)).toBe(false);
  expect(await page.locator("script").filter({ hasText: "stolen=1" }).count()).toBe(0);
  // oxlint-disable-next-line no-control-regex -- terminal escapes are what must not be there
  expect(await page.locator("body").innerText()).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f]/);
}

function send(message: Buffer, from = "mallory@outside.test"): Promise<string> {
  return sendToBob(product.ports, folder, message, from);
}

async function download(link: Locator): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFileSync(await file.path());
}
