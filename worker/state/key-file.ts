import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFileAtomically } from "./atomic-file.ts";
import { keyBytes } from "./seal.ts";

/** The key that a file of ours holds; null: there is no such file. Throws when it holds something else. */
export function readKey(path: string): Buffer | null {
  const text = readIfThere(path);
  if (text === null) return null;
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== keyBytes) throw new Error(`${path} is damaged`);
  return key;
}

/** Puts a new key (mode 0600) in place of what is there. Resolves once it survives a power cut. */
export async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes);
  await writeFileAtomically(path, `${key.toString("base64")}\n`);
  return key;
}

/** The text of a file; null when it does not exist. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
