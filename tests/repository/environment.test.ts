import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readSourceTree } from "#scripts/check/read-imports.ts";
import { startVariables } from "#scripts/start/settings.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = readFileSync(join(root, ".env.example"), "utf8");
const described = new Map(
  [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]),
);

/** Given by the system, by npm or by a tool, not by the person who starts Postern. */
const foreign = new Set([
  "CI",
  "NODE_ENV",
  "NEXT_RUNTIME",
  "PATH",
  "HOME",
  "CHECKPOINT_DISABLE",
  "PRISMA_SCHEMA_ENGINE_BINARY",
  "NO_COLOR",
  "TEST_PARALLEL_INDEX",
  "VITEST_POOL_ID",
]);

describe(".env.example", () => {
  test("describes every variable that a program reads", () => {
    const programs = readSourceTree(root).filter(({ path }) => !path.startsWith("lib/generated/"));
    const used = programs.flatMap(({ path }) => [
      ...readFileSync(join(root, path), "utf8").matchAll(
        /process\.env(?:\.|\[")([A-Z][A-Z0-9_]+)|\b(POSTERN_[A-Z0-9_]+)\b/g,
      ),
    ]);
    const names = new Set(used.map((match) => match[1] ?? match[2] ?? "").filter((name) => !foreign.has(name)));
    expect([...names].filter((name) => !described.has(name)).toSorted()).toEqual([]);
  });

  test("shows the value that a variable has when it is left out", () => {
    const standard = Object.entries(startVariables.parse({})).map(([name, value]) => [name, String(value)]);
    expect(standard.map(([name = ""]) => [name, described.get(name)])).toEqual(standard);
  });

  test("can be used as it is", () => {
    const values = [...example.matchAll(/^([A-Z][A-Z0-9_]+)=(.+)$/gm)].map((match) => [match[1], match[2]]);
    expect(startVariables.safeParse(Object.fromEntries(values)).success).toBe(true);
  });
});
