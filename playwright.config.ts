import { defineConfig } from "@playwright/test";

/** The tests start Postern themselves, each file on ports and a state folder of its own. */
export default defineConfig({
  testDir: "tests/browser",
  testMatch: "**/*.test.ts",
  outputDir: "test-results",
  globalSetup: "tests/support/built-console.ts",
  // Where the processor draws the pages, two browsers at once leave each other without frames for half a minute, and clicks wait for frames.
  workers: 1,
  // A machine that has other things to do draws late. What needed it is told as flaky.
  retries: process.env.CI === "true" ? 1 : 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? [["list"], ["json", { outputFile: "test-results/browser.json" }]] : [["list"]],
  use: {
    browserName: "chromium",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
    },
  },
});
