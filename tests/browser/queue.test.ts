import { expect, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { everyView, lookAt, takePicture } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import { useProduct } from "../support/use-product.ts";

const mailbox = "bob@example.test";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

const row = (subject: string) =>
  page.getByRole("table", { name: "Queued messages", exact: true }).getByRole("row").filter({ hasText: subject });

test("when the server behind stops, the page shows what is spooled, for whom and why, without a reload", async () => {
  await send("Delivered at once");
  await page.goto(`${product.consoleUrl}/queue`);
  await expect(page.getByText("Live", { exact: false }).first()).toBeVisible();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await product.stopMailServer();
  for (const subject of ["Waits first", "Waits second", "Waits third"]) await send(subject);
  await expect(row("Waits")).toHaveCount(3);
  await expect(page.getByRole("list", { name: "Routes now" })).toContainText(/down.*spooling 3/s);
  const why = page.getByRole("list", { name: "Why mail waits" });
  await expect(why).toContainText("3 messages, oldest");
  await expect(page.getByRole("table", { name: /by destination and age/ })).toContainText("3");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("the charts tell how much waits and what came, over an hour, a day or a week, and by route", async () => {
  const past = page.locator("section").filter({ has: page.getByRole("heading", { name: "Over time" }) });
  await expect(past.getByRole("img", { name: "Waiting: at most 3" })).toBeVisible();
  await expect(past.getByRole("img", { name: /^Arrivals: 3 in all/ })).toBeVisible();
  await past.getByRole("link", { name: "Last 24 hours" }).click();
  await expect(past.getByRole("img", { name: /^Arrivals: 3 in all, bars of 20 minutes/ })).toBeVisible();
  await past.getByRole("link", { name: "Last hour" }).click();
  await past.getByLabel("Route of the charts").selectOption("outside");
  await expect(past.getByText("Nothing was queued in this time.")).toBeVisible();
  await past.getByLabel("Route of the charts").selectOption("inside");
  await expect(past.getByRole("img", { name: /^Arrivals: 3 in all/ })).toBeVisible();
  await past.getByText("Show as a table").click();
  await expect(past.getByRole("table", { name: "The queue over time" }).getByRole("row").nth(1)).toContainText("3");
  await past.getByText("Show as a table").click();
});

test("a route that is down is asked by a button beside it, and what it said is told", async () => {
  await page.getByRole("list", { name: "Routes now" }).getByRole("button", { name: "Probe inside now" }).click();
  await expect(page.getByText(/inside: .*(ECONNREFUSED|cannot be reached|refused)/).first()).toBeVisible();
});

test("j and k and the arrows go from message to message, x selects, o opens, and in what is open j and k go on", async () => {
  await page.locator("body").press("j");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("x");
  await expect(page.getByText("1 selected")).toBeVisible();
  await expect(row("Waits second").getByRole("checkbox")).toBeChecked();
  await page.keyboard.press("k");
  await page.keyboard.press("o");
  await expect(page.getByRole("dialog")).toContainText("Waits first");
  await page.keyboard.press("j");
  await expect(page.getByRole("dialog")).toContainText("Waits second");
  await expect(page.getByRole("dialog").getByRole("status").filter({ hasText: "2 of 3 on this page" })).toBeVisible();
  await page.getByRole("button", { name: "Previous" }).press("Enter");
  await expect(page.getByRole("dialog")).toContainText("Waits first");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await row("Waits second").getByRole("checkbox").uncheck();
});

test("the commands have keys: h holds what is selected, r releases it, and m asks by which route it is to go", async () => {
  await row("Waits third").getByRole("checkbox").press("Space");
  await page.keyboard.press("h");
  await expect(row("Waits third")).toContainText("held");
  await row("Waits third").getByRole("checkbox").press("Space");
  await page.keyboard.press("r");
  await expect(row("Waits third")).not.toContainText("held");
  await row("Waits third").getByRole("checkbox").press("Space");
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: "Send 1 message by another route" });
  await expect(dialog.getByLabel("Route")).toBeVisible();
  // Not while the dialog asks.
  await page.keyboard.press("h");
  await lookAt(page, "queue reroute");
  await dialog.getByLabel("Route").selectOption("outside");
  await dialog.getByRole("button", { name: "Send 1 message on" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(row("Waits third").getByRole("cell", { name: "outside", exact: true })).toBeVisible();
  await row("Waits third").getByRole("checkbox").press("Space");
  await page.keyboard.press("m");
  await dialog.getByLabel("Route").selectOption("inside");
  await dialog.getByRole("button", { name: "Send 1 message on" }).press("Enter");
  await expect(row("Waits third").getByRole("cell", { name: "inside", exact: true })).toBeVisible();
  await expect(row("Waits third")).not.toContainText("held");
});

test("it is accessible, and fits a phone, in the light and in the dark", async () => {
  await lookAt(page, "queue", everyView);
});

test("a selection made with the keyboard, Shift for a range, stays while the page follows the worker", async () => {
  await row("Waits first").getByRole("checkbox").press("Space");
  await row("Waits third").getByRole("checkbox").press("Shift+Space");
  await expect(page.getByText("3 selected")).toBeVisible();
  await send("Waits fourth");
  await expect(row("Waits")).toHaveCount(4);
  await expect(page.getByText("3 selected")).toBeVisible();
});

test("all that wait for one reason are held by one button, as a job that tells what it came to", async () => {
  await page.getByRole("list", { name: "Why mail waits" }).getByRole("button", { name: "Hold" }).first().press("Enter");
  await expect(page.getByText(/Put on hold 4 of 4 for Ada Admin/)).toBeVisible();
  await expect(row("held")).toHaveCount(4);
});

test("a message opens with its facts, its recipients and what was tried, and is released from there", async () => {
  await row("Waits first").getByRole("link", { name: "Waits first" }).press("Enter");
  const drawer = page.getByRole("dialog");
  await expect(drawer).toContainText(`${mailbox} waits`);
  await expect(drawer).toContainText("Delivery attempt 1");
  await drawer.getByRole("button", { name: "Show the headers" }).press("Enter");
  await expect(drawer.getByRole("list", { name: "Headers" })).toContainText("Subject: Waits first");
  await drawer.getByText("Why it was let in").press("Enter");
  await expect(drawer.getByRole("table", { name: /Rules in the order/ })).toContainText(/no rule decided|matched/);
  await lookAt(page, "queue message");
  await drawer.getByRole("button", { name: "Release 1" }).press("Enter");
  await expect(drawer).not.toContainText("held");
  await drawer.press("Escape");
  await expect(drawer).toBeHidden();
});

test("in a long list the headings stay in sight; the place in it stays while mail comes, and the charts follow", async () => {
  for (let n = 1; n <= 60; n++) await send(`Waits ${n} of many`);
  await expect(row("of many")).toHaveCount(60);
  const far = row("Waits 50 of many");
  await far.getByRole("checkbox").focus();
  await expect(page.getByRole("columnheader", { name: "Last reply" })).toBeInViewport();
  const place = await far.boundingBox();
  await send("Waits last of many");
  await expect(row("of many")).toHaveCount(61);
  await expect(page.getByRole("img", { name: "Waiting: at most 65" })).toHaveCount(1);
  expect(await far.boundingBox()).toEqual(place);
  await expect(far.getByRole("checkbox")).toBeFocused();
});

test("nothing is cut off between a phone's width and a screen's", async () => {
  for (const width of [640, 768, 1024, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await takePicture(page, `queue-list-${width}`);
    const cut = await page.locator("main").evaluate((main) => main.scrollWidth - main.clientWidth);
    expect(cut, `at ${width}`).toBeLessThanOrEqual(0);
  }
});

test("when the server is back the queue drains on the page, without a reload", async () => {
  await page.getByLabel("Select all on this page").check();
  await page.getByRole("button", { name: /^Release \d/ }).click();
  await product.startMailServer();
  await expect(page.getByText("The queue is empty")).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("list", { name: "Routes now" })).toContainText("relaying");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("what people had a worker do is on its page, live: a probe with what came of it, a drain and its end", async () => {
  await page.goto(`${product.consoleUrl}/workers`);
  const last = page.getByRole("list", { name: /^Last commands of / }).getByRole("listitem");
  await expect(last.filter({ hasText: /probed inside \(.*refused/i })).toHaveCount(1);
  await page.getByRole("button", { name: "Drain" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Drain it" }).click();
  await expect(last.first()).toContainText("drained the worker");
  await page.getByRole("button", { name: "End the drain" }).click();
  await expect(last.first()).toContainText("ended the drain");
  await lookAt(page, "workers commands");
});

async function send(subject: string): Promise<void> {
  const client = await SmtpClient.connect(product.ports.externalSmtp);
  await client.command("EHLO outside.test");
  await client.command("MAIL FROM:<dora@outside.test>");
  await client.command(`RCPT TO:<${mailbox}>`);
  await client.command("DATA");
  const message = sampleMessage("clean", "dora@outside.test", mailbox, subject);
  expect(await client.command(`${message.toString("latin1")}\r\n.`)).toMatch(/^250 /);
  client.close();
}
