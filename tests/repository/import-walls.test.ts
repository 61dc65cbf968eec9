import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findFileCycles, findNounCycles } from "#scripts/check/import-cycles.ts";
import { importTable } from "#scripts/check/import-table.ts";
import { findViolations } from "#scripts/check/import-walls.ts";
import { readImports, readSourceTree, type SourceFile } from "#scripts/check/read-imports.ts";

/** Files that exist in every planted tree, one to aim at in each place. */
const targets = [
  "core/contract/x.ts",
  "core/policy/x.ts",
  "core/match/x.ts",
  "core/bytes/x.ts",
  "core/smtp/x.ts",
  "core/pop3/x.ts",
  "core/message/x.ts",
  "core/files/x.ts",
  "worker/x.ts",
  "lib/db.ts",
  "lib/queue/queries.ts",
  "lib/queue/actions.ts",
  "lib/queue/words.ts",
  "lib/auth/x.ts",
  "components/ui/x.tsx",
  "components/layout/x.tsx",
  "components/queue/x.tsx",
  "app/page.tsx",
  "demo/x.ts",
  "scripts/x.ts",
  "tests/x.ts",
];

function plant(path: string, code: string): SourceFile[] {
  const empty = targets.filter((target) => target !== path).map((target) => ({ path: target, imports: [] }));
  return [...empty, { path, imports: readImports(code) }];
}

const walls: [file: string, code: string][] = [
  ["core/contract/a.ts", 'import { x } from "#core/policy/x.ts";'],
  ["core/contract/a.ts", 'import { x } from "yaml";'],
  ["core/policy/a.ts", 'import { readFileSync } from "node:fs";'],
  ["core/policy/a.ts", 'import { x } from "#core/smtp/x.ts";'],
  ["core/match/a.ts", 'import { x } from "#core/policy/x.ts";'],
  ["core/match/a.ts", 'import { minimatch } from "minimatch";'],
  ["core/bytes/a.ts", 'import { x } from "#core/contract/x.ts";'],
  ["core/bytes/a.ts", 'import { Buffer } from "node:buffer";'],
  ["core/smtp/a.ts", 'import { x } from "#core/pop3/x.ts";'],
  ["core/smtp/a.ts", 'import { x } from "#core/contract/x.ts";'],
  ["core/pop3/a.ts", 'import { x } from "#core/smtp/x.ts";'],
  ["core/message/a.ts", 'import { x } from "#worker/x.ts";'],
  ["core/files/a.ts", 'import { x } from "#core/message/x.ts";'],
  ["core/files/a.ts", 'import { inflateRawSync } from "node:zlib";'],
  ["worker/a.ts", 'import { x } from "#lib/queue/queries.ts";'],
  ["worker/a.ts", 'import { x } from "#components/ui/x.tsx";'],
  ["worker/a.ts", 'import { x } from "#demo/x.ts";'],
  ["worker/a.ts", 'import pg from "pg";'],
  ["worker/a.ts", 'import { x } from "next/server";'],
  ["lib/queue/a.ts", 'import { x } from "#worker/x.ts";'],
  ["lib/queue/a.ts", 'import { x } from "#core/smtp/x.ts";'],
  ["lib/queue/a.ts", 'import { x } from "#components/ui/x.tsx";'],
  ["lib/queue/a.ts", 'import { x } from "#app/page.tsx";'],
  ["lib/queue/mutations.ts", 'import { revalidatePath } from "next/cache";'],
  ["lib/queue/a.ts", 'import { database } from "#lib/db.ts";'],
  ["lib/queue/actions.ts", 'import { readFileSync } from "node:fs";'],
  ["components/queue/a.tsx", 'import { x } from "#components/policies/x.tsx";'],
  ["components/layout/a.tsx", 'import { x } from "#components/queue/x.tsx";'],
  ["components/ui/a.tsx", 'import { x } from "#components/layout/x.tsx";'],
  ["components/queue/a.tsx", 'import { x } from "#lib/queue/queries.ts";'],
  ["components/queue/a.tsx", 'import { x } from "#lib/db.ts";'],
  ["components/queue/a.tsx", 'import { x } from "#worker/x.ts";'],
  ["components/queue/a.tsx", 'import { join } from "node:path";'],
  ["app/queue/page.tsx", 'import { x } from "#worker/x.ts";'],
  ["app/queue/page.tsx", 'import { database } from "#lib/db.ts";'],
  ["app/queue/page.tsx", 'import { x } from "#core/smtp/x.ts";'],
  ["demo/a.ts", 'import { x } from "#worker/x.ts";'],
  ["demo/a.ts", 'import { x } from "#lib/queue/queries.ts";'],
  ["bench/a.ts", 'import { x } from "#worker/x.ts";'],
  ["scripts/a.ts", 'import { x } from "#worker/x.ts";'],
  ["worker/a.ts", 'import { x } from "#tests/x.ts";'],
  ["scripts/a.ts", 'import { x } from "../tests/x.ts";'],
  ["worker/a.ts", 'import { x } from "../core/smtp/x.ts";'],
  ["worker/a.ts", 'import { x } from "./gone.ts";'],
  ["worker/a.ts", 'const x = await import("#lib/queue/queries.ts");'],
  ["worker/a.ts", 'export { x } from "#lib/queue/queries.ts";'],
  ["worker/a.ts", 'import "#lib/queue/queries.ts";'],
  ["worker/a.ts", 'import {\n  x,\n  y,\n} from "#lib/queue/queries.ts";'],
  ["plugins/a.ts", 'import { x } from "zod";'],
];

