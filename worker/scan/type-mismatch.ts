import { fileTypes, isFileType } from "#core/files/types/file-types.ts";

/** Declared so for want of anything better: says nothing that could be wrong. */
const undeclared: ReadonlySet<string> = new Set([
  "application/octet-stream",
  "application/x-download",
  "application/force-download",
]);

/** Whether the content is of another kind than every declared type that is known says. */
export function isTypeMismatch(declared: readonly string[], detected: string): boolean {
  if (!isFileType(detected)) return false;
  const family = fileTypes[detected];
  if (family === "binary" || family === "empty") return false;
  const claims = declared.filter((type) => !undeclared.has(type));
  return claims.length > 0 && claims.every((type) => !agrees(type, detected, family));
}

function agrees(declared: string, detected: string, family: string): boolean {
  if (declared === detected) return true;
  if (isFileType(declared)) return fileTypes[declared] === family;
  const [kind = ""] = declared.split("/", 1);
  // A kind that is not told apart is taken at its word, unless the content is something that runs.
  if (kind === "image" || kind === "audio" || kind === "video" || kind === "font") return kind === family;
  return family !== "executable" && family !== "script" && family !== "shortcut";
}
