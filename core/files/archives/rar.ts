import { u8 } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { readRar4 } from "./rar4.ts";
import { readRar5 } from "./rar5.ts";

/** Rar of every version. What is packed in it can be unpacked by its maker's own code only: of that the names and sizes are known. */
export function readRar(bytes: Uint8Array, findings: Findings, depth: number): null {
  // RE~^: before version 1.50, which nobody has written for thirty years.
  if (u8(bytes, 0) !== 0x52 || u8(bytes, 1) !== 0x61) findings.mark("archive-unread");
  else if (u8(bytes, 6) === 1) readRar5(bytes, findings, depth);
  else readRar4(bytes, findings, depth);
  return null;
}
