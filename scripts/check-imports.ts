import { fileURLToPath } from "node:url";
import { findFileCycles, findNounCycles } from "#scripts/check/import-cycles.ts";
import { findViolations } from "#scripts/check/import-walls.ts";
import { readSourceTree } from "#scripts/check/read-imports.ts";

const files = readSourceTree(fileURLToPath(new URL("..", import.meta.url)));
const lines = [
  ...findViolations(files).map(({ file, line, message }) => `${file}:${line} ${message}`),
  ...[...findFileCycles(files), ...findNounCycles(files)].map((circle) => `import cycle: ${circle.join(" → ")}`),
];
for (const line of lines) console.error(line);
console.log(`import walls: ${files.length} files, ${lines.length} violations`);
process.exitCode = lines.length === 0 ? 0 : 1;
