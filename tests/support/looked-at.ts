import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";

type View = { name: string; width: number; colorScheme: "light" | "dark" };

const desk: View = { name: "light", width: 1280, colorScheme: "light" };
const usualViews: readonly View[] = [
  desk,
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "phone", width: 360, colorScheme: "light" },
];
export const everyView: readonly View[] = [...usualViews, { name: "phone-dark", width: 360, colorScheme: "dark" }];

/** What is open now, in both themes and on a phone: no accessibility violation, nothing wider than the window. */
export async function lookAt(page: Page, name: string, views = usualViews): Promise<void> {
  for (const view of views) {
    await show(page, view);
    await takePicture(page, `${name}-${view.name}`);
    await expectAccessible(page, name);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  }
  await show(page, desk);
}

async function show(page: Page, { width, colorScheme }: View): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 900 });
}

export async function expectAccessible(page: Page, name: string): Promise<void> {
  // All is in one frame. Otherwise axe gathers what it found in a page of its own, which takes longer than the look.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

/** For a person who looks at all of them before a release, and names a folder for it. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.POSTERN_PICTURES;
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name.replaceAll(" ", "-")}.png`, fullPage: true });
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
