import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const sources = [
  "app",
  "components",
  "lib",
  "core",
  "public",
  "prisma/schema.prisma",
  "next.config.ts",
  "instrumentation.ts",
  "postcss.config.mjs",
];
const others = ["package-lock.json", "package.json", "tsconfig.json"];

/** What the build is made of, as one digest: file names and contents. */
export function sourceDigest(root: string): string {
  const hash = createHash("sha256");
  for (const name of [...sources, ...others]) addToHash(hash, root, name);
  return hash.digest("hex");
}

function addToHash(hash: ReturnType<typeof createHash>, root: string, name: string): void {
  const path = join(root, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || name.endsWith("lib/generated")) return;
  if (found.isDirectory()) {
    for (const child of readdirSync(path).sort()) addToHash(hash, root, join(name, child));
  } else {
    hash.update(`${name}\0${found.size}\0`).update(readFileSync(path));
  }
}

const stampFile = (root: string): string => join(root, ".next", "postern-sources");

export function isBuilt(root: string, digest: string): boolean {
  const file = stampFile(root);
  return existsSync(file) && existsSync(join(root, ".next/BUILD_ID")) && readFileSync(file, "utf8") === digest;
}

/** Runs `next build`. Throws with the end of its output when it fails. */
export async function buildConsole(root: string, digest: string, logFile: string): Promise<void> {
  rmSync(stampFile(root), { force: true });
  const log = openSync(logFile, "w", 0o600);
  const next = join(root, "node_modules/next/dist/bin/next");
  const child = spawn(process.execPath, [next, "build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const abandon = (): void => void child.kill();
  process.once("exit", abandon);
  const code = await new Promise((done) => child.once("exit", done).once("error", done));
  process.off("exit", abandon);
  if (code !== 0) {
    const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-40).join("\n");
    throw new Error(`The console could not be built:\n${tail}`);
  }
  writeFileSync(stampFile(root), digest);
}
