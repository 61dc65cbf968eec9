import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
let child: ChildProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-bootstrap-"));
  writeFileSync(join(folder, "out"), "");
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const out = (): string => readFileSync(join(folder, "out"), "utf8");

/** A program that can `say` something into the file that `out` reads. */
function run(program: string, args: string[] = []): ChildProcess {
  const say = `import { appendFileSync } from "node:fs"; const say = (word: string) => appendFileSync(${JSON.stringify(join(folder, "out"))}, word + "\\n");`;
  writeFileSync(join(folder, "entry.ts"), `${say}\n${program}\n`);
  const entry = relative(root, join(folder, "entry.ts"));
  child = spawn("node", ["scripts/bootstrap.mjs", entry, ...args], { cwd: root, stdio: "ignore" });
  return child;
}

const alive = 'say("up"); setInterval(() => undefined, 1000);';

describe("the bootstrap", () => {
  test("runs TypeScript on Node 24 or newer, with the arguments and the exit code", async () => {
    const [code] = await once(
      run("say(process.version); say(process.argv.slice(2).join()); process.exit(7);", ["a", "--b"]),
      "exit",
    );
    const [version = "", args] = out().split("\n");
    expect(Number(/^v(\d+)/.exec(version)?.[1])).toBeGreaterThanOrEqual(24);
    expect(args).toBe("a,--b");
    expect(code).toBe(7);
  });

  test("passes a Ctrl-C on once, though it comes from the terminal and from npm", async () => {
    const program = run(
      `process.on("SIGINT", () => say("int")); process.on("SIGTERM", () => process.exit(0)); ${alive}`,
    );
    await expect.poll(out).toBe("up\n");
    program.kill("SIGINT");
    program.kill("SIGINT");
    await expect.poll(out).toBe("up\nint\n");
    await expect
      .poll(() => {
        program.kill("SIGTERM");
        return program.exitCode;
      })
      .toBe(0);
    expect(out()).toBe("up\nint\n");
  });

  test("killed hard, takes the program with it, in order", async () => {
    const program = run(`process.on("SIGTERM", () => { say("term"); process.exit(0); }); ${alive}`);
    await expect.poll(out).toBe("up\n");
    program.kill("SIGKILL");
    await expect.poll(out).toBe("up\nterm\n");
  });

  test("leaves the end to a program that watches for it itself", async () => {
    const program = run(
      `process.on("SIGTERM", () => say("term")); process.on("disconnect", () => { say("gone"); setTimeout(() => process.exit(0), 300); }); ${alive}`,
    );
    await expect.poll(out).toBe("up\n");
    program.kill("SIGKILL");
    await expect.poll(out).toBe("up\ngone\n");
  });
});
