import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";

/** The tests start Postern themselves, each file on ports and a state folder of its own. */
export default defineConfig({
  testDir: "tests/browser",
  testMatch: "**/*.test.ts",
  outputDir: "test-results",
  globalSetup: "tests/support/built-console.ts",
  // Of files: the tests of one go on from each other.
  workers: Math.min(availableParallelism(), 4),
  retries: 0,
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
