import { asBytes, indexOfBytes, latin1, u16le, u32le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import type { FileType } from "../types/file-types.ts";
import { oleKind } from "../types/ole-kind.ts";
import { inflateZlib } from "../unpack/inflate.ts";
import { type CompoundEntry, CompoundFile } from "./compound-file.ts";
import { addEmbedded, addObjectStream } from "./embedded.ts";
import { traitsOfWorkbook } from "./excel-records.ts";
import { addMessageAttachments } from "./outlook-message.ts";
import { packedModule, runsByItself, unpackVba } from "./vba.ts";

/** Storages that hold objects: of Word, of Excel. */
const objectStorage = /^(?:ObjectPool|MBD[0-9A-F]{8})$/i;
const macroStorage = /^(?:VBA|Macros|_VBA_PROJECT_CUR)$/i;
/** Source of one module that is looked at. Bytes. */
const sourceMax = 8_388_608;
const macroStream = /^(?:_VBA_PROJECT|dir|PROJECTwm)$/i;

/** Documents of Office before 2007, encrypted ones of since, messages of Outlook, macro projects, embedded objects. */
export function readOle(bytes: Uint8Array, findings: Findings, depth: number): FileType {
  const file = new CompoundFile(bytes);
  const type = oleKind(
    file.entries.map(({ name }) => name),
    file.entries[0]?.classId ?? "",
  );
  if (file.entries.some(({ name, isStream }) => !isStream && objectStorage.test(name)))
    findings.mark("embedded-object");
  if (hasMacros(file)) findings.mark("macros");
  if (type === "application/vnd.ms-outlook") addMessageAttachments(file, findings, depth);
  else for (const entry of file.entries) if (entry.isStream) readStream(file, entry, findings, depth);
  if (file.damaged) findings.mark("archive-damaged");
  return type;
}

function hasMacros({ entries }: CompoundFile): boolean {
  const has = (pattern: RegExp, isStream: boolean): boolean =>
    entries.some((entry) => entry.isStream === isStream && pattern.test(entry.name));
  return has(macroStream, true) && (has(macroStorage, false) || has(/^_VBA_PROJECT$/i, true));
}

function readStream(file: CompoundFile, entry: CompoundEntry, findings: Findings, depth: number): void {
  const { name } = entry;
  const stream = file.read(entry);
  if (addObjectStream(name, stream, findings, depth)) return;
  if (/^(?:Workbook|Book)$/i.test(name)) for (const trait of traitsOfWorkbook(stream)) findings.mark(trait);
  else if (/^WordDocument$/i.test(name)) readWord(stream, findings);
  else if (/^PowerPoint Document$/i.test(name)) readSlides(stream, findings, depth);
  else if (/^Current User$/i.test(name) && u32le(stream, 12) === encryptedSlides) findings.mark("encrypted");
  const module = packedModule(stream);
  if (module === null) return;
  findings.mark("macros");
  const source = findings.unpack((bytesMax) => unpackVba(module, bytesMax), sourceMax);
  if (runsByItself(latin1(source, 0, sourceMax))) findings.mark("auto-macros");
}
/** [MS-PPT] §2.3.2 */
const encryptedSlides = 0xf3d1_c4df;

/** [MS-DOC] §2.5.2: fEncrypted. Fields begin with a character of their own, in 8 or 16 bits. §2.8.25 */
function readWord(stream: Uint8Array, findings: Findings): void {
  if ((u16le(stream, 10) & 0x100) !== 0) findings.mark("encrypted");
  for (const begin of [asBytes("\x13"), asBytes("\x13\0")]) {
    for (let at = indexOfBytes(stream, begin); at !== -1; at = indexOfBytes(stream, begin, at + 1)) {
      const instruction = latin1(stream, at + 1, at + fieldBytes).replaceAll("\0", "");
      if (/^\s{0,20}"?DDE(?:AUTO)?\b/i.test(instruction)) return findings.mark("dde");
    }
  }
}
const fieldBytes = 64;

const objectRecord = 0x1011;
const container = 0x0f;

/** Objects and macro projects stand packed among the records. [MS-PPT] §2.10.34, §2.3.1 */
function readSlides(stream: Uint8Array, findings: Findings, depth: number): void {
  for (let at = 0; at + 8 <= stream.length; ) {
    const [version, kind, size] = [u16le(stream, at), u16le(stream, at + 2), u32le(stream, at + 4)];
    const body = stream.subarray(at + 8, at + 8 + size);
    if (kind === objectRecord) {
      const isPacked = version >> 4 === 1;
      const content = isPacked ? findings.unpack((bytesMax) => inflateZlib(body.subarray(4), bytesMax)) : body;
      addEmbedded([], content, findings, depth);
    }
    at += (version & 0x0f) === container ? 8 : 8 + size;
  }
}
