import { printable } from "#core/smtp/reply.ts";
import type { ScanFailure, ScanFailureCause } from "./scanner.ts";

/** What a scanner says of itself or of a message, cut to this before it is kept, in characters. */
export const scannerTextMax = 200;
/** Symbols of one answer; the rest is left out. */
export const symbolsMax = 200;
/** Names of malware of one answer, which may be kept for long. */
export const namesMax = 20;

/** A scanner's text as it may be kept and shown: printable ASCII, one line, cut. */
export function scannerText(said: string): string {
  return printable(said.slice(0, scannerTextMax)).trim();
}

export function failed(why: ScanFailureCause, detail: string): ScanFailure {
  return { result: "failed", why, detail: printable(detail.slice(0, scannerTextMax * 2)) };
}

/** The names that were found, in the order told, without repeats; one that says nothing is called so. */
export function foundNames(said: Iterable<string>): string[] {
  const names = new Set<string>();
  for (const name of said) {
    if (names.size === namesMax) break;
    names.add(scannerText(name) || "unnamed");
  }
  return [...names];
}

/** What went wrong, in the system's words: of several attempts at once Node leaves only the code. */
export function errorWords({ message, code = "no reason given" }: NodeJS.ErrnoException): string {
  return message === "" ? code : message;
}

/** A decimal number as scanners write them; null: it is none. */
export function readDecimal(text: string): number | null {
  return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : null;
}
