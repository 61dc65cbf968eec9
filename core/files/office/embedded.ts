import { nameReadings } from "../archives/entry-names.ts";
import { latin1, u32le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";

/** Tells of bytes that stand in a document as a file of their own. */
export function addEmbedded(names: readonly string[], content: Uint8Array, findings: Findings, depth: number): void {
  findings.addEntry({ names, bytes: content.length, packedBytes: null, encrypted: false, content }, depth);
}

/**
 * A file that was put into a document with the packager: a label, its path, the path of a copy, then its bytes. `at`: behind the size
 * that stands before it in compound files. Null: it is not laid out so.
 */
export function readPackage(native: Uint8Array, at: number): { names: string[]; content: Uint8Array } | null {
  const label = textAt(native, at + 2);
  const path = textAt(native, label.end);
  const copyAt = path.end + 8;
  const copyBytes = u32le(native, path.end + 4);
  const sizeAt = copyAt + copyBytes;
  const size = u32le(native, sizeAt);
  if (copyBytes > pathMax || size === 0 || size > native.length - sizeAt - 4) return null;
  const copy = textAt(native, copyAt);
  const names = [label.raw, path.raw, copy.raw].flatMap((raw) => nameReadings(raw)).filter((name) => name !== "");
  return { names: [...new Set(names)], content: native.subarray(sizeAt + 4, sizeAt + 4 + size) };
}
const pathMax = 4_096;

function textAt(bytes: Uint8Array, at: number): { raw: Uint8Array; end: number } {
  const nul = bytes.indexOf(0, at);
  const end = nul === -1 ? bytes.length : nul;
  return { raw: bytes.subarray(at, Math.min(end, at + pathMax)), end: end + 1 };
}

const oleNative = /^\u0001Ole10Native$/i;

/** What an object's stream holds by its name: a file of the packager, another document, or whatever its program wrote. */
export function addObjectStream(name: string, stream: Uint8Array, findings: Findings, depth: number): boolean {
  if (oleNative.test(name)) {
    const packaged = readPackage(stream, 4);
    findings.mark("embedded-object");
    addEmbedded(packaged?.names ?? [], packaged?.content ?? stream.subarray(4), findings, depth);
    return true;
  }
  if (!/^(?:Package|CONTENTS|EmbeddedOdf)$/i.test(name)) return false;
  findings.mark("embedded-object");
  addEmbedded([], stream, findings, depth);
  return true;
}

/** The object of an RTF file, [MS-OLEDS] §2.2.5: a header with the class's name, then the bytes. */
export function addOleObject(data: Uint8Array, findings: Findings, depth: number): void {
  findings.mark("embedded-object");
  const classAt = 12;
  const classBytes = u32le(data, 8);
  const className = latin1(data, classAt, classAt + Math.min(classBytes, 256)).replace(/\0+$/, "");
  let at = classAt + classBytes;
  // The names of the topic and the item, each with its length.
  for (let field = 0; field < 2; field++) at += 4 + u32le(data, at);
  const size = u32le(data, at);
  const content = data.subarray(at + 4, at + 4 + size);
  const isWhole = classBytes < 256 && content.length > 0;
  const packaged = isWhole && /^Package$/i.test(className) ? readPackage(content, 0) : null;
  if (packaged !== null) addEmbedded(packaged.names, packaged.content, findings, depth);
  else addEmbedded([], isWhole ? content : data, findings, depth);
}
