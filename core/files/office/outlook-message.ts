import type { Findings } from "../reader.ts";
import type { CompoundEntry, CompoundFile } from "./compound-file.ts";
import { addEmbedded } from "./embedded.ts";

/** Properties of an attachment: its bytes, its long and short names, in UTF-16 or 8 bits. [MS-OXMSG] §2.2.2, [MS-OXCMSG] §2.2.2 */
const dataStream = /__substg1\.0_3701(?:0102|000D)$/i;
const nameStream = /__substg1\.0_(?:3707|3704)(001F|001E)$/i;
const attachment = /(?:^|\/)(__attach_version1\.0_#[0-9A-F]{8})\/[^/]{1,64}$/i;

/** Every attachment of a message of Outlook becomes an entry. A message inside a message is read with the message. */
export function addMessageAttachments(file: CompoundFile, findings: Findings, depth: number): void {
  const names = new Map<string, string[]>();
  const contents = new Map<string, CompoundEntry>();
  for (const entry of file.entries) {
    if (!entry.isStream || !attachment.test(entry.path)) continue;
    const storage = entry.path.slice(0, entry.path.lastIndexOf("/"));
    const named = nameStream.exec(entry.path);
    if (named !== null) {
      const decoder = new TextDecoder(named[1]?.toUpperCase() === "001F" ? "utf-16le" : "windows-1252");
      names.set(storage, [...(names.get(storage) ?? []), decoder.decode(file.read(entry)).replaceAll("\0", "")]);
    } else if (dataStream.test(entry.path)) contents.set(storage, entry);
  }
  for (const [storage, entry] of contents) addEmbedded(names.get(storage) ?? [], file.read(entry), findings, depth);
}
