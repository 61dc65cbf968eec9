/** Bytes as text with one character a byte. For lines, not for bodies: all of it becomes arguments of one call. */
export function textOfBytes(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Without blanks around it. `trim` would take the byte A0 for one, with which letters end in UTF-8. */
export function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (text[from] === " ") from++;
  while (to > from && text[to - 1] === " ") to--;
  return text.slice(from, to);
}

/** The user-visible form of text with one character a byte: UTF-8 where it is that, else as it stands. */
export function decodeName(text: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytesOf(text));
  } catch {
    return text;
  }
}

/** The inverse of textOfBytes. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
