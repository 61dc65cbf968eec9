import type { Pop3Verb } from "./command.ts";

/** What of a server's capabilities holds through us at this moment. */
export type CapabilityRules = {
  /** Whether the policy lets the command pass. */
  allows(verb: Pop3Verb): boolean;
  /** Mechanisms that may be used now. */
  mechanisms: readonly string[];
  /** Whether USER and PASS may be used now. */
  userPass: boolean;
  /** Whether STLS may be said to us now, whatever the server knows (RFC 2595 §4). */
  stls: boolean;
  pipelining: boolean;
  implementation: boolean;
};

/** Tags that we can honour when the server has them, and the command each stands for. */
const passable: ReadonlyMap<string, Pop3Verb | null> = new Map<string, Pop3Verb | null>([
  ["TOP", "TOP"],
  ["USER", "USER"],
  ["UIDL", "UIDL"],
  ["SASL", "AUTH"],
  ["UTF8", "UTF8"],
  ["LANG", "LANG"],
  ["RESP-CODES", null],
  ["PIPELINING", null],
  ["EXPIRE", null],
  ["LOGIN-DELAY", null],
  ["AUTH-RESP-CODE", null],
  ["IMPLEMENTATION", null],
]);

/** Lines of a CAPA answer past which the server is not believed. */
export const capabilitiesMax = 100;

/** The server's capabilities (RFC 2449 §6) that hold through us, as the server wrote them. Adds none but STLS; unknown ones go. */
export function filterCapabilities(lines: readonly string[], rules: CapabilityRules): string[] {
  const kept = lines.flatMap((line) => {
    const tag = tagOf(line);
    const verb = passable.get(tag);
    if (verb === undefined || (verb !== null && !rules.allows(verb))) return [];
    if (tag === "SASL") return saslLine(line, rules.mechanisms);
    if (tag === "USER") return rules.userPass ? [line] : [];
    if (tag === "PIPELINING") return rules.pipelining ? [line] : [];
    if (tag === "IMPLEMENTATION") return rules.implementation ? [line] : [];
    return [line];
  });
  return rules.stls ? [...kept, "STLS"] : kept;
}

/** The tag of a line, in upper case: tags ignore case. */
function tagOf(line: string): string {
  return (line.split(" ", 1)[0] ?? "").toUpperCase();
}

/** RFC 5034 §6: without mechanisms there is no such line. */
function saslLine(line: string, allowed: readonly string[]): string[] {
  const mechanisms = mechanismsOf(line).filter((mechanism) => allowed.includes(mechanism));
  return mechanisms.length === 0 ? [] : [`SASL ${mechanisms.join(" ")}`];
}

function mechanismsOf(line: string): string[] {
  return line
    .split(" ")
    .slice(1)
    .filter((word) => word !== "")
    .map((word) => word.toUpperCase());
}

/** The SASL mechanisms of a server. */
export function saslMechanisms(lines: readonly string[]): string[] {
  return lines.filter((line) => tagOf(line) === "SASL").flatMap(mechanismsOf);
}

/**
 * What all of some servers have. Tags without the same words everywhere go, as what a client is told must hold wherever it is led;
 * of SASL the common mechanisms stay.
 */
export function commonCapabilities(servers: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = servers;
  return first.flatMap((line) => {
    if (tagOf(line) !== "SASL") {
      const words = line.toUpperCase();
      return others.every((lines) => lines.some((other) => other.toUpperCase() === words)) ? [line] : [];
    }
    return saslLine(
      line,
      mechanismsOf(line).filter((name) => others.every((lines) => saslMechanisms(lines).includes(name))),
    );
  });
}
