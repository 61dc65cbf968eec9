import type { SmtpCapabilities } from "./capabilities.ts";

export type Parameter = { keyword: string; value: string | null };

export type MailParameters = {
  /** Bytes as declared (RFC 1870 §6.1), or null. */
  size: number | null;
  eightBit: boolean;
  smtpUtf8: boolean;
  /** Whether RET or ENVID was given. */
  dsn: boolean;
  /** RFC 4954 §5: who is said to have submitted it, as written; null: not said. */
  auth: string | null;
  /** What goes on to the next server, SIZE and AUTH left out. */
  passed: string[];
};

/** unknown: 555. syntax: 501. */
export type ParameterProblem = "unknown" | "syntax";
export type Read<T> = { ok: true; value: T } | { ok: false; problem: ParameterProblem };

const parametersMax = 16;
/** RFC 3461 §4: printable ASCII other than + and =, or +HH. */
const xtext = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})+$/;
const envidBytesMax = 100;
const orcptBytesMax = 500;
/** RFC 4954 §3: MAIL may be this much longer for AUTH. */
const submitterBytesMax = 500;

/** Cuts `KEY=value KEY` (RFC 5321 §4.1.2 esmtp-param); null when it cannot be read or a keyword comes twice. */
export function readParameters(text: string): Parameter[] | null {
  // No `/ +$/`: it takes quadratic time on blanks that something follows.
  let end = text.length;
  while (text[end - 1] === " ") end--;
  const trimmed = text.slice(0, end);
  if (trimmed === "") return [];
  if (!trimmed.startsWith(" ")) return null;
  const parameters: Parameter[] = [];
  for (const part of trimmed.trimStart().split(/ +/)) {
    const [, keyword, value] = /^([0-9A-Za-z][-0-9A-Za-z]*)(?:=([!-<>-~]+))?$/.exec(part) ?? [];
    if (keyword === undefined || parameters.length === parametersMax) return null;
    const upper = keyword.toUpperCase();
    if (parameters.some((other) => other.keyword === upper)) return null;
    parameters.push({ keyword: upper, value: value ?? null });
  }
  return parameters;
}

/** Reads MAIL's parameters; one that we did not offer is unknown (RFC 5321 §4.1.1.11). */
export function readMailParameters(parameters: readonly Parameter[], offered: SmtpCapabilities): Read<MailParameters> {
  const read: MailParameters = { size: null, eightBit: false, smtpUtf8: false, dsn: false, auth: null, passed: [] };
  for (const parameter of parameters) {
    const problem = readMailParameter(parameter, offered, read);
    if (problem !== null) return { ok: false, problem };
  }
  return { ok: true, value: read };
}

function readMailParameter(
  { keyword, value }: Parameter,
  offered: SmtpCapabilities,
  read: MailParameters,
): ParameterProblem | null {
  switch (keyword) {
    case "SIZE": // RFC 1870 §3
      if (offered.size === null) return "unknown";
      if (value === null || !/^\d{1,20}$/.test(value)) return "syntax";
      read.size = Number(value);
      return null;
    case "BODY": // RFC 6152 §2
      // RFC 3030 §3: never offered; a message without lines cannot go on as DATA.
      if (!offered.eightBitMime || value?.toUpperCase() === "BINARYMIME") return "unknown";
      if (value === null || !/^(?:7BIT|8BITMIME)$/i.test(value)) return "syntax";
      read.eightBit = value.toUpperCase() === "8BITMIME";
      break;
    case "SMTPUTF8": // RFC 6531 §3.4
      if (!offered.smtpUtf8) return "unknown";
      if (value !== null) return "syntax";
      read.smtpUtf8 = true;
      break;
    case "RET": // RFC 3461 §4.3
      if (!offered.dsn) return "unknown";
      if (value === null || !/^(?:FULL|HDRS)$/i.test(value)) return "syntax";
      read.dsn = true;
      break;
    case "ENVID": // RFC 3461 §4.4
      if (!offered.dsn) return "unknown";
      if (value === null || value.length > envidBytesMax || !isPrintableXtext(value)) return "syntax";
      read.dsn = true;
      break;
    case "AUTH": // RFC 4954 §5
      if (offered.auth.length === 0) return "unknown";
      if (value === null || (value !== "<>" && !isSubmitter(value))) return "syntax";
      read.auth = value;
      return null;
    default:
      return "unknown";
  }
  read.passed.push(written(keyword, value));
  return null;
}

/** Reads RCPT's parameters: gives what goes on to the next server. */
export function readRecipientParameters(parameters: readonly Parameter[], offered: SmtpCapabilities): Read<string[]> {
  const passed: string[] = [];
  for (const { keyword, value } of parameters) {
    if (!offered.dsn || (keyword !== "NOTIFY" && keyword !== "ORCPT")) return { ok: false, problem: "unknown" };
    const good = value !== null && (keyword === "NOTIFY" ? isNotify(value) : isOriginalRecipient(value));
    if (!good) return { ok: false, problem: "syntax" };
    passed.push(written(keyword, value));
  }
  return { ok: true, value: passed };
}

function written(keyword: string, value: string | null): string {
  return value === null ? keyword : `${keyword}=${value}`;
}

function isSubmitter(value: string): boolean {
  return value.length <= submitterBytesMax && isPrintableXtext(value);
}

/** RFC 3461 §4.1: NEVER alone, or a list without repetition. */
function isNotify(value: string): boolean {
  const conditions = value.toUpperCase().split(",");
  if (conditions.length === 1 && conditions[0] === "NEVER") return true;
  return (
    new Set(conditions).size === conditions.length && conditions.every((c) => /^(?:SUCCESS|FAILURE|DELAY)$/.test(c))
  );
}

/** RFC 3461 §4.2: address type, semicolon, xtext. */
function isOriginalRecipient(value: string): boolean {
  const [, address] = /^[0-9A-Za-z-]{1,40};(.+)$/.exec(value) ?? [];
  return address !== undefined && address.length <= orcptBytesMax && isPrintableXtext(address);
}

/** Encoded control characters would come out at a server that decodes them into a report. */
function isPrintableXtext(value: string): boolean {
  if (!xtext.test(value)) return false;
  return [...value.matchAll(/\+([0-9A-F]{2})/g)].every(([, hex]) => {
    const code = Number.parseInt(hex ?? "", 16);
    return code >= 32 && code <= 126;
  });
}
