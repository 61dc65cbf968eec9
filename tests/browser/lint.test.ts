import { expect, type Page, test } from "@playwright/test";
import { replaceDraft } from "../support/draft-in-browser.ts";
import { lookAt } from "../support/looked-at.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { useProduct } from "../support/use-product.ts";

let product: RunningProduct;
let page: Page;

/** By the clock, which goes on while others have the processor: what it takes of that is tested in tests/core/policy/lint/lint-speed.test.ts. */
const lintMsMax = 1_500;

useProduct((started) => {
  ({ product, page } = started);
});

function policyOf(count: number) {
  const rules = Array.from({ length: count }, (_, n) => ({
    name: `rule ${n}`,
    when: { sender: { like: `*${n}@x${n % 7}.test` }, helo: { in: [`a${n}`, `b${n}`] } },
    action: n % 3 === 0 ? "allow" : "deny",
  }));
  const first = { name: "all of x0", when: { sender: { like: "*@x0.test" } }, action: "allow" };
  return {
    version: 1,
    interfaces: [{ name: "External", zone: "external" }],
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: 9 }] }],
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: "incoming",
        settings: { esmtp: { smtpUtf8: false } },
        rulesets: { sender: { rules: [first, ...rules] } },
      },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "External", route: "inside" },
        listen: [{ address: "127.0.0.1", port: product.ports.externalSmtp }],
        proxyAction: "Mail in",
      },
    ],
  };
}

const findings = (on: Page) => on.getByRole("list", { name: "Findings" }).first();

test("500 rules are looked at in a thread of the browser", async () => {
  await replaceDraft(page, product.consoleUrl, JSON.stringify(policyOf(500)));
  await expect(findings(page)).toContainText("takes all that it would");

  await page.goto(`${product.consoleUrl}/proxy-actions`);
  await page.getByRole("link", { name: "Mail in" }).first().click();
  await expect(findings(page)).toContainText("SMTPUTF8");
  const ms = await page.evaluate(() => performance.getEntriesByName("postern lint").at(-1)?.duration ?? Number.NaN);
  console.log(`500 rules: ${Math.round(ms)} ms`);
  expect(ms).toBeLessThan(lintMsMax);
  expect(page.workers()).toHaveLength(1);
});

test("what is found follows the draft, whoever changes it", async () => {
  await page.goto(`${product.consoleUrl}/routes`);
  await expect(page.getByRole("list", { name: "Findings" })).toBeHidden();
  const other = await page.context().newPage();
  const { routes, ...rest } = policyOf(3);
  const document = { ...rest, routes: [...routes, { name: "spare", protocol: "smtp", lookup: "mx" }] };
  await replaceDraft(other, product.consoleUrl, JSON.stringify(document));
  await expect(findings(page)).toContainText('Nothing uses the route "spare".');
  await lookAt(page, "findings of routes");
  await page.getByRole("link", { name: 'Nothing uses the route "spare".' }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await other.close();
});

test("a finding leads to the rule that comes first, and tells what came through", async () => {
  await page.goto(`${product.consoleUrl}/changes`);
  const shadowed = findings(page).getByRole("listitem").filter({ hasText: "takes all that it would" }).first();
  await expect(shadowed.getByRole("link", { name: "What comes first" })).toHaveAttribute("href", /edit=/);
  await expect(findings(page)).toContainText("It took 0 messages in 7 days.");
  await lookAt(page, "findings before a publish");
  await shadowed.getByRole("link", { name: "What comes first" }).click();
  await expect(page.getByRole("dialog")).toContainText("all of x0");
  await page.goto(`${product.consoleUrl}/policies`);
  const first = page.getByRole("link", { name: /^What comes before rule .*: all of x0$/ }).first();
  await expect(first).toHaveAttribute("href", /^#rule-/);
  await first.press("Enter");
  await expect(page).toHaveURL(/#rule-/);
});
