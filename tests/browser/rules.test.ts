import { expect, type Locator, type Page, test } from "@playwright/test";
import { replaceDraft } from "../support/draft-in-browser.ts";
import { lookAt, tabTo } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

function policyDocument(rules: readonly object[]): string {
  // JSON is YAML.
  return JSON.stringify({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: product.ports.demoSmtp }] }],
    proxyActions: [
      { name: "Mail in", protocol: "smtp", direction: "incoming", rulesets: { recipient: { rules } } },
      { name: "Mail out", protocol: "smtp", direction: "outgoing" },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: product.ports.externalSmtp }],
        proxyAction: "Mail in",
      },
    ],
  });
}

async function importRules(rules: readonly object[]): Promise<void> {
  await replaceDraft(page, product.consoleUrl, policyDocument(rules));
  await page.goto(`${product.consoleUrl}/policies?interface=External`);
  // The page may be loaded before its parts that came last are in their places.
  await table("Recipient").waitFor();
}

function rule(name: string): object {
  return { name, when: { recipient: { is: `${name}@example.test` } }, action: "deny" };
}

function table(stage: string): Locator {
  return page.getByRole("table", { name: `${stage} rules of Mail in, in order` });
}

async function names(stage = "Recipient"): Promise<string[]> {
  return table(stage).locator("[data-rule] td[data-wide] a:first-child").allInnerTexts();
}

const box = (name: string) => page.getByRole("checkbox", { name: `Select rule ${name}`, exact: true });
/** Selects a rule, also while the page comes to life. */
async function choose(name: string): Promise<void> {
  await expect(async () => {
    await box(name).check();
    await expect(page.getByText(/rules selected/)).toBeVisible({ timeout: 500 });
  }).toPass();
}

/** What is said once the server has answered; before, only screen readers are told (`p`). */
const toast = (words: string | RegExp) => page.locator("div[role=status]").getByText(words).last();

test("rules are read in their order, with what the system does around them and the default at the end", async () => {
  await importRules(["a", "b", "c", "d", "e"].map(rule));
  expect(await names()).toEqual(["a", "b", "c", "d", "e"]);
  await expect(page.getByText("policy 1 of 1 at External")).toBeVisible();
  await page.getByText(/System, before recipient rules: \d checks/).click();
  await expect(page.getByText("More recipients of one message hear 452 and are sent again.")).toBeVisible();
  await page.getByRole("button", { name: "If recipient is b@example.test, deny." }).click();
  await expect(page.getByText(/Nothing is counted before it is published/)).toBeVisible();
  await lookAt(page, "rules");
});

test("with the keyboard alone a block is chosen, moved, undone, and inserted before", async () => {
  await page.reload();
  // The page may not have come to life yet.
  await expect(async () => {
    await page.keyboard.press("j");
    await expect(box("a")).toBeFocused({ timeout: 500 });
  }).toPass();
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  await expect(page.getByText("2 of 5 rules selected")).toBeVisible();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => names()).toEqual(["a", "d", "b", "c", "e"]);
  await expect(box("c")).toBeFocused();
  await expect(toast("2 rules at position 3 of 5.")).toBeAttached();
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowDown");
  await expect(toast("2 rules at position 4 of 5.")).toBeAttached();
  // What was kept, not only what is shown before the answer.
  await page.reload();
  await expect.poll(() => names()).toEqual(["a", "d", "e", "b", "c"]);

  await box("a").focus();
  await page.keyboard.press("m");
  await page.getByRole("dialog").getByLabel("Place").selectOption({ label: "At the bottom" });
  await page.getByRole("button", { name: "Move rule “a”" }).press("Enter");
  await expect.poll(() => names()).toEqual(["d", "e", "b", "c", "a"]);
  await page.getByRole("button", { name: "Undo" }).last().press("Enter");
  await expect.poll(() => names()).toEqual(["a", "d", "e", "b", "c"]);

  await box("e").focus();
  await tabTo(page.getByRole("link", { name: "Insert a rule above e" }));
  await page.keyboard.press("Enter");
  const editor = page.getByRole("dialog", { name: "Add rule" });
  await editor.getByLabel("Name").fill("new");
  await tabTo(editor.getByRole("button", { name: "Add condition" }));
  await page.keyboard.press("Enter");
  await editor.getByLabel("Value of condition 1").fill("x@example.test");
  await editor.getByRole("button", { name: "Save to draft" }).press("Enter");
  await expect.poll(() => names()).toEqual(["a", "d", "new", "e", "b", "c"]);
});

test("rules stand in sections, which are folded, moved and renamed as a whole", async () => {
  const inSection = (name: string) => ({ ...rule(name), section: "Partners" });
  await importRules([rule("a"), inSection("b"), inSection("c"), rule("d")]);
  await page.getByRole("button", { name: "Partners 2 rules" }).click();
  await expect.poll(() => names()).toEqual(["a", "d"]);
  await lookAt(page, "rules in sections");
  await page.getByRole("checkbox", { name: "Select section Partners" }).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(toast("2 rules at position 3 of 4.")).toBeAttached();
  await page.getByRole("button", { name: "Rename section Partners" }).click();
  await page.getByRole("combobox", { name: "Section" }).fill("Suppliers");
  await page.getByRole("button", { name: "Put 2 rules into “Suppliers”" }).click();
  await expect(page.getByRole("button", { name: "Suppliers 2 rules" })).toBeVisible();
  await expect.poll(() => names()).toEqual(["a", "d", "b", "c"]);
});

