import { type Pop3Verb } from "./command.ts";

/** Tags that we can honour when the server has them, and the command each stands for. */
const passable: ReadonlyMap<string, Pop3Verb | null> = new Map<string, Pop3Verb | null>([
  ["TOP", "TOP"],
  ["USER", "USER"],
  ["UIDL", "UIDL"],
  ["RESP-CODES", null],
  ["PIPELINING", null],
  ["EXPIRE", null],
  ["LOGIN-DELAY", null],
  ["AUTH-RESP-CODE", null],
]);

/** Lines of a CAPA answer past which the server is not believed. */
export const capabilitiesMax = 100;

/**
 * The server's capabilities (RFC 2449 §5) that hold through us, as the server wrote them. `allows` says whether the policy
 * lets a command pass. Never adds one; SASL, STLS, UTF8, LANG, IMPLEMENTATION and all unknown ones go.
 */
export function filterCapabilities(lines: readonly string[], allows: (verb: Pop3Verb) => boolean): string[] {
  return lines.filter((line) => {
    const verb = passable.get((line.split(" ", 1)[0] ?? "").toUpperCase());
    return verb === null || (verb !== undefined && allows(verb));
  });
}
