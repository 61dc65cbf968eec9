import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "postern-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = readFileSync(new URL("../fixtures/policies/first-message.yaml", import.meta.url), "utf8");

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function postern(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/main.ts", ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("postern policy", () => {
  const good = write("good.yaml", text);

  it("check says that a good document has no problems", () => {
    expect(postern("policy", "check", good)).toMatchObject({ status: 0, stdout: `${good}: 2 policies, no problems\n` });
  });

  it("check points at each problem like a compiler", () => {
    const bad = write("bad.yaml", text.replace("route: inside }, listen", "route: gone }, listen"));
    const { status, stderr } = postern("policy", "check", bad);
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^${bad}:31:\\d+: there is no route "gone" \\(unknown-name\\)$`, "m"));
  });

  it("diff says in words what the second document changes", () => {
    const other = write("other.yaml", text.replace("recipientsMax: 100", "recipientsMax: 50"));
    const { status, stdout } = postern("policy", "diff", good, other);
    expect(status).toBe(1);
    expect(stdout).toContain("limits.recipientsMax: 100 → 50");
    expect(postern("policy", "diff", good, good)).toMatchObject({ status: 0, stdout: "" });
  });

  it("lint says what hurts, why and what to do, as text or as data, with status 1 for harm", () => {
    const harmful = write("harm.yaml", text.replace("recipientsMax: 100", "recipientsMax: 50"));
    const { status, stdout } = postern("policy", "lint", harmful);
    expect(stdout).toContain("[few-recipients]");
    expect(stdout).toContain("(RFC 5321 §4.5.3.1.10)");
    const findings = JSON.parse(postern("policy", "lint", harmful, "--json").stdout) as { severity: string }[];
    expect(status).toBe(findings.some(({ severity }) => severity === "harm") ? 1 : 0);
    expect(findings).toContainEqual(expect.objectContaining({ path: ["proxyActions", 0, "limits", "recipientsMax"] }));
  });

  it.each([[[]], [["policy", "lint"]], [["policy", "check"]], [["policy", "check", "/nowhere.yaml"]], [["queue"]]])(
    "%j is refused with status 2 and a word of help",
    (args) => {
      const { status, stderr } = postern(...args);
      expect(status).toBe(2);
      expect(stderr).not.toBe("");
    },
  );
});
