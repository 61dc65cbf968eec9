import { runChecks } from "#scripts/check/run-checks.ts";
import { addTallies, noTests, runPlaywright, runVitest, type Tally, tallyWords } from "#scripts/check/tally.ts";
import { installSystemPackages, isInstalled } from "#scripts/test/system-packages.ts";
import { unpackPackages } from "#scripts/test/unpacked-packages.ts";

async function browserTests(): Promise<Tally> {
  if (process.env.CHROMIUM_PATH !== undefined || isInstalled("chromium")) return runPlaywright();
  console.log("\nThe browser tests are skipped: there is no Chromium. Install it, or name one in CHROMIUM_PATH.");
  return process.env.CI === "true" ? { ...noTests, failed: 1 } : { ...noTests, skipped: 1 };
}

const say = (line: string): void => console.log(`postern: ${line}`);
installSystemPackages(say);
unpackPackages(say);
const tally = addTallies([await runChecks(), await runVitest(["fleet", "durability"]), await browserTests()]);
console.log(`\n${tallyWords(tally)}`);
process.exitCode = tally.failed === 0 ? 0 : 1;
