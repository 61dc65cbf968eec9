import { expect, type Page, test } from "@playwright/test";
import { fetchMessages } from "#demo/fetch-messages.ts";
import { demoPassword } from "#demo/mail-server.ts";
import { sampleMessage } from "#demo/samples.ts";
import { everyView, expectAccessible, lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

test("who is connected is listed while it is, and ended from there: the client hears why", async () => {
  const client = await SmtpClient.connect(product.ports.externalSmtp);
  await client.command("EHLO stranger.test");
  await page.goto(`${product.consoleUrl}/connections`);
  const row = page.getByRole("table", { name: /run now/ }).getByRole("row", { name: /EHLO stranger\.test/ });
  await expect(row).toBeVisible();
  await lookAt(page, "running connection", everyView);
  await row.getByRole("button", { name: /^End the connection/ }).press("Enter");
  await expect(page.getByRole("dialog")).toContainText("The client hears 421");
  await expectAccessible(page, "end a connection");
  await page.getByRole("button", { name: "End the connection", exact: true }).click();
  expect(await client.reply()).toMatch(/^421 4\.3\.2 Session ended by the administrator/);
  client.close();
  await expect(row).toBeHidden();
});

test("it stands among the finished ones, with what was said, and in the audit log", async () => {
  await page.goto(`${product.consoleUrl}/connections?end=killed`);
  const row = page.getByRole("table", { name: /Finished/ }).getByRole("row", { name: /ended by a person/ });
  await row.getByRole("link").click();
  await expect(page.getByRole("heading", { name: /^Connection from/ })).toBeVisible();
  await expect(page.getByText("EHLO stranger.test")).toBeVisible();
  await expect(page.getByText(/421 4\.3\.2 Session ended/)).toBeVisible();
  await page.goto(`${product.consoleUrl}/audit`);
  await expect(page.getByText(/asked worker .* to end a session/)).toBeVisible();
});

test("a mailbox session tells what was retrieved, and its message leads back to it", async () => {
  const message = sampleMessage("clean", "carol@outside.test", "bob@example.test", "Fetched");
  product.mailboxes.deliver("bob@example.test", message);
  const fetching = { host: "127.0.0.1", port: product.ports.externalPop3, user: "bob@example.test" };
  await fetchMessages({ ...fetching, password: demoPassword, deleteAfter: false });
  await page.goto(`${product.consoleUrl}/connections?protocol=pop3&user=bob`);
  await page
    .getByRole("table", { name: /Finished/ })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByText("PASS …")).toBeVisible();
  await expect(page.getByText(/^1 message, /).first()).toBeVisible();
  await page
    .getByRole("table", { name: /Messages of this connection/ })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "Fetched" })).toBeVisible();
  await page.getByRole("link", { name: "all that the client did" }).click();
  await expect(page.getByRole("heading", { name: /^Connection from/ })).toBeVisible();
});
