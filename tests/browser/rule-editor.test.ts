import { expect, type Locator, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { sendMessage } from "#demo/send-message.ts";
import { lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;
let editor: Locator;

useProduct((started) => {
  ({ product, page } = started);
});

test("a condition of nested groups is built, and saved with Ctrl+Enter", async () => {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByRole("link", { name: "Add rule to attachment of Mail in" }).click();
  editor = page.getByRole("dialog", { name: "Add rule" });
  await editor.getByLabel("Name").fill("odd files");
  await editor.getByRole("button", { name: "Add condition" }).click();
  await editor.getByLabel("Test of condition 1").selectOption({ label: "is like (* and ?)" });
  await editor.getByLabel("Value of condition 1").fill("*.iso");
  await editor.getByRole("button", { name: "Add group" }).click();
  await editor.getByLabel("Fact of condition 2.1").selectOption({ label: "sender domain" });
  await editor.getByLabel("Value of condition 2.1").fill("partner.test");
  await editor.getByRole("button", { name: "Add group to group 2" }).click();
  await editor.getByLabel("How many of the conditions of group 2.2 must hold").selectOption("none");
  await editor.getByLabel("Test of condition 2.2.1").selectOption({ label: "matches pattern (RE2)" });
  await editor.getByLabel("Value of condition 2.2.1").fill("^report");
  await expect(editor.getByRole("button", { name: "Add group to group 2.2" })).toBeHidden();
  await expect(
    editor.getByText(
      "If file name is like *.iso and (sender domain is partner.test or none of (file name matches /^report/)), deny.",
    ),
  ).toBeVisible();
  await editor.getByLabel("Name").press("Control+Enter");
  await expect(editor).toBeHidden();
});

test("comments of the YAML stay over an edit in the builder, a save and a new start of the page", async () => {
  await page.getByRole("link", { name: "odd files" }).first().click();
  editor = page.getByRole("dialog", { name: "Edit rule" });
  await editor.getByRole("button", { name: "Edit as YAML" }).click();
  const yaml = editor.getByLabel("Condition as YAML");
  const text = await yaml.inputValue();
  await yaml.fill(`# Images of disks, asked for by Mara\n${text.replace('*.iso"', '*.iso" # mounted by a click')}`);
  await editor.getByRole("button", { name: "Edit in the builder" }).click();
  await editor.getByLabel("Value of condition 2.1").fill("supplier.test");
  await editor.getByLabel("How many of the conditions of group 2 must hold").selectOption("all");
  await editor.getByRole("button", { name: "Save to draft" }).click();
  await expect(editor).toBeHidden();
  await page.reload();
  await page.getByRole("link", { name: "odd files" }).first().click();
  await editor.getByRole("button", { name: "Edit as YAML" }).click();
  await expect(yaml).toHaveValue(
    /^# Images of disks, asked for by Mara\n[^]*"\*\.iso" # mounted by a click\n[^]*supplier\.test/,
  );
  await lookAt(page, "rule editor yaml");
  const address = page.url();
  await page.goto(`${product.consoleUrl}/policies/document`);
  await expect(page.getByText(/# mounted by a click/).first()).toBeVisible();
  await page.goto(address);
});

test("a pattern of another dialect is explained while it is typed, and a text shows where one matches", async () => {
  const value = editor.getByLabel("Value of condition 2.2.1");
  await value.fill("^(?!ok)");
  const problem = editor.getByText(/negative look-ahead \(\?!…\), at character 2, is not part of RE2/);
  await expect(problem).toBeVisible();
  await expect(value).toHaveAttribute("aria-describedby", (await problem.getAttribute("id")) ?? "");
  await value.fill("r[ea]port");
  await expect(problem).toBeHidden();
  await editor.getByLabel("Try the pattern of condition 2.2.1").fill("Q3 Report, raport.pdf\nother.pdf");
  await expect(editor.locator("mark")).toHaveText(["Report", "raport"]);
  await expect(editor.getByText("at 4–9, 12–17")).toBeVisible();
  await expect(editor.getByText("No match")).toBeVisible();
  await lookAt(page, "rule editor builder");
});

test("messages of the last day that the rule matches are found, before it is saved", async () => {
  const message = sampleMessage("executable", "carol@outside.test", "bob@example.test", "A report to run");
  const to = {
    host: "127.0.0.1",
    port: product.ports.externalSmtp,
    from: "carol@outside.test",
    to: "bob@example.test",
  };
  await sendMessage({ ...to, message });
  await editor.getByRole("button", { name: "Remove group 2", exact: true }).click();
  await editor.getByLabel("Value of condition 1").fill("*.exe");
  const matches = editor.getByRole("region", { name: "Messages that match" });
  await expect(async () => {
    await matches.getByRole("button", { name: "Look for them" }).click();
    await expect(matches.getByRole("link", { name: "A report to run" })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(matches.getByText("1 of 1 messages match, whatever the rules above make of them.")).toBeVisible();
  await lookAt(page, "rule editor samples");
});

test("the editor tells who changed the rule and how", async () => {
  const history = editor.getByRole("region", { name: "History of this rule" });
  await expect(history.getByRole("listitem").first()).toContainText("Edited by Ada Admin");
  await expect(history).toContainText("the comments in the condition");
  await expect(history).toContainText("Added by Ada Admin");
});
