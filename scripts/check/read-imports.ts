import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

export type Import = { specifier: string; line: number; typeOnly: boolean };
export type SourceFile = { path: string; imports: Import[] };

const sourceFile = /\.(?:ts|tsx|mts|mjs|js)$/;
const skipped = new Set(["node_modules", "test-results", "playwright-report", "coverage", "next-env.d.ts"]);

/** `import`/`export … from`, bare and dynamic imports. Formatted code only: Biome has put each at a line of its own. */
const patterns = [
  /^(?:import|export)\s+(type\s)?[^"';]*?\sfrom\s*["']([^"'\n]+)["']/gm,
  /^import\s+()["']([^"'\n]+)["']/gm,
  /\bimport\(()\s*["']([^"'\n]+)["']/g,
];

export function readImports(text: string): Import[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      specifier: match[2] ?? "",
      line: text.slice(0, match.index).split("\n").length,
      typeOnly: match[1] !== undefined && match[1] !== "",
    })),
  );
}

/** Every source file under `root` with its imports; paths are relative, with slashes. */
export function readSourceTree(root: string): SourceFile[] {
  return walk(root, "").map((path) => ({ path, imports: readImports(readFileSync(join(root, path), "utf8")) }));
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.name.startsWith(".") || skipped.has(entry.name)) return [];
    if (entry.isDirectory()) return walk(root, path);
    return sourceFile.test(entry.name) ? [path] : [];
  });
}

export type Target =
  | { kind: "file"; path: string }
  | { kind: "node"; name: string }
  | { kind: "package"; name: string };

/** What a specifier in the file `from` means. `#top/rest` is the file `top/rest` (package.json, imports). */
export function resolveImport(from: string, specifier: string): Target {
  if (specifier.startsWith(".")) return { kind: "file", path: posix.join(dirname(from), specifier) };
  if (specifier.startsWith("#")) return { kind: "file", path: specifier.slice(1) };
  if (specifier.startsWith("node:")) return { kind: "node", name: specifier };
  const [first = "", second = ""] = specifier.split("/");
  return { kind: "package", name: first.startsWith("@") ? `${first}/${second}` : first };
}
