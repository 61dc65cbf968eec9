import { expect, type Page, test } from "@playwright/test";
import { lookAt } from "../support/looked-at.ts";
import { swaks } from "../support/mail-programs.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

const program = [
  "From: Ann <ann@sender.test>",
  "Subject: the game",
  "MIME-Version: 1.0",
  'Content-Type: application/octet-stream; name="plan.docm"',
  'Content-Disposition: attachment; filename="plan.docm"',
  "",
  "TVqQ",
  "",
].join("\n");

async function fillEnvelope(sender: string, recipient: string): Promise<void> {
  await page.goto(`${product.consoleUrl}/simulator`);
  await page.getByLabel("Enters on the interface").selectOption("External");
  await page.getByLabel("Sender", { exact: true }).fill(sender);
  await page.getByLabel("Recipients").fill(recipient);
}

const outcome = () => page.locator("section", { has: page.getByRole("heading", { name: "What would become of it" }) });

test("a pasted message is tried against the draft: the rule that decides, what every rule saw, and what the client hears", async () => {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByLabel("State of rule macro documents").selectOption("on");
  await expect(page.getByText("1 unpublished change").first()).toBeVisible();
  await fillEnvelope("ann@sender.test", "bob@example.test");
  await page.getByLabel("Or its source").fill(program);
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("It is refused.");
  await expect(outcome()).toContainText(
    /Would change vs live:\s*allow\s*→\s*deny\s*\(r1 is live; there no rule stops it\)/,
  );
  await expect(outcome().getByRole("link", { name: "macro documents" })).toBeVisible();
  await expect(page.getByText(/^S: 55\d /)).toBeVisible();
  const row = page.getByRole("row", { name: /macro documents/ });
  await expect(row).toContainText("matches: deny");
  await expect(row).toContainText("plan.docm");
  await lookAt(page, "simulator");
  const messages = await page.goto(`${product.consoleUrl}/messages`);
  expect(messages?.status()).toBe(200);
  await expect(page.getByText("the game")).toHaveCount(0);
});

test("an .eml file that passes is said to pass, and the envelope alone is judged as far as it goes", async () => {
  await fillEnvelope("ann@sender.test", "bob@example.test");
  const buffer = Buffer.from("From: Ann <ann@sender.test>\r\nSubject: hello\r\n\r\nHello.\r\n");
  await page.getByLabel("A file (.eml)").setInputFiles({ name: "hello.eml", mimeType: "message/rfc822", buffer });
  await expect(page.getByText("hello.eml (55 bytes) is tried.")).toBeVisible();
  await page.getByLabel("Against").selectOption("live");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("It goes on to its server.");
  await expect(page.getByText(/as it came, with our Received line on top/)).toBeVisible();
  await page.getByLabel("None: the envelope alone").check();
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("no message was given");
});

