import { expect, type Locator, type Page, test } from "@playwright/test";
import { publishDraft, replaceDraft } from "../support/draft-in-browser.ts";
import { everyView, lookAt, tabTo } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

useProduct((started) => {
  ({ product, page } = started);
});

type Row = { name: string; section?: string; list?: string };

function policyDocument(rules: readonly Row[]): string {
  const ruleOf = ({ name, section, list }: Row) => ({
    name,
    ...(section !== undefined && { section }),
    when: list === undefined ? { recipient: { is: `${name}@example.test` } } : { senderDomain: { inList: list } },
    action: "deny",
  });
  // JSON is YAML.
  return JSON.stringify({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    lists: [
      {
        name: "Partners",
        kind: "domains",
        entries: Array.from({ length: 9 }, (_, n) => `partner-${n}.example`),
        feed: { url: "https://lists.example/partners", everyMinutes: 60 },
      },
      { name: "Offices", kind: "networks", entries: ["192.0.2.0/24"] },
    ],
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: product.ports.demoSmtp }] }],
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: "incoming",
        rulesets: { recipient: { rules: rules.map(ruleOf) } },
      },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External", sourceLists: ["Offices"] },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: product.ports.externalSmtp }],
        proxyAction: "Mail in",
      },
    ],
  });
}

const table = () => page.getByRole("table", { name: "Recipient rules of Mail in, in order" });

/** `a bX cX` are three rules, two of them in the section X. */
async function importRules(text: string): Promise<void> {
  const rules = text
    .split(" ")
    .map((word) => ({ name: word.slice(0, 1), ...(word.length > 1 && { section: word.slice(1) }) }));
  await replaceDraft(page, product.consoleUrl, policyDocument(rules));
  await openRules();
}

async function openRules(): Promise<void> {
  await page.goto(`${product.consoleUrl}/policies`);
  await table().waitFor();
}

/** What stands in the table: `a [X] b c`. */
async function rows(): Promise<string> {
  const texts = await table()
    .locator("tbody tr")
    .evaluateAll((found) =>
      found.flatMap((row) => {
        const heading = row.querySelector("button[aria-expanded] span.font-semibold");
        const rule = row.matches("[data-rule]") ? row.querySelector("td[data-wide] a") : null;
        if (heading !== null) return [`[${heading.textContent}]`];
        return rule === null ? [] : [rule.textContent ?? ""];
      }),
    );
  return texts.join(" ");
}

/** The server may take its time with what is asked of it. */
const patiently = { timeout: 60_000 };

const box = (name: string) => page.getByRole("checkbox", { name: `Select rule ${name}`, exact: true });
const toast = (words: string | RegExp) => page.locator("div[role=status]").getByText(words).last();

async function press(name: string, key: string): Promise<void> {
  await box(name).focus();
  await page.keyboard.press(key);
}

test("with Alt and the arrows a rule goes into a section, through it and out of it, and each step is announced", async () => {
  await importRules("a bX cX d");
  await expect.poll(rows, patiently).toBe("a [X] b c d");
  await press("d", "Alt+ArrowUp");
  await expect(
    page.getByRole("status").getByText("Rule “d” at position 4 of 4, now in section “X”.").first(),
  ).toBeAttached();
  await press("d", "Alt+ArrowUp");
  await press("d", "Alt+ArrowUp");
  await expect.poll(rows, patiently).toBe("a [X] d b c");
  await press("d", "Alt+ArrowUp");
  await expect.poll(rows, patiently).toBe("a d [X] b c");
  await expect(toast("Rule “d” at position 2 of 4, in no section any more.")).toBeAttached(patiently);
  await page.reload();
  await expect.poll(rows, patiently).toBe("a d [X] b c");
});

test("a rule that is dragged below a heading or between two rules of the section joins it, above the heading it does not", async () => {
  await importRules("a bX cX d");
  const handle = (name: string) =>
    page
      .locator("[data-rule]")
      .filter({ has: box(name) })
      .getByTitle("Drag to move");
  const middle = (of: Locator) =>
    of.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
  const drag = async (name: string, to: Locator, by: number) => {
    await to.evaluate((element) => element.scrollIntoView({ block: "center" }));
    const [from, over] = [await middle(handle(name)), await middle(to)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x, over.y + by, { steps: 4 });
    await page.mouse.up();
  };
  const heading = page.getByRole("button", { name: "X 2 rules" });
  await drag("d", handle("c"), -8);
  await expect.poll(rows, patiently).toBe("a [X] b d c");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect.poll(rows, patiently).toBe("a [X] b c d");
  await drag("d", heading, 8);
  await expect.poll(rows, patiently).toBe("a [X] d b c");
  await drag("d", handle("a"), 8);
  await expect.poll(rows, patiently).toBe("a d [X] b c");
  await drag("a", heading, -8);
  await expect.poll(rows, patiently).toBe("d a [X] b c");
});

