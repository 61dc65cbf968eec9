import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";

/** Where the screenshots go; a person looks at them before a release. */
const pictures = process.env.POSTERN_PICTURES ?? "test-results/pictures";

const views = [
  { name: "light", width: 1280, colorScheme: "light" },
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "phone", width: 360, colorScheme: "light" },
] as const;

/** What is open now, in both themes and on a phone: no accessibility violation, nothing wider than the window. */
export async function lookAt(page: Page, name: string): Promise<void> {
  for (const view of views) {
    await page.emulateMedia({ colorScheme: view.colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: view.width, height: 900 });
    await page.screenshot({ path: `${pictures}/${name.replaceAll(" ", "-")}-${view.name}.png` });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

const tabsMax = 60;

/** Goes on with Tab until the control is reached. */
export async function tabTo(control: Locator): Promise<void> {
  for (let pressed = 0; pressed < tabsMax; pressed++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await control.page().keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${control.toString()}`);
}
