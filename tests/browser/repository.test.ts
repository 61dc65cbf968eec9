import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#scripts/database/embedded-postgres.ts";
import { lookAt, tabTo } from "../support/looked-at.ts";
import { postern } from "../support/postern-command.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

const folder = mkdtempSync(join(tmpdir(), "postern-repository-"));
const file = join(folder, "policy.yaml");
let server: EmbeddedPostgres;
let product: RunningProduct;
let page: Page;
let token = "";

useProduct(
  (started) => {
    ({ product, page } = started);
  },
  async () => {
    server = await startEmbeddedPostgres(join(folder, "postgres"));
    return { databaseUrl: server.url };
  },
);

test.afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const policy = (...args: string[]) =>
  postern(["policy", ...args], { POSTERN_URL: product.consoleUrl, POSTERN_TOKEN: token });

/** Changes the document as somebody does in the repository. */
function change(from: string | RegExp, to: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
}

test("a token is made with the keyboard, shown once, and noted as used", async () => {
  await page.goto(`${product.consoleUrl}/api-tokens`);
  await lookAt(page, "no api tokens");
  await tabTo(page.getByRole("button", { name: "Make token" }));
  await page.keyboard.press("Enter");
  await page.keyboard.type("policy repository");
  for (const scope of ["policy:apply", "policy:publish"]) {
    await tabTo(page.getByRole("checkbox", { name: new RegExp(scope) }));
    await page.keyboard.press("Space");
  }
  await lookAt(page, "make api token");
  await page.keyboard.press("Enter");
  const shown = page.getByRole("textbox", { name: "Token" });
  token = await shown.inputValue();
  expect(token).toMatch(/^postern_/);
  await lookAt(page, "api token made");
  await page.getByRole("button", { name: "I have kept it" }).click();
  expect(await page.content()).not.toContain(token);
  expect(await policy("export", "--out", file)).toMatchObject({ status: 0, stderr: "" });
  await page.reload();
  const row = page.getByRole("row", { name: /policy repository.*policy:publish.*in use/ });
  await expect(row).toContainText("ago");
  await lookAt(page, "api tokens");
});

test("what the command line applies is seen in the browser at once, and what it publishes is a program's", async () => {
  await page.goto(`${product.consoleUrl}/changes`);
  change(/name: executables/g, "name: programs");
  const rules = ["--only", "rules:Mail fetch"];
  expect((await policy("apply", file, ...rules)).status).toBe(0);
  await expect(page.getByText(/rule "programs" of Mail fetch, attachment changed/)).toBeVisible();
  const published = await policy("apply", file, ...rules, "--publish", "--comment", "programs, not executables");
  expect(published).toMatchObject({ status: 0, stdout: expect.stringContaining("r2 is published.") });
  await page.goto(`${product.consoleUrl}/revisions?show=programs`);
  const row = page.getByRole("row", { name: /r2.*API token policy repository/ });
  await expect(row).toContainText("by a program");
  await expect(row).toContainText("programs, not executables");
  await lookAt(page, "revisions by programs");
  await row.getByRole("link", { name: "r2" }).click();
  await page.getByRole("link", { name: "Report" }).click();
  await expect(page.getByText("API token policy repository: Published")).toBeVisible();
  await lookAt(page, "revision report");
});

test("a revision goes to one worker first, everybody sees it, and it is given to all", async () => {
  await enrolAway();
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await page
    .getByLabel(/State of/)
    .first()
    .selectOption("observe");
  await expect(page.getByText(/1 unpublished change/).first()).toBeVisible();
  await page.goto(`${product.consoleUrl}/changes`);
  await page.getByLabel(/Give it to some workers first/).check();
  await page.getByRole("checkbox", { name: "away" }).uncheck();
  await page.getByRole("checkbox", { name: "local" }).check();
  await lookAt(page, "some workers first");
  await page.getByRole("button", { name: "Publish r3" }).click();
  await expect(page.getByText("r3 is at its first workers; 1 of 1 workers took it.")).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(`${product.consoleUrl}/queue`);
  const banner = other.getByRole("note").filter({ hasText: "r3 of Ada Admin is at local first; 1 worker keeps r2" });
  await expect(banner).toBeVisible();
  await expect(page.getByRole("row", { name: /away.*not yet.*Not among the first/ })).toBeVisible();
  await expect(page.getByText("r3 is at its first workers. The draft has no changes.")).toBeVisible();
  await lookAt(page, "at its first workers");
  await banner.getByRole("button", { name: "Give r3 to all workers" }).click();
  await expect(banner).toBeHidden();
  await expect(page.getByRole("row", { name: /away.*not applied/ })).toBeVisible();
  await other.close();
});

/** A worker that nobody hears. */
async function enrolAway(): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`INSERT INTO "Worker" ("id", "name", "controlUrl", "controlTokenSealed", "reportTokenHash")
    VALUES ('away', 'away', 'http://127.0.0.1:9', 'v1.AAAA', 'none')`);
  await client.end();
}

test("a part of the document is shown, downloaded and imported alone", async () => {
  await page.goto(`${product.consoleUrl}/policies/document`);
  await page.getByText("Only parts of it…").click();
  await page.getByRole("group", { name: "Rules of" }).getByLabel("Mail fetch").check();
  await lookAt(page, "parts of the document");
  await page.getByRole("button", { name: "Show these parts" }).click();
  await page.waitForURL(/only=/);
  const text = page.getByLabel("Policy document (YAML)");
  await expect(text).toHaveValue(/name: programs/);
  const part = await text.inputValue();
  expect(part).not.toContain("routes:\n  -");
  const edited = part.replaceAll("name: programs", "name: executables");
  // The field may still be taking its parts when it is filled in.
  await expect(async () => {
    await text.fill(edited);
    await expect(text).toHaveValue(edited, { timeout: 500 });
  }).toPass();
  await page.getByRole("button", { name: "Import these parts into the draft" }).click();
  await page.getByRole("button", { name: "Replace these parts of the draft" }).click();
  await expect(page.getByText(/rule "executables" of Mail fetch, attachment changed/)).toBeVisible();
});

test("a policy that is kept in a repository is only shown: pages say where it is, and the command line changes it", async () => {
  await page.goto(`${product.consoleUrl}/policies/document`);
  await page.getByLabel("Repository").fill("git.example.org/mail/policy");
  await page.getByRole("button", { name: "Keep it in the repository" }).click();
  await expect(page.getByText("The policy is kept in git.example.org/mail/policy, policy.yaml")).toBeVisible();
  await expect(page.getByRole("button", { name: "Import into the draft" })).toBeDisabled();
  await lookAt(page, "document kept in a repository");
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  await expect(page.getByLabel(/State of/).first()).toBeDisabled();
  await expect(page.getByRole("link", { name: /^Add/ })).toHaveCount(0);
  await lookAt(page, "policies kept in a repository");
  await page.goto(`${product.consoleUrl}/interfaces`);
  await page.getByRole("link", { name: "External" }).first().click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText("The policy is kept in git.example.org/mail/policy")).toBeVisible();
  await expect(drawer.getByLabel("Name")).toBeDisabled();
  await expect(drawer.getByRole("button", { name: "Save to draft" })).toBeHidden();
  await lookAt(page, "interface kept in a repository");
  await policy("export", "--out", file);
  // One of the two workers is away.
  expect(await policy("apply", file, "--publish")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("r4 is published."),
  });
  await page.goto(`${product.consoleUrl}/policies/document`);
  await page.getByRole("button", { name: "Keep it in this console again" }).click();
  await expect(page.getByRole("button", { name: "Import into the draft" })).toBeEnabled();
});
