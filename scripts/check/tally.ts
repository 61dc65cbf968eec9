import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

export type Tally = { passed: number; failed: number; skipped: number };

export const noTests: Tally = { passed: 0, failed: 0, skipped: 0 };

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    noTests,
  );
}

export const tallyWords = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Runs a program of node_modules/.bin (the bootstrap has put it on PATH) with our own output. Gives its exit code. */
function run(program: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
  const startedAt = performance.now();
  console.log(`\n── ${program} ${args.join(" ")}`);
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    child.once("error", (error) => {
      console.error(`${program}: ${error.message}`);
      done(127);
    });
    child.once("exit", (code) => {
      console.log(
        `── ${program}: ${code === 0 ? "ok" : "failed"}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
      );
      done(code ?? 1);
    });
  });
}

/** A check that passes or fails as a whole counts as one. */
export async function runCheck(program: string, args: string[]): Promise<Tally> {
  return (await run(program, args)) === 0 ? { ...noTests, passed: 1 } : { ...noTests, failed: 1 };
}

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
});

/** The tests of the named projects of vitest.config.ts. */
export function runVitest(projects: readonly string[]): Promise<Tally> {
  return counted(async (file) => {
    const named = projects.flatMap((project) => ["--project", project]);
    const code = await run("vitest", [
      "run",
      ...named,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ]);
    if (!existsSync(file)) return { code, tally: noTests };
    const report = vitestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    const tally = {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
    return { code, tally };
  });
}

const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

export function runPlaywright(): Promise<Tally> {
  return counted(async (file) => {
    const code = await run("playwright", ["test", "--reporter=list,json"], { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
    if (!existsSync(file)) return { code, tally: noTests };
    const { stats } = playwrightSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return { code, tally: { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped } };
  });
}

/** A runner that ends badly without a failed test (an import that breaks, a crash) counts as one failure. */
async function counted(work: (file: string) => Promise<{ code: number; tally: Tally }>): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "postern-tally-"));
  try {
    const { code, tally } = await work(join(folder, "report.json"));
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
