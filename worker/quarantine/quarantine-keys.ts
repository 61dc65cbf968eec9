import { createHmac, hkdfSync } from "node:crypto";
import { readdirSync } from "node:fs";
import { makeKey, readKey } from "../state/key-file.ts";
import { keyBytes } from "../state/seal.ts";
import type { QuarantineFolders } from "./quarantine-folders.ts";

export type QuarantineKeys = {
  content: Uint8Array;
  entries: Uint8Array;
  /** The name of a content's file. */
  nameOf(sha256: string): string;
};

/** Why what is kept cannot be opened, or null: another key would only make it worthless. */
export function keyProblem(folders: QuarantineFolders): string | null {
  try {
    const isEmpty = [folders.entries, folders.content].every((folder) => readdirSync(folder).length === 0);
    return readKey(folders.key) === null && !isEmpty ? "its key is gone" : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The keys, made at the first start. */
export async function openQuarantineKeys(folders: QuarantineFolders): Promise<QuarantineKeys> {
  const key = readKey(folders.key) ?? (await makeKey(folders.key));
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", key, "", `postern quarantine ${purpose}`, keyBytes));
  const names = derive("names");
  return {
    content: derive("content"),
    entries: derive("entries"),
    nameOf: (sha256) => createHmac("sha256", names).update(sha256).digest("hex"),
  };
}
