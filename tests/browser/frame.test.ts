import { expect, type Page, test } from "@playwright/test";
import { lookAt, tabTo } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct(async (started) => {
  ({ product, page } = started);
  // A zone with summer time, which is not that of the console.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setTimezoneOverride", { timezoneId: "Europe/Berlin" });
});

const phone = { width: 360, height: 740 };
const desk = { width: 1280, height: 900 };

test("the old address of the lists leads to the new one, with what it asks", async () => {
  await page.goto(`${product.consoleUrl}/policies/lists?q=exe`);
  expect(page.url()).toBe(`${product.consoleUrl}/lists?q=exe`);
  await expect(page.getByRole("heading", { name: "Lists", level: 1 })).toBeVisible();
});

test("a phone has four pages at the bottom and the others behind More, by keyboard too", async () => {
  await page.setViewportSize(phone);
  await page.goto(`${product.consoleUrl}/queue`);
  const bar = page.getByRole("navigation", { name: "Main" });
  await expect(bar.getByRole("link")).toHaveText(["Overview", "Queue", "Quarantine", "Rules"]);
  await expect(bar.getByRole("link", { name: "Queue" })).toHaveAttribute("aria-current", "page");
  for (const place of await bar.getByRole("link").or(bar.getByRole("button")).all())
    expect((await place.boundingBox())?.height).toBeGreaterThanOrEqual(56);

  const more = bar.getByRole("button", { name: "More" });
  await tabTo(more);
  await page.keyboard.press("Enter");
  const others = page.getByRole("dialog", { name: "More pages" });
  await expect(others.getByRole("link", { name: "Queue" })).toHaveCount(0);
  await lookAt(page, "more pages");
  await page.setViewportSize(phone);
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();

  await page.keyboard.press("Enter");
  await tabTo(others.getByRole("link", { name: "Lists" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Lists", level: 1 })).toBeVisible();
  await expect(others).toBeHidden();
  await expect(more).toHaveAttribute("aria-current", "true");
});

test("nothing lies under the bar: the end of a page and the bar of unsaved settings stand above it", async () => {
  await page.goto(`${product.consoleUrl}/proxy-actions`);
  await page.getByRole("link", { name: "Mail in", exact: true }).click();
  const setting = page.getByRole("textbox", { name: "Greeting", exact: true });
  await setting.fill("ESMTP here");
  const bar = page.getByRole("navigation", { name: "Main" });
  const top = async () => (await bar.boundingBox())?.y ?? 0;
  const save = await page.getByRole("button", { name: "Save settings to draft" }).boundingBox();
  expect((save?.y ?? 0) + (save?.height ?? 0)).toBeLessThan(await top());

  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const last = await page.locator("#content > :last-child").last().boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(await top());
  await page.setViewportSize(desk);
});

test("Ctrl K finds a rule by its name and goes there, by keyboard alone; Escape gives the focus back", async () => {
  await page.goto(`${product.consoleUrl}/queue`);
  const button = page.getByRole("button", { name: "Search", exact: true });
  await button.focus();
  await page.keyboard.press("Control+K");
  const dialog = page.getByRole("dialog", { name: "Search" });
  const field = dialog.getByRole("combobox", { name: "Search" });
  await expect(field).toBeFocused();
  await lookAt(page, "finder");
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();

  await page.keyboard.press("Meta+K");
  await page.keyboard.type("our domain");
  const rule = dialog.getByRole("group", { name: "Rules" }).getByRole("option").first();
  await expect(rule).toContainText("our domain from outside");
  await expect(dialog.getByRole("status")).toHaveText(/\d+ found\./);
  const active = async () => (await dialog.locator("[aria-selected=true]").getAttribute("id")) ?? "";
  await expect(field).toHaveAttribute("aria-activedescendant", await active());
  const first = await active();
  await page.keyboard.press("ArrowUp");
  await expect(dialog.getByRole("option", { selected: true })).toHaveText(/^In rules/);
  await page.keyboard.press("ArrowDown");
  expect(await active()).toBe(first);
  await expect(rule).toHaveAttribute("aria-selected", "true");
  await lookAt(page, "finder with a rule");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/policies\?edit=[0-9a-f-]{36}$/);
  await expect(page.getByRole("dialog", { name: "Edit rule" }).getByLabel("Name", { exact: true })).toHaveValue(
    "our domain from outside",
  );
  await page.keyboard.press("Escape");
});

test("what nobody is called is said, and leads on to the searches of the pages", async () => {
  await page.goto(`${product.consoleUrl}/queue`);
  await page.keyboard.press("Control+K");
  await page.keyboard.type("nobody.example");
  const dialog = page.getByRole("dialog", { name: "Search" });
  await expect(dialog.getByRole("status")).toContainText("Nothing is called “nobody.example”");
  await lookAt(page, "finder without a find");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/messages\?text=nobody\.example$/);
});

test("a revision is found by its number, a command by its words", async () => {
  await page.keyboard.press("Control+K");
  await page.keyboard.type("r1");
  const dialog = page.getByRole("dialog", { name: "Search" });
  await expect(dialog.getByRole("group", { name: "Revisions" }).getByRole("option")).toHaveText(/^r1/);
  await dialog.getByRole("combobox").fill("simulate");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Simulator", level: 1 })).toBeVisible();
});

test("Local shows every time by the browser's clocks, named, also as the page comes from the console; UTC is as before", async () => {
  await page.context().addCookies([{ name: "postern-zone", value: "", url: product.consoleUrl }]);
  const errors: string[] = [];
  const note = (message: { type(): string; text(): string }) =>
    message.type() === "error" && errors.push(message.text());
  page.on("console", note);
  await page.goto(`${product.consoleUrl}/audit`);
  const first = page.locator("tbody time").first();
  await expect(first).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  const switchZone = page.getByRole("group", { name: "Times in" });
  await expect(switchZone.getByRole("button", { name: "UTC" })).toHaveAttribute("aria-pressed", "true");
  await tabTo(switchZone.getByRole("button", { name: "Local" }));
  await page.keyboard.press("Enter");
  await expect(first).toHaveText(/ UTC\+0[12]:00$/);
  await expect(page.getByLabel("From (Europe/Berlin)")).toBeVisible();
  await lookAt(page, "local times");
  await page.reload();
  await expect(first).toHaveText(/ UTC\+0[12]:00$/);
  expect(errors).toEqual([]);

  const markup = await (await page.request.get(`${product.consoleUrl}/audit`)).text();
  expect(markup).toMatch(/ UTC\+0[12]:00</);
  page.off("console", note);
});

test("a day that is searched for keeps its zone in the address, whatever the reader chose", async () => {
  await page.getByLabel("From (Europe/Berlin)").fill("2026-03-29");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/zone=Europe%2FBerlin/);
  await page.getByRole("group", { name: "Times in" }).getByRole("button", { name: "UTC" }).click();
  await expect(page.getByText(/\d UTC$/).first()).toBeVisible();
  await expect(page.getByLabel("From (Europe/Berlin)")).toHaveValue("2026-03-29");
  await page.goto(`${product.consoleUrl}/audit`);
  await expect(page.getByLabel("From (UTC)")).toBeVisible();
});

test("a drawer is made wider by keys and pointer and stays so; on a phone it is the whole page", async () => {
  await page.goto(`${product.consoleUrl}/lists?new=1`);
  const drawer = page.getByRole("dialog", { name: "Add list" });
  const edge = drawer.getByRole("separator", { name: "Width of the drawer" });
  const widthOf = async () => (await drawer.boundingBox())?.width;
  await expect(edge).toHaveAttribute("aria-valuenow", "520");
  expect(await widthOf()).toBe(520);
  await edge.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await widthOf()).toBe(540);
  await page.keyboard.press("End");
  expect(await widthOf()).toBe(1280 - 160);
  await page.keyboard.press("Home");
  expect(await widthOf()).toBe(360);
  await page.mouse.move(1280 - 360 + 3, 400);
  await page.mouse.down();
  await page.mouse.move(1280 - 700, 400, { steps: 4 });
  await page.mouse.up();
  expect(await widthOf()).toBe(700);
  await page.reload();
  await expect(edge).toHaveAttribute("aria-valuenow", "700");
  await lookAt(page, "wide drawer");
  await page.setViewportSize(phone);
  await expect(edge).toBeHidden();
  expect(await widthOf()).toBe(360);
  await page.setViewportSize(desk);
});
