import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const patience = { poll: { timeout: 15_000, interval: 25 } };
const common = {
  environment: "node",
  restoreMocks: true,
  expect: patience,
  testTimeout: 20_000,
  hookTimeout: 60_000,
} as const;
const longRunning = { testTimeout: 300_000, hookTimeout: 180_000, fileParallelism: false } as const;

export default defineConfig({
  // The component tests' JSX: the file needs no React in scope.
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    // Most of them wait for sockets, disks and the database more than they compute.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: "unit",
          include: ["tests/{cli,core,worker,demo,scripts,repository}/**/*.test.{ts,tsx}"],
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: "console",
          include: ["tests/{lib,app,components,database}/**/*.test.{ts,tsx}"],
          globalSetup: ["tests/support/postgres-server.ts"],
        },
      },
      { extends: true, test: { ...common, ...longRunning, name: "fleet", include: ["tests/fleet/**/*.test.ts"] } },
      {
        extends: true,
        test: { ...common, ...longRunning, name: "durability", include: ["tests/durability/**/*.test.ts"] },
      },
    ],
  },
});
