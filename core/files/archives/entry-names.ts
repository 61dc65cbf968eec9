import { latin1 } from "../bytes-at.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The upper half of the code page of the first PCs, which zip names without a flag are in. APPNOTE appendix D */
const upper437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/** Every reading of a name: those who unpack take undeclared bytes for UTF-8, for the old code page or for Latin-1. */
export function nameReadings(raw: Uint8Array): string[] {
  const plain = latin1(raw, 0, raw.length);
  if (!/[\x80-\xff]/.test(plain)) return [plain];
  const wide = utf8Text(raw);
  const old = plain.replace(/[\x80-\xff]/g, (character) => upper437[character.charCodeAt(0) - 128] ?? character);
  return wide === null ? [old, plain] : [wide, old];
}

/** Null: it is no UTF-8. */
export function utf8Text(raw: Uint8Array): string | null {
  try {
    return utf8.decode(raw);
  } catch {
    return null;
  }
}

/** What programs make of a name that hides its end: some stop at a NUL, Windows drops dots and blanks at the end. */
export function withoutDisguise(names: readonly string[]): string[] {
  const readings = new Set(names);
  for (const name of names) {
    const [visible = ""] = name.split("\0", 1);
    for (const text of [name, visible]) {
      let end = text.length;
      while (end > 0 && /[\s.\0]/.test(text[end - 1] ?? "")) end--;
      readings.add(text).add(text.slice(0, end));
    }
  }
  readings.delete("");
  return [...readings];
}