test("rules go to another ruleset where they are legal", async () => {
  await importRules(["a", "b", "c", "d", "e"].map(rule));
  for (const name of ["b", "d"]) await choose(name);
  await page.getByRole("group", { name: "Selected rules" }).getByRole("button", { name: "Move to…" }).click();
  const dialog = page.getByRole("dialog");
  const offered = await dialog.getByLabel("Ruleset").locator("option").allInnerTexts();
  expect(offered).toContain("Message of Mail out");
  expect(offered).not.toContain("Sender of Mail in");
  await dialog.getByLabel("Ruleset").selectOption({ label: "Message of Mail in" });
  await lookAt(page, "move rules");
  await dialog.getByRole("button", { name: "Move 2 rules" }).click();
  await expect.poll(() => names("Message")).toEqual(["b", "d"]);
  expect(await names()).toEqual(["a", "c", "e"]);
});

/** The page does what is asked for; a rule has the focus. */
async function comesToLife(name: string): Promise<void> {
  await choose(name);
  await box(name).uncheck();
}

const row = (name: string) => page.locator("[data-rule]").filter({ has: box(name) });
const handle = (name: string) => row(name).getByTitle("Drag to move");
const dropLine = (words: string) => page.getByText(words, { exact: true });

/** Where the number of a rule is in the window. */
const numberOf = (name: string) =>
  handle(name).evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
/** Away from the edges of the window, where a drag scrolls the page. */
const toMiddle = (name: string) => handle(name).evaluate((element) => element.scrollIntoView({ block: "center" }));

/** Takes a rule by its number and holds it over the upper or the lower half of another. */
async function dragOver(name: string, half: "upper" | "lower", other: string): Promise<void> {
  await toMiddle(other);
  const [from, to] = [await numberOf(name), await numberOf(other)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y + (half === "upper" ? -8 : 8), { steps: 4 });
}

test("with a mouse a rule is dragged down and up by its number, and a block by one of it; Undo takes it back", async () => {
  await importRules(["a", "b", "c", "d", "e"].map(rule));
  await comesToLife("a");
  await dragOver("a", "lower", "c");
  await expect(dropLine("Rule “a”")).toBeVisible();
  await page.mouse.up();
  await expect(dropLine("Rule “a”")).toBeHidden();
  await expect.poll(() => names()).toEqual(["b", "c", "a", "d", "e"]);
  await expect(toast("Rule “a” at position 3 of 5.")).toBeAttached();
  await dragOver("e", "upper", "b");
  await page.mouse.up();
  await expect.poll(() => names()).toEqual(["e", "b", "c", "a", "d"]);
  await expect(toast("Rule “e” at position 1 of 5.")).toBeAttached();
  for (const name of ["b", "d"]) await choose(name);
  await dragOver("b", "lower", "d");
  await expect(dropLine("2 rules")).toBeVisible();
  await page.mouse.up();
  await expect.poll(() => names()).toEqual(["e", "c", "a", "b", "d"]);
  const told = page.locator("div[role=status] > div").filter({ hasText: "2 rules at position 4 of 5." });
  await told.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => names()).toEqual(["e", "b", "c", "a", "d"]);
});

test("a drag that Escape ends, one to where the rule stands and a click move nothing, and the focus stays", async () => {
  await importRules(["a", "b", "c", "d", "e"].map(rule));
  await comesToLife("c");
  await dragOver("a", "lower", "d");
  await expect(dropLine("Rule “a”")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dropLine("Rule “a”")).toBeHidden();
  await page.mouse.up();
  await dragOver("b", "lower", "a");
  await expect(dropLine("Rule “b”")).toBeVisible();
  await page.mouse.up();
  await handle("b").click();
  await expect(box("c")).toBeFocused();
  expect(await page.evaluate(() => document.getSelection()?.toString())).toBe("");
  // Whatever had been asked for would have been answered before this.
  await box("e").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(toast("Rule “e” at position 4 of 5.")).toBeAttached();
  expect(await names()).toEqual(["a", "b", "c", "e", "d"]);
});

