import { expect, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { sendMessage } from "#demo/send-message.ts";
import { everyView, lookAt, tabTo } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;
let externalId = "";

useProduct(async (started) => {
  ({ product, page } = started);
  await send("First");
});

function send(subject: string) {
  const from = "carol@outside.test";
  const message = sampleMessage("clean", from, "bob@example.test", subject);
  return sendMessage({ host: "127.0.0.1", port: product.ports.externalSmtp, from, to: "bob@example.test", message });
}

const at = (path: string) => page.goto(`${product.consoleUrl}${path}`);
const chips = () => page.getByRole("navigation", { name: "Interface shown" });
const chip = (name: string) => chips().getByRole("link", { name, exact: true });
const menu = (name: string) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });
const message = (subject: string) =>
  page.getByRole("row").filter({ has: page.getByRole("cell", { name: subject, exact: true }) });
const asked = () => new URL(page.url()).searchParams;

test.beforeEach(() => page.setViewportSize({ width: 1440, height: 900 }));

test("a chip shows one interface, and its address says which; the search and its filters stay with it", async () => {
  await at("/messages?range=day");
  await expect(message("First")).toBeVisible();
  await tabTo(chip("Trusted"));
  await page.keyboard.press("Enter");
  await expect(chip("Trusted")).toHaveAttribute("aria-current", "true");
  await expect(page.getByRole("heading", { name: "No message matches these filters" })).toBeVisible();
  await chip("External").click();
  await expect(message("First")).toBeVisible();
  externalId = asked().get("interface") ?? "";
  expect(externalId).toMatch(/^[0-9a-f-]{36}$/);
  await page.getByLabel("Sender").fill("carol@");
  await page.getByLabel("Sender").press("Enter");
  await expect(page).toHaveURL(/sender=carol/);
  expect(Object.fromEntries(asked())).toMatchObject({ interface: externalId, range: "day", sender: "carol@" });
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(page).toHaveURL(`${product.consoleUrl}/messages?interface=${externalId}`);
});

test("the navigation keeps it from page to page, over pages that are not of one interface", async () => {
  for (const [name, path] of [
    ["Queue", "/queue"],
    ["Connections", "/connections"],
    ["Quarantine", "/quarantine"],
    ["Simulator", "/simulator"],
    ["Overview", "/"],
  ] as const) {
    await menu(name).click();
    await expect(page).toHaveURL(`${product.consoleUrl}${path}?interface=${externalId}`);
    await expect(chip("External")).toHaveAttribute("aria-current", "true");
  }
  await menu("API tokens").click();
  await expect(page).toHaveURL(`${product.consoleUrl}/api-tokens`);
  await expect(chips().getByText("External")).toBeVisible();
  await expect(chips().getByRole("link")).toHaveCount(0);
  await menu("Messages").click();
  await expect(page).toHaveURL(`${product.consoleUrl}/messages?interface=${externalId}`);
  await page.locator('a[href^="/policies"]').first().click();
  await expect(page).toHaveURL(`${product.consoleUrl}/policies?interface=${externalId}`);
  const tabs = page.getByRole("navigation", { name: "Interfaces" });
  await expect(tabs.getByRole("link", { name: /^External/ })).toHaveAttribute("aria-current", "page");
  await expect(chips()).toHaveCount(0);
});

test("what happens there comes into the page while it is open; what happens elsewhere does not", async () => {
  await at(`/messages?interface=${externalId}`);
  await send("Second");
  await expect(message("Second")).toBeVisible();
  await at("/messages");
  await chip("Trusted").click();
  await expect(page.getByRole("heading", { name: "No message at Trusted yet" })).toBeVisible();
  await send("Third");
  await at(`/messages?interface=${externalId}`);
  await expect(message("Third")).toBeVisible();
});

test("the simulator begins with it, and follows it", async () => {
  await at("/simulator?interface=Trusted");
  const field = page.getByLabel("Enters on the interface");
  await expect(field).toHaveValue("Trusted");
  await chip("External").click();
  await expect(field).toHaveValue("External");
});

test("is chosen from a list where there is little room", async () => {
  await page.setViewportSize({ width: 360, height: 900 });
  await at("/messages");
  await page.getByRole("combobox", { name: "Interface shown" }).selectOption("Trusted");
  await expect(page.getByRole("heading", { name: "No message at Trusted yet" })).toBeVisible();
  await at("/workers");
  await expect(page.getByRole("combobox", { name: "Interface shown" })).toBeDisabled();
});

test("an interface that is renamed keeps its addresses, with what was reported under its old name", async () => {
  await at(`/interfaces?edit=${externalId}`);
  await page.getByRole("dialog").getByLabel("Name").fill("WAN");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  for (const address of ["External", "WAN", externalId]) {
    await at(`/policies?interface=${address}`);
    const tabs = page.getByRole("navigation", { name: "Interfaces" });
    await expect(tabs.getByRole("link", { name: /^WAN/ })).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("heading", { name: "In", exact: true })).toBeVisible();
    await at(`/messages?interface=${address}`);
    await expect(chip("WAN")).toHaveAttribute("aria-current", "true");
    await expect(message("First")).toBeVisible();
  }
});

test("the address of an interface that was deleted says so in words", async () => {
  await at("/interfaces?new=1");
  await page.getByRole("dialog").getByLabel("Name").fill("Lab");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await at("/policies");
  const lab = page.getByRole("navigation", { name: "Interfaces" }).getByRole("link", { name: /^Lab/ });
  const kept = (await lab.getAttribute("href")) ?? "";
  await at("/interfaces");
  await page.getByRole("button", { name: "Commands for interface Lab" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete from the draft" }).click();
  await expect(page.getByRole("row", { name: /Lab/ })).toHaveCount(0);
  for (const address of [kept, kept.replace("/policies", "/messages"), "/queue?interface=Lab"]) {
    await at(address);
    await expect(page.getByRole("main").getByText(/The draft has no interface Lab/)).toBeVisible();
  }
  await lookAt(page, "deleted interface", everyView);
  await page.getByRole("link", { name: "Show every interface" }).click();
  await expect(page).toHaveURL(`${product.consoleUrl}/queue`);
});

test("the pages at an interface in both themes and on a phone: no accessibility violation, nothing wider than the window", async () => {
  test.setTimeout(240_000);
  await product.stopMailServer();
  await send("Waits");
  for (const name of ["", "messages", "connections", "queue", "quarantine", "policies", "simulator", "audit"]) {
    await at(`/${name}?interface=${externalId}`);
    await lookAt(page, `scope ${name}`, everyView);
  }
});
