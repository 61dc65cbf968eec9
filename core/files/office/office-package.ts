import type { Findings } from "../reader.ts";
import { textOfHead } from "../types/text-of-head.ts";

/** A part of a package, with its text when it is asked for; null: it cannot be read. */
export type PackagePart = { name: string; text(): string | null };

/** What the mere name of a part tells, in Office's packages and in OpenDocument's. ECMA-376 part 1 §11–§15, [MS-OFFMACRO2], ODF 1.3 part 2 */
const tellingNames: readonly [name: RegExp, ...traits: Parameters<Findings["mark"]>][] = [
  [/(?:^|\/)(?:vbaproject[^/]*\.bin|vbadata\.xml|attachedtoolbars\.bin)$/i, "macros"],
  [/^xl\/(?:macrosheets|intlmacrosheets|dialogsheets)\//i, "macros"],
  [/^(?:basic\/.*\.x[mb]l|scripts\/.+[^/])$/i, "macros"],
  [/(?:^|\/)(?:embeddings|activex)\/[^/]+$/i, "embedded-object"],
];

const relationships = /(?:^|\/)_rels\/[^/]*\.rels$/i;
const relationship = /<(?:\w{1,40}:)?Relationship\s[^<>]{0,8000}>/gi;
/** What a document loads by itself when it is opened; links and pictures are left to the mail reader's own care. */
const loaded =
  /\sType\s{0,10}=\s{0,10}["'][^"']{0,300}\/(?:attachedTemplate|oleObject|frame|subDocument|afChunk|webSettings)["']/i;
const external = /\sTargetMode\s{0,10}=\s{0,10}["']External["']/i;

const wordText = /^word\/[^/]+\.xml$/i;
const fieldInstruction = /<(?:\w{1,40}:)?instrText(?:\s[^<>]{0,400})?>([^<]{0,2000})</gi;
const simpleField = /\s(?:\w{1,40}:)?instr\s{0,10}=\s{0,10}["']\s{0,40}(?:&quot;)?DDE(?:AUTO)?[\s"&\\]/i;
const autoName = /<definedName\s[^<>]{0,400}name\s{0,10}=\s{0,10}["']_xlnm\.Auto_(?:Open|Close|Activate|Deactivate)/i;

/** Looks into an office document that is a zip, by the names of its parts and the text of a few. */
export function inspectPackage(parts: readonly PackagePart[], findings: Findings): void {
  for (const part of parts) {
    for (const [pattern, trait] of tellingNames) if (pattern.test(part.name)) findings.mark(trait);
    inspectPart(part, findings);
  }
}

function inspectPart({ name, text }: PackagePart, findings: Findings): void {
  if (relationships.test(name)) {
    for (const [element] of (text() ?? "").matchAll(relationship)) {
      if (loaded.test(element) && external.test(element)) findings.mark("external-template");
    }
  } else if (wordText.test(name)) {
    if (hasDdeField(text() ?? "")) findings.mark("dde");
  } else if (/^xl\/externallinks\/[^/]+\.xml$/i.test(name)) {
    if (/<(?:\w{1,40}:)?ddeLink[\s>]/i.test(text() ?? "")) findings.mark("dde");
  } else if (/^xl\/workbook\.xml$/i.test(name)) {
    if (autoName.test(text() ?? "")) findings.mark("auto-macros");
  } else if (/^meta-inf\/manifest\.xml$/i.test(name)) {
    if (/<(?:\w{1,40}:)?encryption-data[\s>]/i.test(text() ?? "")) findings.mark("encrypted");
  }
}

/** An instruction may be cut into any number of runs. ECMA-376 part 1 §17.16.23 */
function hasDdeField(xml: string): boolean {
  if (simpleField.test(xml)) return true;
  let instructions = "";
  for (const [, piece = ""] of xml.matchAll(fieldInstruction)) instructions += piece;
  return /\bDDE(?:AUTO)?\b/i.test(instructions);
}

/** XML in whatever encoding it says by its first bytes. */
export function xmlText(bytes: Uint8Array): string {
  return textOfHead(bytes).text;
}
