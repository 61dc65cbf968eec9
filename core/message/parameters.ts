import { decodeCharset, percentDecoded } from "./byte-text.ts";
import { decodeEncodedWords } from "./encoded-word.ts";

/** `name` in lower case with its RFC 2231 marks, `written` the value with its quotes, `values` every reading of that. */
export type RawParameter = { name: string; written: string; values: string[] };
type Segment = { index: number; extended: boolean; values: string[] };

/**
 * What a structured header value says: its first token, and every reading of each parameter by lower-case base name.
 * Mail readers disagree on quotes, backslashes, duplicates, comments, RFC 2231 continuations and RFC 2047 words in
 * parameters; a rule must hold for what any of them may show, so all readings are given.
 */
export type ParameterReadings = {
  head: string;
  parameters: Map<string, Set<string>>;
  /** As RFC 2045 §5.1 has them. */
  strict: readonly RawParameter[];
  /** The head is a token or two with a "/" between them. */
  plainHead: boolean;
  /** The value is written in the one way that all mail readers take alike. */
  wellFormed: boolean;
};

/** Takes a header value with one character a byte, unfolded. Linear in its length. */
export function readParameters(value: string): ParameterReadings {
  const strict = readStrictly(value);
  const parameters = new Map<string, Set<string>>();
  addReadings(parameters, strict.parameters);
  if (!strict.isSimple) addReadings(parameters, readLoosely(value));
  return { ...strict, strict: strict.parameters, parameters };
}

/** `isSimple`: so plainly written that there is nothing to read in another way. */
type Strict = { head: string; parameters: RawParameter[]; plainHead: boolean; wellFormed: boolean; isSimple: boolean };

/** RFC 2045 §5.1: token *(";" attribute "=" value), comments and quoted strings as units. */
function readStrictly(value: string): Strict {
  const [head = "", ...pieces] = splitOutsideQuotes(value);
  const parameters: RawParameter[] = [];
  const isPlain = plainHead.test(head);
  let wellFormed = isPlain;
  let isSimple = wellFormed;
  for (const piece of pieces) {
    if (piece.trim() === "") continue;
    const simple = simpleParameter.test(piece);
    isSimple &&= simple;
    wellFormed &&= simple || plainParameter.test(piece);
    const equals = piece.indexOf("=");
    if (equals === -1) continue;
    const name = withoutComments(piece.slice(0, equals)).trim().toLowerCase();
    const written = piece.slice(equals + 1).trim();
    if (name === "") continue;
    parameters.push({ name, written, values: simple ? [withoutQuotes(written)] : valueReadings(written) });
  }
  return { head: withoutComments(head).trim(), parameters, plainHead: isPlain, wellFormed, isSimple };
}

const plainHead = /^(?:[\w!#$&^.+-]+(?:\/[\w!#$&^.+-]+)?)?[ \t]*$/;
/** No comments, no blanks around "=", the quotes closed, a backslash only where it must be. */
const plainParameter = /^[ \t]*[\w-]+(?:\*\d{1,5})?\*?=(?:"(?:[^"\\]|\\["\\])*"|[^\s"()\\]+)[ \t]*$/;

/** Nothing in it that quotes or blanks would hide from one reader and show to another. */
const simpleParameter = /^[ \t]*[\w-]+(?:\*\d{1,5})?\*?=(?:"(?! )[^"\\;()]+(?<! )"|[^\s"()\\=]+)[ \t]*$/;

function withoutQuotes(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1) : written;
}

function splitOutsideQuotes(value: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  let commentDepth = 0;
  for (let at = 0; at < value.length; at++) {
    const character = value[at];
    if (character === "\\") at++;
    else if (character === '"' && commentDepth === 0) quoted = !quoted;
    else if (!quoted && character === "(") commentDepth++;
    else if (!quoted && character === ")" && commentDepth > 0) commentDepth--;
    else if (!quoted && commentDepth === 0 && character === ";") {
      pieces.push(value.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(value.slice(start));
  return pieces;
}

const looseParameter = /([A-Za-z0-9_-]{1,40}(?:\*\d{1,5})?\*?)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"?|[^;"]*)/g;

/** Every `name=value` that stands anywhere, whatever quotes or comments are around it. */
function readLoosely(value: string): RawParameter[] {
  const found: RawParameter[] = [];
  for (const piece of [value, ...value.split(";")]) {
    for (const match of piece.matchAll(looseParameter)) {
      const written = (match[2] ?? "").trim();
      found.push({ name: (match[1] ?? "").toLowerCase(), written, values: valueReadings(written) });
    }
  }
  return found;
}

/** A value as written, in every way that its quotes, backslashes, comments and blanks are taken. */
function valueReadings(written: string): string[] {
  const readings = new Set<string>();
  for (const value of new Set([written, withoutComments(written).trim()])) {
    if (value.startsWith('"')) {
      const quoted = /^"((?:[^"\\]|\\.)*)/.exec(value)?.[1] ?? "";
      readings.add(quoted.replace(/\\(.)/g, "$1"));
      readings.add(quoted);
      readings.add((value.slice(1).split('"')[0] ?? "").trim());
    } else {
      readings.add(value);
      readings.add(value.split(/[ \t]/, 1)[0] ?? "");
    }
    readings.add(value.replaceAll('"', "").trim());
  }
  return [...readings];
}