describe("an import through a wall is reported", () => {
  test.each(walls)("%s: %s", (file, code) => {
    const reported = findViolations(plant(file, code)).filter((violation) => violation.file === file);
    expect(reported).not.toEqual([]);
  });

  test("a noun of components may not be imported by another, when the other exists", () => {
    const files = plant("components/policies/a.tsx", 'import { x } from "#components/queue/x.tsx";');
    expect(findViolations(files).map(({ message }) => message)).toEqual([expect.stringContaining("another noun's")]);
  });
});

const doors: [file: string, code: string][] = [
  ["core/policy/a.ts", 'import { x } from "#core/contract/x.ts";'],
  ["core/smtp/a.ts", 'import { x } from "#core/bytes/x.ts";'],
  ["worker/a.ts", 'import { x } from "#core/smtp/x.ts";'],
  ["worker/a.ts", 'import { createServer } from "node:net";'],
  ["lib/queue/mutations.ts", 'import { database } from "#lib/db.ts";'],
  ["lib/queue/a.ts", 'import type { Transaction } from "#lib/db.ts";'],
  ["components/queue/a.tsx", 'import type { X } from "#lib/queue/queries.ts";'],
  ["components/queue/a.tsx", 'import { x } from "#lib/queue/actions.ts";'],
  ["components/queue/a.tsx", 'import { x } from "#components/ui/x.tsx";'],
  ["app/queue/page.tsx", 'import { x } from "#lib/queue/queries.ts";'],
  ["tests/worker/a.test.ts", 'import { x } from "#worker/x.ts";'],
];

test.each(doors)("an import that the table allows is not reported: %s: %s", (file, code) => {
  expect(findViolations(plant(file, code))).toEqual([]);
});

describe("cycles", () => {
  const file = (path: string, code: string): SourceFile => ({ path, imports: readImports(code) });

  test("two files that import each other are reported", () => {
    const files = [
      file("worker/a.ts", 'import { b } from "./b.ts";'),
      file("worker/b.ts", 'import { a } from "./a.ts";'),
    ];
    expect(findFileCycles(files)).toEqual([["worker/a.ts", "worker/b.ts", "worker/a.ts"]]);
  });

  test("a longer circle is reported once", () => {
    const files = [
      file("worker/a.ts", 'import { b } from "./b.ts";'),
      file("worker/b.ts", 'import { c } from "#worker/c.ts";'),
      file("worker/c.ts", 'import { a } from "./a.ts";'),
    ];
    expect(findFileCycles(files)).toHaveLength(1);
  });

  test("types alone make no cycle", () => {
    const files = [
      file("worker/a.ts", 'import type { B } from "./b.ts";'),
      file("worker/b.ts", 'import { a } from "./a.ts";'),
    ];
    expect(findFileCycles(files)).toEqual([]);
  });

  test("two nouns of lib/ that need each other are reported", () => {
    const files = [
      file("lib/queue/a.ts", 'import { b } from "#lib/workers/b.ts";'),
      file("lib/queue/c.ts", ""),
      file("lib/workers/b.ts", ""),
      file("lib/workers/d.ts", 'import { c } from "#lib/queue/c.ts";'),
    ];
    expect(findFileCycles(files)).toEqual([]);
    expect(findNounCycles(files)).toEqual([["lib/queue", "lib/workers", "lib/queue"]]);
  });
});

test("every source file of the repository belongs to a zone of the table", () => {
  const files = readSourceTree(fileURLToPath(new URL("../..", import.meta.url)));
  const homeless = files.filter(({ path }) => !importTable.some((zone) => zone.files.test(path)));
  expect(homeless.map(({ path }) => path)).toEqual([]);
});