test("a finger that rests on the number drags the rule, and one that moves at once scrolls the page", async () => {
  await importRules(Array.from({ length: 40 }, (_, n) => rule(`partner-${n}`)));
  await comesToLife("partner-1");
  const touch = await page.context().newCDPSession(page);
  const send = (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: { x: number; y: number }[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints });
  const scrolled = () => page.evaluate(() => window.scrollY);
  await toMiddle("partner-9");
  const { x, y } = await numberOf("partner-9");
  const before = await scrolled();
  await send("touchStart", { x, y });
  for (const by of [10, 20, 60, 100]) await send("touchMove", { x, y: y - by });
  await send("touchEnd");
  await expect.poll(scrolled).toBeGreaterThan(before);
  await page.reload();
  await comesToLife("partner-1");
  await toMiddle("partner-9");
  const at = await numberOf("partner-9");
  const resting = await scrolled();
  await send("touchStart", { x: at.x, y: at.y });
  await expect(dropLine("Rule “partner-9”")).toBeVisible();
  const above = await numberOf("partner-7");
  for (const y of [at.y - 4, at.y - 30, above.y - 8]) await send("touchMove", { x: at.x, y });
  await send("touchEnd");
  await expect(toast("Rule “partner-9” at position 8 of 40.")).toBeAttached();
  expect(await scrolled()).toBe(resting);
});

test("a search finds rules, also by an address that a list of theirs holds, and keeps their numbers", async () => {
  await importRules([
    ...["a", "b"].map(rule),
    { name: "ours", when: { clientAddress: { in: ["192.0.2.0/24"] } }, action: "deny" },
  ]);
  const field = page.getByRole("searchbox", { name: "Find rules" });
  await expect(async () => {
    await field.fill("192.0.2.7");
    await field.press("Enter");
    await expect(page.getByText("1 rule found")).toBeVisible({ timeout: 3_000 });
  }).toPass();
  expect(await names()).toEqual(["ours"]);
  await expect(page.getByText("2 of 3 rules do not match the search.")).toBeVisible();
  await expect(page.getByRole("row", { name: /ours/ })).toContainText("3");
  await lookAt(page, "rules found");
  await page.getByRole("link", { name: "Show all" }).click();
  await expect.poll(() => names()).toEqual(["a", "b", "ours"]);
});

test("many rules are turned off and deleted at once, and come back", async () => {
  await importRules(["a", "b", "c", "d", "e"].map(rule));
  await choose("a");
  await box("c").click({ modifiers: ["Shift"] });
  const bar = page.getByRole("group", { name: "Selected rules" });
  await bar.getByRole("button", { name: "Turn off" }).click();
  await expect(toast("3 rules set to off in the draft.")).toBeVisible();
  await expect(page.getByRole("link", { name: "a (disabled)" })).toBeVisible();
  await lookAt(page, "rules chosen");
  await bar.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete from the draft" }).click();
  await expect.poll(() => names()).toEqual(["d", "e"]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect.poll(async () => (await names()).map((name) => name[0])).toEqual(["a", "b", "c", "d", "e"]);
});

test("2,000 rules are quick: the page is small, comes soon, and a move shows at once", async () => {
  test.setTimeout(300_000);
  await importRules(Array.from({ length: 2_000 }, (_, n) => rule(`partner-${n}`)));
  const started = Date.now();
  await page.reload();
  await choose("partner-1");
  const usable = Date.now() - started;
  const [bytes, answered] = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation");
    return entry instanceof PerformanceNavigationTiming ? [entry.transferSize, Math.round(entry.responseEnd)] : [0, 0];
  });
  await box("partner-1").focus();
  const begun = Date.now();
  const moved = await page.evaluate(async () => {
    const pressed = performance.now();
    document.activeElement?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true, bubbles: true, cancelable: true }),
    );
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - pressed;
  });
  await expect(toast("Rule “partner-1” at position 3 of 2000.")).toBeVisible({ timeout: 60_000 });
  const moveKept = Date.now() - begun;
  const first = table("Recipient").locator("[data-rule] td[data-wide] a:first-child");
  for (const [n, name] of ["partner-0", "partner-2", "partner-1"].entries())
    await expect(first.nth(n)).toHaveText(name);
  const all = { bytes, answered, usable, moved: Math.round(moved), moveKept };
  console.log(`2,000 rules, in milliseconds: ${JSON.stringify(all)}`);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(400_000);
  expect(usable).toBeLessThan(30_000);
  expect(moved).toBeLessThan(2_000);
});

test("rules that are kept in a repository are searched and unfolded, and nothing moves them", async () => {
  await importRules(["a", "b", "c"].map(rule));
  await page.goto(`${product.consoleUrl}/policies/document`);
  await page.getByLabel("Repository").fill("git.example.org/mail/policy");
  await page.getByRole("button", { name: "Keep it in the repository" }).click();
  await page.getByText("The policy is kept in git.example.org/mail/policy, policy.yaml").waitFor();
  await page.goto(`${product.consoleUrl}/policies?interface=External&find=example.test`);
  const words = page.getByRole("button", { name: "If recipient is b@example.test, deny." });
  await expect(async () => {
    await words.click();
    await expect(words).toHaveAttribute("aria-expanded", "true", { timeout: 500 });
  }).toPass();
  expect(await page.getByTitle("Drag to move").count()).toBe(0);
  await row("a").getByText("1", { exact: true }).dragTo(words);
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: "a", exact: true })).toBeFocused();
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("m");
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(await names()).toEqual(["a", "b", "c"]);
  await expect(toast(/position/)).toBeHidden();
  await lookAt(page, "rules kept in a repository");
});
