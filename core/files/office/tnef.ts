import { nameReadings } from "../archives/entry-names.ts";
import { u8, u32le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { addEmbedded } from "./embedded.ts";

/** [MS-OXTNEF] §2.1.3.3.14, .15, .11: what begins an attachment, its name, its bytes. */
const attribute = { attachment: 0x0006_9002, title: 0x0001_8010, data: 0x0006_800f } as const;
const attachmentLevel = 2;

/** What Outlook puts into winmail.dat: each attachment is an entry. */
export function readTnef(bytes: Uint8Array, findings: Findings, depth: number): null {
  let names: string[] = [];
  let content: Uint8Array | null = null;
  const add = (): void => {
    if (content !== null) addEmbedded(names, content, findings, depth);
    names = [];
    content = null;
  };
  for (let at = 6; at + 9 <= bytes.length; ) {
    const [level, kind, size] = [u8(bytes, at), u32le(bytes, at + 1), u32le(bytes, at + 5)];
    const body = bytes.subarray(at + 9, at + 9 + size);
    if (body.length < size || level > attachmentLevel) {
      findings.mark("archive-damaged");
      break;
    }
    if (kind === attribute.attachment) add();
    else if (kind === attribute.title) names = nameReadings(withoutNul(body));
    else if (kind === attribute.data) content = body;
    at += 9 + size + 2;
  }
  add();
  return null;
}

function withoutNul(text: Uint8Array): Uint8Array {
  const nul = text.indexOf(0);
  return nul === -1 ? text : text.subarray(0, nul);
}