test("a rule that is inserted at one of a section, and a copy, stand in it", async () => {
  await importRules("a bX cX");
  await box("c").focus();
  await tabTo(page.getByRole("link", { name: "Insert a rule above c" }));
  await page.keyboard.press("Enter");
  const editor = page.getByRole("dialog", { name: "Add rule" });
  await expect(editor.getByLabel("Section")).toHaveValue("X");
  await editor.getByLabel("Name").fill("n");
  await editor.getByRole("button", { name: "Add condition" }).click();
  await editor.getByLabel("Value of condition 1").fill("x@example.test");
  await editor.getByRole("button", { name: "Save to draft" }).click();
  await expect.poll(rows, patiently).toBe("a [X] b n c");
  await page.getByRole("button", { name: "Commands for rule c" }).click();
  await page.getByRole("menuitem", { name: "Clone below, off" }).click();
  await expect.poll(rows, patiently).toBe("a [X] b n c c (copy) (disabled)");
});

const card = (name: string) => page.getByRole("tooltip").filter({ hasText: `${name}, ` });

test("hover and focus show what a list holds; the pointer can go onto it, and Escape ends it", async () => {
  const rules = [{ name: "a", list: "Partners" }, { name: "b" }];
  await replaceDraft(page, product.consoleUrl, policyDocument(rules));
  await openRules();
  const link = table().getByRole("link", { name: "List Partners" });
  // What the lint finds may come late, and move the rows.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await link.hover();
    await expect(card("Partners")).toContainText("Partners, domains, 9 entries", { timeout: 2_000 });
    await card("Partners").hover({ timeout: 2_000 });
  }).toPass();
  for (const words of ["partner-0.example", "and 3 more", "From lists.example, not fetched yet", "Used by 1 rule"])
    await expect(card("Partners")).toContainText(words);
  await page.keyboard.press("Escape");
  await expect(card("Partners")).toBeHidden();
  await page.mouse.move(0, 0);
  await box("a").focus();
  await tabTo(link);
  await expect(card("Partners")).toBeVisible();
  await expect(link).toHaveAccessibleDescription(/partner-5\.example/);
  await lookAt(page, "what a list holds", everyView);
  await page.keyboard.press("Escape");
  await expect(card("Partners")).toBeHidden();
  await expect(link).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(card("Partners")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(card("Partners")).toBeHidden();
  await page.getByRole("link", { name: "List Offices" }).hover();
  await expect(card("Offices")).toContainText("Used by 1 policy or setting");
});

test("in the editor of a rule the same shows, and Escape ends it before the editor", async () => {
  await page.getByRole("link", { name: "a", exact: true }).click();
  const editor = page.getByRole("dialog", { name: "Edit rule" });
  await tabTo(editor.getByRole("link", { name: "List Partners" }));
  await expect(card("Partners")).toContainText("partner-0.example");
  await lookAt(page, "what a list holds in the editor", everyView);
  await page.keyboard.press("Escape");
  await expect(card("Partners")).toBeHidden();
  await expect(editor).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(editor).toBeHidden();
});

test("counters are reset after a question, and say since when and by whom; the draft has no change from it", async () => {
  await publishDraft(page, product.consoleUrl);
  await openRules();
  await page.getByRole("button", { name: "Commands for rule b" }).click();
  await page.getByRole("menuitem", { name: "Reset counters…" }).click();
  const question = page.getByRole("dialog", { name: "Reset the counters of rule “b”" });
  await expect(question).toContainText("this is no edit of the draft, and cannot be undone");
  await lookAt(page, "reset counters");
  await question.getByRole("button", { name: "Count rule “b” anew from now on" }).click();
  await expect(toast("Rule “b” counted anew from now on.")).toBeVisible(patiently);
  await expect(page.getByRole("row", { name: /^Select rule b/ })).toContainText(/since \d{4}-.* by /, patiently);
  await expect(page.getByText("no unpublished changes")).toBeVisible();
  for (const name of ["a", "b"]) await box(name).check();
  await page.getByRole("button", { name: "Reset counters…" }).click();
  await page.getByRole("button", { name: "Count 2 rules anew from now on" }).click();
  await expect(page.getByRole("row", { name: /^Select rule a/ })).toContainText(/since \d{4}-.* by /, patiently);
  await page.getByRole("button", { name: "If recipient is b@example.test, deny." }).click();
  await expect(page.getByText(/when .* reset its counters/)).toBeVisible();
  await lookAt(page, "counters that were reset", everyView);
});
