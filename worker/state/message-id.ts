import { randomFillSync } from "node:crypto";

const alphabet = Buffer.from("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "latin1");
const randomPoolBytes = 4096;
const timeCharacters = 10;
const randomBytesPerId = 16;

/**
 * Makes ids of 26 characters (the ULID form): 10 for the time in milliseconds, 16 random ones (80 bits).
 * They sort by time and cannot be guessed.
 */
export function idMaker(now: () => number): () => string {
  const pool = new Uint8Array(randomPoolBytes);
  // Put together in bytes: text that is put together from pieces takes several times the memory for as long as it is kept.
  const id = Buffer.alloc(timeCharacters + randomBytesPerId);
  let used = randomPoolBytes;
  return () => {
    if (used >= randomPoolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    writeTime(id, now());
    for (let at = timeCharacters; at < id.length; at++) id[at] = alphabet[(pool[used++] ?? 0) & 31] ?? 0;
    return id.toString("latin1");
  };
}

function writeTime(id: Buffer, milliseconds: number): void {
  let rest = milliseconds;
  for (let at = timeCharacters - 1; at >= 0; at--) {
    id[at] = alphabet[rest % 32] ?? 0;
    rest = Math.floor(rest / 32);
  }
}
