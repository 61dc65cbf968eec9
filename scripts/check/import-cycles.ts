import { resolveImport, type SourceFile } from "./read-imports.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

/** Files that import each other in a circle, types aside; each circle once, as the path around it. */
export function findFileCycles(files: readonly SourceFile[]): string[][] {
  return findCycles(graphOf(files, (path) => path));
}

/** The same between the nouns of lib/: they are a DAG, so that one can be understood after the other. */
export function findNounCycles(files: readonly SourceFile[]): string[][] {
  const nouns = files.filter(({ path }) => /^lib\/[^/]+\//.test(path) && !path.startsWith("lib/generated/"));
  return findCycles(graphOf(nouns, (path) => path.split("/").slice(0, 2).join("/")));
}

function graphOf(files: readonly SourceFile[], nodeOf: (path: string) => string): Graph {
  const known = new Set(files.map(({ path }) => path));
  const edges = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const node = nodeOf(path);
    const targets = edges.get(node) ?? new Set<string>();
    edges.set(node, targets);
    for (const { specifier, typeOnly } of imports) {
      const target = resolveImport(path, specifier);
      if (typeOnly || target.kind !== "file" || !known.has(target.path)) continue;
      if (nodeOf(target.path) !== node || target.path === path) targets.add(nodeOf(target.path));
    }
  }
  return new Map([...edges].map(([node, targets]) => [node, [...targets]]));
}

/** Depth first; an edge back onto the path that led here closes a circle. */
function findCycles(graph: Graph): string[][] {
  const done = new Set<string>();
  const found = new Map<string, string[]>();
  const visit = (node: string, path: string[]): void => {
    const at = path.indexOf(node);
    if (at !== -1) {
      const circle = path.slice(at);
      found.set([...circle].sort().join("\n"), [...circle, node]);
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return [...found.values()];
}
