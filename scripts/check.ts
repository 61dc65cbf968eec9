import { runChecks } from "#scripts/check/run-checks.ts";
import { tallyWords } from "#scripts/check/tally.ts";

const tally = await runChecks();
console.log(`\n${tallyWords(tally)}`);
process.exitCode = tally.failed === 0 ? 0 : 1;
