import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Part, type PartPlan } from "#scripts/start/part.ts";

let folder: string;
let part: Part | null = null;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-part-"));
  said = [];
});
afterEach(async () => {
  await part?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const log = (): string => readFileSync(join(folder, "log"), "utf8");

function make(program: string, changes: Partial<PartPlan> = {}): Part {
  const file = join(folder, "program.mjs");
  writeFileSync(file, program);
  const plan: PartPlan = {
    name: "thing",
    args: [file],
    env: process.env,
    folder,
    logFile: join(folder, "log"),
    ready: async () => log().includes("up"),
    stopTimeoutMs: 2_000,
    whenEnded: "restart",
    ...changes,
  };
  part = new Part(plan, (line) => said.push(line));
  return part;
}

const alive = 'console.log("up"); setInterval(() => undefined, 1000);';

describe("a part of npm start", () => {
  test("is started until it answers, and stopped by SIGTERM", async () => {
    const thing = make(`process.on("SIGTERM", () => { console.log("bye"); process.exit(0); }); ${alive}`);
    await thing.start();
    await thing.stop();
    expect(log()).toBe("up\nbye\n");
    expect(thing.pid).toBeNull();
    expect(said).toEqual([]);
  });

  test("that does not start is an error with the end of its log", async () => {
    const thing = make('console.error("no such thing"); process.exit(3);');
    await expect(thing.start()).rejects.toThrow(/The thing did not start[\s\S]*no such thing/);
  });

  test("that crashes is reported and started again", async () => {
    const thing = make(alive);
    await thing.start();
    const first = thing.pid ?? 0;
    process.kill(first, "SIGKILL");
    await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe("The thing is back.");
    expect(said[0]).toContain("The thing ended (SIGKILL)");
    expect(said[0]).toContain("Starting it again in 1 s.");
    expect(thing.pid).not.toBe(first);
  });

  test("that crashes again and again is started later each time", async () => {
    const thing = make('console.log("up"); setTimeout(() => process.exit(7), 100);');
    await thing.start();
    const waits = (): (string | undefined)[] =>
      said.filter((line) => line.includes("ended")).map((line) => /in (\d+) s/.exec(line)?.[1]);
    await expect.poll(waits, { timeout: 15_000 }).toEqual(["1", "2", "4"]);
  });

  test("that ends in order and may stay so is left", async () => {
    const thing = make('console.log("up"); setTimeout(() => process.exit(0), 200);', { whenEnded: "leave" });
    await thing.start();
    await expect.poll(() => said).toEqual(["The thing was stopped."]);
    expect(thing.pid).toBeNull();
  });

  test("that ignores SIGTERM is killed after its time", async () => {
    const thing = make(`process.on("SIGTERM", () => undefined); ${alive}`, { stopTimeoutMs: 300 });
    await thing.start();
    await thing.stop();
    expect(thing.pid).toBeNull();
  });
});
