import { randomFillSync } from "node:crypto";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const randomPoolBytes = 4096;
const randomBytesPerId = 16;

/**
 * Makes ids of 26 characters (the ULID form): 10 for the time in milliseconds, 16 random ones (80 bits).
 * They sort by time and cannot be guessed.
 */
export function idMaker(now: () => number): () => string {
  const pool = new Uint8Array(randomPoolBytes);
  let used = randomPoolBytes;
  return () => {
    if (used >= randomPoolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    let id = timeCharacters(now());
    for (const end = used + randomBytesPerId; used < end; used++) id += alphabet[(pool[used] ?? 0) & 31];
    return id;
  };
}

function timeCharacters(milliseconds: number): string {
  let rest = milliseconds;
  let text = "";
  for (let n = 0; n < 10; n++) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
