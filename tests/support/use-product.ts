import { type BrowserContext, type Page, test } from "@playwright/test";
import { setUpAdministrator, signIn } from "./administrator.ts";
import { type ProductOptions, RunningProduct } from "./running-product.ts";

const startWithinMs = 300_000;

export type StartedProduct = {
  product: RunningProduct;
  /** Of the browser in which the administrator was made. */
  page: Page;
  /** A page of another browser, in which the administrator signed in. */
  openOther(): Promise<Page>;
};

/**
 * Gives this file a product of its own, with its mail server running and the administrator signed in: call it at the top of the file.
 * `begin` takes it and brings it to where the first test starts. Each test goes on from the one before; all ends with the file.
 */
export function useProduct(
  begin: (started: StartedProduct) => void | Promise<void>,
  prepare: () => ProductOptions | Promise<ProductOptions> = () => ({}),
): void {
  let product: RunningProduct | null = null;
  const contexts: BrowserContext[] = [];
  test.describe.configure({ mode: "serial" });

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(startWithinMs);
    const started = await RunningProduct.start(await prepare());
    product = started;
    await started.startMailServer();
    const openPage = async () => {
      const context = await browser.newContext();
      context.on("page", awaitLife);
      contexts.push(context);
      return context.newPage();
    };
    const page = await openPage();
    await setUpAdministrator(page, started.setupLink);
    const openOther = async () => {
      const other = await openPage();
      await signIn(other, started.consoleUrl);
      return other;
    };
    await begin({ product: started, page, openOther });
  });

  test.afterAll(async () => {
    try {
      await Promise.all(contexts.map((context) => context.close()));
    } finally {
      await product?.stop();
    }
  });
}

const openWithinMs = 30_000;

/**
 * Lets a page count as opened when all that streamed in stands in its place and is alive. Until then a text or a field may be there
 * twice, once hidden, and what is typed or clicked may be lost.
 */
function awaitLife(page: Page): void {
  const alive = () => page.waitForFunction(isAlive, undefined, { timeout: openWithinMs });
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...args) => {
    const response = await goto(...args);
    await alive();
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload(...args);
    await alive();
    return response;
  };
}

/** Runs in the browser. React marks each element that it serves, and puts what streams in into hidden ones before. */
function isAlive(): boolean {
  if (document.querySelector('div[hidden][id^="S:"]') !== null) return false;
  const controls = [...document.querySelectorAll("main :is(button, input, select, textarea)")];
  return controls.every((control) => Object.keys(control).some((key) => key.startsWith("__reactProps$")));
}
