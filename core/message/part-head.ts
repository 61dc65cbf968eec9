import { fileNameReadings, fileNameReadingsMax } from "./file-name.ts";
import { type HeaderField, joinedWithoutBlanks, unfolded } from "./header-reader.ts";
import { readParameters, withoutComments } from "./parameters.ts";

/** A Content-Type, Content-Disposition or Content-Transfer-Encoding longer than this cannot be inspected. Bytes. */
export const contentFieldBytesMax = 65_536;

/** Parameters of one structural field, counted by their ";" and by their "=". */
export const parametersMax = 500;

/** What the header of a part says, every reading of it. */
export type PartHead = {
  contentTypes: string[];
  fileNames: string[];
  boundaries: string[];
  transferEncodings: string[];
  /** Content-Disposition says attachment, or the part has a name. */
  attachment: boolean;
};

const structural = new Set(["content-type", "content-disposition", "content-transfer-encoding"]);

/** Whether the field says anything about the structure. */
export function isStructural(name: string): boolean {
  return structural.has(name.toLowerCase());
}

/** Reads the structural fields of one header block; null when a cap is passed. `defaultType`: RFC 2045 §5.2, RFC 2046 §5.1.5. */
export function readPartHead(fields: readonly HeaderField[], defaultType: string): PartHead | null {
  const contentTypes = new Set<string>();
  const transferEncodings = new Set<string>();
  const boundaries = new Set<string>();
  const names = new Set<string>();
  let disposedAsAttachment = false;
  for (const { name, raw } of fields) {
    if (raw.length > contentFieldBytesMax || count(raw, ";") > parametersMax || count(raw, "=") > parametersMax)
      return null;
    const kind = name.toLowerCase();
    if (kind === "content-transfer-encoding") {
      transferEncodings.add(withoutComments(unfolded(raw)).replaceAll('"', "").trim().toLowerCase());
      continue;
    }
    for (const value of new Set([unfolded(raw), joinedWithoutBlanks(raw)])) {
      const { head, parameters } = readParameters(value);
      for (const key of ["filename", "name"]) for (const reading of parameters.get(key) ?? []) names.add(reading);
      if (kind === "content-disposition") disposedAsAttachment ||= head.toLowerCase() === "attachment";
      else {
        for (const type of mediaTypes(head, defaultType)) contentTypes.add(type);
        for (const reading of parameters.get("boundary") ?? []) boundaries.add(reading.trim());
      }
    }
  }
  if (contentTypes.size === 0) contentTypes.add(defaultType);
  const fileNames = fileNameReadings(names);
  if (fileNames.length > fileNameReadingsMax) return null;
  return {
    contentTypes: [...contentTypes],
    fileNames,
    boundaries: [...boundaries],
    transferEncodings: [...transferEncodings],
    attachment: disposedAsAttachment || fileNames.length > 0,
  };
}

/** RFC 2045 §5.1, with the blanks and without; an empty one counts as the default. */
function mediaTypes(head: string, defaultType: string): string[] {
  const type = head.toLowerCase();
  if (type === "") return [defaultType];
  const first = type.split(/[\s"]/, 1)[0] ?? "";
  const squeezed = type.replace(/[\s"]+/g, "");
  return first.includes("/") && first !== squeezed ? [first, squeezed] : [squeezed];
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found++;
  return found;
}
