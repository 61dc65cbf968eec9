import { addTallies, runCheck, runVitest, type Tally } from "./tally.ts";

/** Format, types, lint, import walls, dead code, unit and integration tests; all of them, whatever fails before. */
export async function runChecks(): Promise<Tally> {
  const tallies = [
    await runCheck("biome", ["check", "--error-on-warnings", "."]),
    await runCheck("tsc", ["--noEmit", "-p", "."]),
    await runCheck("oxlint", ["--type-aware", "--deny-warnings"]),
    await runCheck("node", ["scripts/check-imports.ts"]),
    await runCheck("knip", ["--no-progress"]),
    await runVitest(["unit", "console"]),
  ];
  return addTallies(tallies);
}
