import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { sendToBob } from "../support/mail-programs.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;
/** Somebody else's browser. */
let other: Page;
const folder = mkdtempSync(join(tmpdir(), "postern-cycle-"));

useProduct(async (started) => {
  ({ product, page } = started);
  other = await started.openOther();
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const from = "mallory@outside.test";

function send(subject: string): Promise<string> {
  return sendToBob(product.ports, folder, sampleMessage("executable", from, "bob@example.test", subject), from);
}

test("mail with a program comes in, and a rule against it is drafted; another browser sees that at once", async () => {
  expect(await send("May")).toMatch(/^<-\s+250 .*/m);
  await other.goto(`${product.consoleUrl}/changes`);
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByRole("link", { name: "Add rule to attachment of Mail in" }).click();
  const editor = page.getByRole("dialog", { name: "Add rule" });
  await editor.getByLabel("Name").fill("no programs");
  await editor.getByRole("button", { name: "Add condition" }).click();
  await editor.getByLabel("Fact of condition 1").selectOption({ label: "file name" });
  await editor.getByLabel("Test of condition 1").selectOption({ label: "is in list" });
  await editor.getByLabel("Value of condition 1").selectOption("executables");
  await editor.getByLabel("Action").selectOption("deny");
  await editor.getByRole("button", { name: "Save to draft" }).click();
  await expect(editor).toBeHidden();
  await expect(other.getByText(/rule "no programs"/).first()).toBeVisible();
});

test("it is explained: the past message is tried against the draft, and kept as a policy test", async () => {
  await page.goto(`${product.consoleUrl}/simulator`);
  await page.getByLabel("Enters on the interface").selectOption("External");
  await page.getByLabel("Sender", { exact: true }).fill(from);
  await page.getByLabel("Recipients").fill("bob@example.test");
  const buffer = sampleMessage("executable", from, "bob@example.test", "June");
  await page.getByLabel("A file (.eml)").setInputFiles({ name: "june.eml", mimeType: "message/rfc822", buffer });
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByText("It is refused.")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("programs stay outside");
  await page.getByLabel("And decided by").selectOption("the rule “no programs” (as now)");
  await page.getByRole("button", { name: "Save to draft" }).click();
  await expect(page.getByText("Policy test “programs stay outside” saved to the draft.")).toBeVisible();
});

test("it is replayed on what came before", async () => {
  await page.goto(`${product.consoleUrl}/changes`);
  await page.getByLabel("Replay the draft on the messages of the last").selectOption("hour");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByText("Of 1 message 1 gets another verdict.").first()).toBeVisible();
});

test("it is published on trial, mail is refused by it, and the console may be killed meanwhile", async () => {
  await page.getByLabel(/Go back to r1 by itself/).check();
  await page.getByRole("button", { name: "Publish r2" }).click();
  await expect(page.getByText("r2 is live; 1 of 1 workers took it.")).toBeVisible();
  expect(await send("June")).toMatch(/^<\*\* 5\d\d .*/m);
  await product.killConsole();
});

test("somebody else keeps it, and takes it back another day: all is as it was before", async () => {
  await other.goto(`${product.consoleUrl}/revisions`);
  await other.getByRole("button", { name: "Keep r2" }).click();
  await expect(other.getByRole("button", { name: "Keep r2" })).toBeHidden();
  await other.goto(`${product.consoleUrl}/revisions/1`);
  await other.getByRole("button", { name: "Roll back to r1" }).click();
  await other.getByRole("button", { name: "Publish r3, equal to r1" }).click();
  await expect(other.getByText(/r3 is live/).first()).toBeVisible();
  expect(await send("July")).toMatch(/^<-\s+250 .*/m);
  await page.goto(`${product.consoleUrl}/audit`);
  for (const action of ["rule.add", "test.add", "revision.publish", "revision.keep", "revision.roll-back"])
    await expect(page.getByRole("table").getByText(action).first()).toBeVisible();
});
