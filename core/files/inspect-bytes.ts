import { type FileFacts, type FileTrait, fileTraits } from "./file-facts.ts";
import { Inspection, TooComplexError } from "./inspection.ts";
import { readerOf } from "./readers.ts";
import { detectType, endOfZip } from "./types/detect-type.ts";
import { type FileType, withFamily } from "./types/file-types.ts";

/**
 * Looks into a file and everything inside it, in bounded time and memory by the caps of inspection-limits.ts. Whatever the bytes are it
 * does not throw. The caller keeps `bytes` within a cap of its own.
 */
export function inspectBytes(bytes: Uint8Array): FileFacts {
  const inspection = new Inspection(bytes.length);
  let { type } = detectType(bytes, bytes);
  let problem: string | null = null;
  try {
    type = inspection.inspect(bytes, 0);
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    problem = error.message;
    inspection.mark("archive-too-complex");
  }
  const { entries, traits } = inspection;
  const { family } = withFamily(type);
  return { detectedType: type, family, traits: inOrder(traits), entries, problem };
}

/** Whether there is so little to look at that inspectBytes takes no longer than handing the file to somebody else. */
export function isQuick(bytes: Uint8Array): boolean {
  const { type, family } = detectType(bytes, bytes);
  const isRead = family === "executable" || endOfZip(bytes) !== -1 || readerOf(type) !== null;
  return !isRead || (bytes.length <= quickBytesMax && markup.has(type));
}

/** The body of a usual message. */
const quickBytesMax = 65_536;
const markup: ReadonlySet<FileType> = new Set(["text/html", "image/svg+xml"]);

function inOrder(traits: ReadonlySet<FileTrait>): FileTrait[] {
  const all = Object.keys(fileTraits) as FileTrait[];
  return all.filter((trait) => traits.has(trait));
}