/** Text without its comments (RFC 5322 §3.2.2), quoted strings untouched. */
export function withoutComments(text: string): string {
  if (!text.includes("(")) return text;
  let kept = "";
  let quoted = false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const pair = character === "\\" ? text.slice(at, at + 2) : character;
    if (character === "\\") at++;
    else if (character === '"' && depth === 0) quoted = !quoted;
    else if (character === "(" && !quoted) depth++;
    if (depth === 0) kept += pair;
    else if (character === ")" && !quoted) depth--;
  }
  return kept;
}

export const extendedName = /^([^*]+)(?:\*(\d{1,5}))?(\*)?$/;

function addReadings(into: Map<string, Set<string>>, parameters: readonly RawParameter[]): void {
  const segments = new Map<string, Segment[]>();
  for (const { name, values } of parameters) {
    const [, base = name, index, star] = extendedName.exec(name) ?? [];
    const readings = into.get(base) ?? new Set<string>();
    into.set(base, readings);
    if (index !== undefined) {
      const list = segments.get(base) ?? [];
      list.push({ index: Number(index), extended: star !== undefined, values });
      segments.set(base, list);
    }
    for (const value of values) addValue(readings, value, star !== undefined);
  }
  for (const [base, list] of segments) {
    for (const joined of joinedSegments(list)) addValue(into.get(base) ?? new Set(), joined.text, joined.extended);
  }
}

function addValue(readings: Set<string>, value: string, extended: boolean): void {
  readings.add(value);
  if (value.includes("=?")) readings.add(decodeEncodedWords(value));
  if (extended || value.includes("%")) {
    readings.add(percentDecoded(value));
    readings.add(decodeExtended(value));
  }
}

/** RFC 2231 §4: charset'language'percent-encoded. */
export function decodeExtended(value: string): string {
  const [, charset, content] = /^([^']{0,60})'[^']{0,60}'(.*)$/s.exec(value) ?? [];
  if (charset === undefined || content === undefined) return percentDecoded(value);
  return decodeCharset(percentDecoded(content), charset === "" ? "utf-8" : charset);
}

/** RFC 2231 §3 continuations: in order of number up to a gap, over the gaps, and in the order written; the first or the last of equals. */
function joinedSegments(segments: readonly Segment[]): { text: string; extended: boolean }[] {
  const extended = segments.some((segment) => segment.extended);
  const joins = new Set<string>();
  const ordered = segments.toSorted((a, b) => a.index - b.index);
  for (const pick of [0, 1]) {
    const valueOf = (segment: Segment): string => segment.values[pick] ?? segment.values[0] ?? "";
    joins.add(segments.map(valueOf).join(""));
    const firsts = new Map<number, string>();
    const lasts = new Map<number, string>();
    for (const segment of ordered) {
      if (!firsts.has(segment.index)) firsts.set(segment.index, valueOf(segment));
      lasts.set(segment.index, valueOf(segment));
    }
    for (const byIndex of [firsts, lasts]) {
      joins.add([...byIndex.values()].join(""));
      joins.add(upToGap(byIndex));
    }
  }
  return [...joins].map((text) => ({ text, extended }));
}

function upToGap(byIndex: ReadonlyMap<number, string>): string {
  let text = "";
  for (let index = 0; byIndex.has(index); index++) text += byIndex.get(index) ?? "";
  return text;
}