test("a message that is fetched by POP3 is tried: what each command hears, the rule that decides, and what the client gets", async () => {
  await page.goto(`${product.consoleUrl}/simulator`);
  await page.getByLabel("A client speaks").selectOption("POP3: it fetches a message");
  await page.getByLabel("Enters on the interface").selectOption("Trusted");
  await page.getByLabel("Logs in as").fill("bob@example.test");
  await page.getByLabel("DELE: delete each").check();
  await page.getByLabel("Or its source").fill(program);
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("It is delivered.");
  await expect(outcome().getByRole("link", { name: "macro documents" })).toBeVisible();
  await expect(page.getByText("C: RETR 1")).toBeVisible();
  await expect(page.getByText("C: DELE 1")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What the client gets" })).toBeVisible();
  await expect(page.getByText(/^The mailbox servers: they are taken to let everybody in/)).toBeVisible();
  await lookAt(page, "simulator of a mailbox");
  await page.getByLabel("None: the login and the commands alone").check();
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("no message was given");
  await expect(page.getByText("C: RETR 1")).toHaveCount(0);
});

test("a file that is too large is refused before it is sent", async () => {
  await fillEnvelope("ann@sender.test", "bob@example.test");
  const buffer = Buffer.alloc(7 * 1_048_576, "x");
  await page.getByLabel("A file (.eml)").setInputFiles({ name: "large.eml", mimeType: "message/rfc822", buffer });
  await expect(page.getByText(/^A message of up to 6 MiB can be tried; this one has 7 MiB\./)).toBeVisible();
});

test("a past message whose content is gone is tried again by its facts, or by its envelope alone", async () => {
  const server = `127.0.0.1:${product.ports.externalSmtp}`;
  await swaks(["--server", server, "--from", "bo@sender.test", "--to", "bob@example.test", "--h-Subject", "once more"]);
  await page.goto(`${product.consoleUrl}/messages`);
  await expect(page.getByRole("row", { name: /once more/ })).toBeVisible();
  await page.goto(`${product.consoleUrl}/simulator`);
  await page.getByText("From history…").click();
  await page.getByLabel("Subject, sender or id").fill("once more");
  await page.getByLabel("Subject, sender or id").press("Enter");
  await page.getByRole("button", { name: "Try once more" }).click();
  await page.waitForURL(/message=/);
  await expect(page.getByText("Its content is not kept any more: try it by its facts")).toBeVisible();
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("It is tried by what is kept of how it was judged");
  await expect(outcome()).toContainText("No rule decides.");
  await lookAt(page, "simulator by facts");
  await page.getByLabel("None: the envelope alone").check();
  await expect(page.getByLabel("Sender", { exact: true })).toHaveValue("bo@sender.test");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("no message was given");
});

test("what was tried is saved as a policy test, which refuses a publish under which it fares otherwise, unless somebody says why", async () => {
  await fillEnvelope("ann@sender.test", "bob@example.test");
  await page.getByLabel("Or its source").fill(program);
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(outcome()).toContainText("It is refused.");
  await page.getByLabel("Name", { exact: true }).fill("macro documents stay outside");
  await page.getByLabel("And decided by").selectOption("the rule “macro documents” (as now)");
  await page.getByRole("button", { name: "Save to draft" }).click();
  await expect(page.getByText("Policy test “macro documents stay outside” saved to the draft.")).toBeVisible();

  await page.getByRole("button", { name: "Delete macro documents stay outside" }).click();
  await expect(page.getByText("No policy tests yet")).toBeVisible();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).last().click();
  await expect(page.getByText("Undone.")).toBeVisible();
  await page.getByRole("button", { name: "Run it against the draft" }).click();
  await expect(page.getByText("It passes.")).toBeVisible();
  await lookAt(page, "policy tests");

  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByLabel("State of rule macro documents").selectOption("off");
  await expect(page.getByLabel("State of rule macro documents")).toHaveValue("off");
  await page.goto(`${product.consoleUrl}/changes`);
  await expect(page.getByText("state: observe → off")).toBeVisible();
  await page.getByRole("button", { name: "Run it against the draft" }).click();
  await expect(page.getByText("1 of 1 fails: publishing is refused.")).toBeVisible();
  await page.getByRole("button", { name: "Publish r2" }).click();
  await expect(page.getByText(/^Not published: 1 policy test fails\./)).toBeVisible();
  await lookAt(page, "publish refused by a test");
  await page.getByLabel("Publish though policy tests fail, because").fill("the partners agreed to it");
  await page.getByRole("button", { name: "Publish r2" }).click();
  await expect(page.getByText("r2 is live").first()).toBeVisible();
  await page.goto(`${product.consoleUrl}/revisions/2`);
  const reason = /“macro documents stay outside” failed: the partners agreed to it/;
  // By its role: while the page streams in, its text stands there twice, once hidden.
  await expect(page.getByRole("definition").filter({ hasText: reason })).toBeVisible();
});

