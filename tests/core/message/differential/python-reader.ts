import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Leaf } from "./leaf.ts";

const answer = z.union([
  z.array(z.object({ type: z.string(), name: z.string().nullable(), digest: z.string() })),
  z.object({ error: z.string() }),
]);

export type PythonReader = {
  /** The leaves as Python's email package has them; null: it raises an exception. One at a time. */
  leaves(message: string): Promise<Leaf[] | null>;
  stop(): Promise<void>;
};

/** One process that reads message after message. */
export function startPythonReader(program: string): PythonReader {
  const script = fileURLToPath(new URL("python-reader.py", import.meta.url));
  const child = spawn(program, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async leaves(message) {
      child.stdin.write(`${Buffer.from(message, "latin1").toString("base64")}\n`);
      const { value } = await lines.next();
      const parsed = answer.parse(JSON.parse(String(value)));
      return "error" in parsed ? null : parsed;
    },
    async stop() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
