import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { lookAt } from "../support/looked-at.ts";
import { sendToBob } from "../support/mail-programs.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;
const folder = mkdtempSync(join(tmpdir(), "postern-replay-"));

useProduct((started) => {
  ({ product, page } = started);
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function send(kind: Parameters<typeof sampleMessage>[0], subject: string): Promise<void> {
  const from = "mallory@outside.test";
  const message = sampleMessage(kind, from, "bob@example.test", subject);
  expect(await sendToBob(product.ports, folder, message, from)).toMatch(/^<-\s+250 .*/m);
}

/** Adds a rule about attachments to the draft. */
async function addRule(name: string, [fact, does, value]: readonly [string, string, string]): Promise<void> {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByRole("link", { name: "Add rule to attachment of Mail in" }).click();
  const editor = page.getByRole("dialog", { name: "Add rule" });
  await editor.getByLabel("Name").fill(name);
  await editor.getByRole("button", { name: "Add condition" }).click();
  await editor.getByLabel("Fact of condition 1").selectOption({ label: fact });
  await editor.getByLabel("Test of condition 1").selectOption({ label: does });
  const field = editor.getByLabel("Value of condition 1");
  if (does === "is in list") await field.selectOption(value);
  else await field.fill(value);
  await editor.getByLabel("Action").selectOption("deny");
  await editor.getByRole("button", { name: "Save to draft" }).click();
  await expect(editor).toBeHidden();
}

test("the draft is replayed on what passed before: what would be refused, by which rule, with the message", async () => {
  await send("executable", "Invoice of May");
  await send("clean", "Lunch");
  await addRule("no programs", ["file name", "is in list", "executables"]);
  await page.goto(`${product.consoleUrl}/messages`);
  await expect(page.getByRole("row").filter({ hasText: "Lunch" })).toBeVisible();

  await page.goto(`${product.consoleUrl}/changes`);
  await page.getByLabel("Replay the draft on the messages of the last").selectOption("hour");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByText("Of 2 messages 1 gets another verdict.").first()).toBeVisible();
  const row = page.getByRole("table", { name: "Messages that get another verdict" }).getByRole("row").nth(1);
  await expect(row).toContainText('the rule "no programs"');
  await lookAt(page, "replay of the draft");
  const exported = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  expect(await readFile(await (await exported).path(), "utf8")).toContain("Invoice of May,allow,,deny,no programs");
});

test("a sample leads to what its rules saw, then and under the draft, and from there to the simulator and the message", async () => {
  const row = page.getByRole("table", { name: "Messages that get another verdict" }).getByRole("row").nth(1);
  await row.getByRole("link", { name: "Invoice of May" }).click();
  await expect(page.getByRole("heading", { name: "By the draft" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "As it was judged, by r1" })).toBeVisible();
  const decider = page.getByRole("row").filter({ hasText: "no programs" }).filter({ hasText: "matches: deny" });
  await expect(decider).toContainText("invoice.exe");
  await lookAt(page, "message of a replay");
  await page.getByRole("link", { name: "Message", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Decision trace" })).toBeVisible();
  await page.goBack();
  await page.getByRole("link", { name: "Try in the simulator" }).press("Enter");
  await page.getByLabel("None: the envelope alone").check();
  await expect(page.getByLabel("Sender", { exact: true })).toHaveValue("mallory@outside.test");
});

test("the count of a change leads to its messages", async () => {
  await page.goto(`${product.consoleUrl}/changes`);
  const row = page.getByRole("table", { name: "Messages that get another verdict" }).getByRole("row").nth(1);
  await row.getByRole("link", { name: "1", exact: true }).click();
  await expect(page.getByLabel("Replay")).toHaveValue(/^[0-9a-f-]{36}\.0$/);
  await expect(page.getByRole("row").filter({ hasText: "Invoice of May" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Lunch" })).toBeHidden();
});

test("what asks for a body is not answered: the page says so, and that the draft has changed", async () => {
  await addRule("no secrets", ["text", "is like (* and ?)", "*secret*"]);
  await page.goto(`${product.consoleUrl}/changes`);
  await expect(page.getByText("The draft has changed since: this is what it was.")).toBeVisible();
  await page.getByRole("button", { name: "Replay", exact: true }).press("Enter");
  const unsaid = page.getByRole("table", { name: "Messages of which nothing can be said" });
  await expect(unsaid.getByRole("link", { name: "no secrets" })).toBeVisible();
  await expect(unsaid).toContainText("it asks for the text");
  await expect(page.getByText("The draft has changed since: this is what it was.")).toBeHidden();
  await lookAt(page, "replay that cannot say");
  await page.getByRole("button", { name: "Publish r2" }).click();
  await expect(page.getByText("r2 is live; 1 of 1 workers took it.")).toBeVisible();
  await page.goto(`${product.consoleUrl}/revisions/2`);
  await expect(page.getByRole("heading", { name: "On past messages, before it was published" })).toBeVisible();
  await expect(page.getByText("Of 2 messages nothing can be said.")).toBeVisible();
  await lookAt(page, "revision with its replay");
  await page.goto(`${product.consoleUrl}/revisions/1`);
  await page.getByLabel("Replay r1 on the messages of the last").selectOption("hour");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByText("Of 2 messages none gets another verdict.")).toBeVisible();
});