test("what is changed of a policy test and not saved is there again after the tab ended, and two who change one are put together", async () => {
  await page.goto(`${product.consoleUrl}/policy-tests`);
  await page.getByRole("link", { name: "macro documents stay outside" }).click();
  await page.getByLabel("HELO name").fill("mail.sender.test");
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain("mail.sender.test");
  await page.reload();
  await expect(page.getByText(/You typed something here .* that was not saved/)).toBeVisible();
  await lookAt(page, "policy test kept");
  await page.getByRole("button", { name: "Go on with it" }).click();
  await expect(page.getByLabel("HELO name")).toHaveValue("mail.sender.test");

  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: "Throw it away" }).click();
  await other.getByRole("button", { name: "Try it", exact: true }).click();
  await other.getByLabel("Name", { exact: true }).fill("macro documents are refused");
  await other.getByRole("button", { name: "Save to draft" }).click();
  await expect(other.getByText("Policy test “macro documents are refused” saved to the draft.")).toBeVisible();
  await other.close();
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await page.getByRole("button", { name: "Save to draft" }).click();
  const merge = page.getByRole("dialog", { name: "Two of you changed this policy test" });
  await expect(merge.getByText("macro documents are refused Only the other changed it.")).toBeVisible();
  await lookAt(page, "policy tests merged");
  await merge.getByRole("button", { name: "Save both together" }).click();
  await expect(page.getByText("Policy test “macro documents are refused” saved to the draft.")).toBeVisible();
});

test("a rule is tried in its editor as it is typed: what it saw, and what would change against what is live; nothing of it is saved", async () => {
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page.getByRole("link", { name: "Add rule to attachment of Mail in" }).click();
  const editor = page.getByRole("dialog", { name: "Add rule" });
  await editor.getByRole("button", { name: "Test with a message" }).click();
  const trial = editor.getByRole("region", { name: "Test with a message" });
  await expect(trial.getByRole("heading", { name: "Test with a message" })).toBeFocused();
  await trial.getByRole("button", { name: "Try this rule" }).click();
  await expect(trial.getByText(/^Not tried: the rule is not complete/)).toBeVisible();
  await expect(editor.getByText("Give the rule a name.")).toBeVisible();

  await editor.getByLabel("Name", { exact: true }).fill("disk images");
  await editor.getByRole("button", { name: "Add condition" }).click();
  await editor.getByLabel("Test of condition 1").selectOption({ label: "is like (* and ?)" });
  await editor.getByLabel("Value of condition 1").fill("*.iso");
  await trial.getByLabel("Or its source").fill(`To: bob@example.test\n${program.replaceAll("plan.docm", "disk.iso")}`);
  await trial.getByLabel("HELO name").press("Enter");
  await expect(trial.getByText("This rule matches, and decides.")).toBeVisible();
  await expect(trial).toContainText(/Would change vs live:\s*allow\s*→\s*deny/);
  await expect(trial.getByLabel("Sender", { exact: true })).toHaveValue("ann@sender.test");
  await lookAt(page, "rule tried as typed");

  await editor.getByLabel("Value of condition 1").fill("*.vhd");
  await expect(trial.getByText("The rule is another one now.")).toBeVisible();
  await trial.getByRole("button", { name: "Try this rule" }).click();
  await expect(trial.getByText("This rule does not match, because:")).toBeVisible();
  await expect(trial).toContainText("disk.iso");
  await editor.getByRole("button", { name: "Close without saving" }).click();
  await expect(editor).toBeHidden();
  await expect(page.getByRole("link", { name: "disk images" })).toHaveCount(0);
});

test("what cannot be tried is said in words", async () => {
  await fillEnvelope("ann@sender.test", "");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(page.getByText("Not tried: some fields need another look.")).toBeVisible();
  await expect(page.getByText("Name at least 1.")).toBeVisible();
  await page.getByLabel("Recipients").fill(Array.from({ length: 101 }, (_, n) => `u${n}@example.test`).join("\n"));
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(page.getByText("At most 100.")).toBeVisible();
  await page.getByLabel("Recipients").fill("bob@example.test");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(page.getByText(/^There is no message: it is empty\./)).toBeVisible();
});
