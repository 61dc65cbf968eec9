import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { keyBytes } from "../state/seal.ts";

/**
 * Content on disk: magic "PSTNQRN1" · 32 octets of salt · frames. A frame is up to `frameBytes` of the content, AES-256-GCM with a key of this
 * file alone (HKDF-SHA-256 of the quarantine's key and the salt), and its tag. Its nonce counts the frames and says which is the last, so
 * that none can be left out, moved or cut off (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
 */
const magic = Buffer.from("PSTNQRN1");
const saltBytes = 32;
const headBytes = magic.length + saltBytes;
const tagBytes = 16;
const frameBytes = 64 * 1024;
const purpose = "postern quarantine content";

/** What lies on disk is not what was kept. */
export class ContentDamaged extends Error {}

/** How long the file of a content is. */
export function sealedBytes(contentBytes: number): number {
  return headBytes + contentBytes + tagBytes * Math.max(1, Math.ceil(contentBytes / frameBytes));
}

/** The file's bytes for a content that comes in pieces. */
export async function* sealContent(key: Uint8Array, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(saltBytes);
  const fileKey = fileKeyOf(key, salt);
  const frame = Buffer.alloc(frameBytes);
  let counter = 0;
  let used = 0;
  yield Buffer.concat([magic, salt]);
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      // Which frame is the last is known when the content has ended: a full one stays here until more comes.
      if (used === frameBytes) {
        yield sealFrame(fileKey, nonceOf(counter++, false), frame);
        used = 0;
      }
      const taken = piece.subarray(at, at + frameBytes - used);
      frame.set(taken, used);
      used += taken.length;
      at += taken.length;
    }
  }
  yield sealFrame(fileKey, nonceOf(counter, true), frame.subarray(0, used));
}

/** The content of the file. Throws ContentDamaged at the first frame that is not as it was written. */
export async function* unsealContent(key: Uint8Array, path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, headBytes);
    if (head.length < headBytes || !head.subarray(0, magic.length).equals(magic) || size < headBytes + tagBytes)
      throw new ContentDamaged("its beginning is damaged");
    const fileKey = fileKeyOf(key, head.subarray(magic.length));
    for (let at = headBytes, counter = 0; at < size; counter++) {
      const length = Math.min(frameBytes + tagBytes, size - at);
      const frame = await readAt(file, at, length);
      at += length;
      const content = unsealFrame(fileKey, nonceOf(counter, at === size), frame);
      if (content.length > 0) yield content;
    }
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, position);
  return buffer.subarray(0, bytesRead);
}

function fileKeyOf(key: Uint8Array, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, purpose, keyBytes));
}

function nonceOf(counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(counter, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function sealFrame(key: Uint8Array, nonce: Uint8Array, content: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

function unsealFrame(key: Uint8Array, nonce: Uint8Array, frame: Uint8Array): Buffer {
  if (frame.length < tagBytes) throw new ContentDamaged("its end is damaged");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAuthTag(frame.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(frame.subarray(0, -tagBytes)), decipher.final()]);
  } catch {
    throw new ContentDamaged("it was altered or cut off");
  }
}
