import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { version as toldVersion } from "#core/contract/version.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
const code = tracked.filter((path) => /\.(?:ts|tsx|mjs)$/.test(path));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const lines = (path: string): number => read(path).trimEnd().split("\n").length;

const linesMax = 350;
const medianLinesMax = 90;

describe("the sizes of files", () => {
  test(`none is longer than ${linesMax} lines`, () => {
    expect(code.filter((path) => lines(path) > linesMax)).toEqual([]);
  });

  test(`half of them have at most ${medianLinesMax} lines`, () => {
    const sizes = code.map(lines).toSorted((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(medianLinesMax);
  });
});

describe("names", () => {
  test("say what a file is: no drawers for everything", () => {
    const drawers = /^(?:utils?|helpers?|common|misc|managers?|shared|index)\.[a-z]+$/;
    expect(tracked.filter((path) => drawers.test(basename(path)))).toEqual([]);
    expect(tracked.filter((path) => /(?:^|\/)(?:utils|helpers|common|misc|managers)\//.test(path))).toEqual([]);
  });

  test("are kebab-case, but for what a tool wants otherwise", () => {
    const own = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*$/;
    expect(code.map((path) => basename(path)).filter((name) => !own.test(name))).toEqual([]);
  });

  test("no file takes the name that Next keeps for its request proxy", () => {
    expect(tracked.filter((path) => /^(?:src\/)?(?:proxy|middleware)\.(?:ts|js|mjs)$/.test(path))).toEqual([]);
  });
});

test("the version of package.json is the one that the programs tell", () => {
  expect(JSON.parse(read("package.json"))).toMatchObject({ version: toldVersion });
});

test("no private key, token or password file is in the repository", () => {
  const secret = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\n|\.postern\/keys\/[a-z]/;
  const holders = tracked.filter(
    (path) => /\.(?:ts|tsx|mjs|json|ya?ml|pem|env|txt)$/.test(path) && secret.test(read(path)),
  );
  expect(holders).toEqual([]);
});

test("no file tells where somebody's checkout lies", () => {
  const here = root.replace(/\/$/, "");
  const texts = tracked.filter((path) => !/\.(?:png|ico|woff2?|pdf)$/.test(path));
  expect(texts.filter((path) => read(path).includes(`${here}/`))).toEqual([]);
});
