import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildConsole, isBuilt, sourceDigest } from "#scripts/start/console-build.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the console once for a run of the browser tests: the products of the files start at the same time, and would each build it. */
export default async function setup(): Promise<void> {
  const digest = sourceDigest(root);
  if (isBuilt(root, digest)) return;
  const folder = join(root, "test-results");
  mkdirSync(folder, { recursive: true });
  await buildConsole(root, digest, join(folder, "build.log"));
}
