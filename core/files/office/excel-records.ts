import { u8, u16le } from "../bytes-at.ts";
import type { FileTrait } from "../file-facts.ts";

const record = { sheet: 0x85, password: 0x2f, name: 0x18, links: 0x1ae } as const;
const macroSheet = 1;
const builtInName = 0x20;
const autoOpen = 1;
const autoClose = 2;
/** Between program and topic of a DDE link. [MS-XLS] §2.5.277 */
const linkSeparator = 3;

/** What the records of a workbook's stream tell. [MS-XLS] §2.4 */
export function traitsOfWorkbook(stream: Uint8Array): ReadonlySet<FileTrait> {
  const traits = new Set<FileTrait>();
  for (let at = 0; at + 4 <= stream.length; at += 4 + u16le(stream, at + 2)) {
    const body = stream.subarray(at + 4, at + 4 + u16le(stream, at + 2));
    switch (u16le(stream, at)) {
      case record.sheet:
        if (u8(body, 5) === macroSheet) traits.add("macros");
        break;
      case record.password:
        traits.add("encrypted");
        break;
      case record.name:
        if ((u16le(body, 0) & builtInName) !== 0 && isAutomatic(body)) traits.add("auto-macros");
        break;
      case record.links:
        if (u16le(body, 2) < 0x100 && body.subarray(4).includes(linkSeparator)) traits.add("dde");
        break;
      default:
    }
  }
  return traits;
}

/** A built-in name is a number where others have their letters: behind fourteen bytes, and in BIFF8 one more. §2.4.150 */
function isAutomatic(name: Uint8Array): boolean {
  return [u8(name, 14), u8(name, 15)].some((number) => number === autoOpen || number === autoClose);
}
