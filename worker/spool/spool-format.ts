import { crc32 } from "node:zlib";
import { z } from "zod";
import type { SpoolEnvelope } from "./spool.ts";

/**
 * One accepted message in one file, numbers big-endian:
 *   magic "PSTNSPL1" · u32 length of the envelope · u32 CRC-32 of the envelope · the envelope, JSON
 *   the message, octet for octet
 *   the subject, JSON · u32 its length · u64 length of the message · u32 CRC-32 of message and subject · magic "PSTNEND1"
 * The end marks a complete file: what has none was never answered with 250.
 */
const startMagic = Buffer.from("PSTNSPL1");
const endMagic = Buffer.from("PSTNEND1");
export const startBytes = 16;
export const endBytes = 24;
export const envelopeBytesMax = 64 * 1024 * 1024;
export const subjectBytesMax = 64 * 1024;

export const envelopeSchema = z.strictObject({
  id: z.string(),
  receivedAt: z.number(),
  interface: z.string(),
  policy: z.string(),
  route: z.string(),
  revision: z.number(),
  sender: z.string(),
  mailParameters: z.array(z.string()),
  recipients: z.array(z.strictObject({ address: z.string(), parameters: z.array(z.string()) })).min(1),
  tls: z.enum(["none", "preferred", "required"]).optional(),
});
const subjectSchema = z.string().nullable();

/** The file cannot be what was accepted: never send it. */
export class SpoolFileDamaged extends Error {}

export function encodeStart(envelope: SpoolEnvelope): Buffer {
  const json = Buffer.from(JSON.stringify(envelope));
  const head = Buffer.alloc(startBytes);
  startMagic.copy(head);
  head.writeUInt32BE(json.length, 8);
  head.writeUInt32BE(crc32(json), 12);
  return Buffer.concat([head, json]);
}

/** `messageCrc` is the CRC-32 of the message's bytes. */
export function encodeEnd(subject: string | null, messageBytes: number, messageCrc: number): Buffer {
  const json = encodeSubject(subject);
  const tail = Buffer.alloc(endBytes);
  tail.writeUInt32BE(json.length, 0);
  tail.writeBigUInt64BE(BigInt(messageBytes), 4);
  tail.writeUInt32BE(crc32(json, messageCrc), 12);
  endMagic.copy(tail, 16);
  return Buffer.concat([json, tail]);
}

function encodeSubject(subject: string | null): Buffer {
  const json = Buffer.from(JSON.stringify(subject));
  return json.length <= subjectBytesMax ? json : Buffer.from(JSON.stringify(subject?.slice(0, 1000) ?? null));
}

/** The envelope's length and checksum, from the file's first `startBytes`. */
export function decodeStart(head: Uint8Array): { envelopeBytes: number; envelopeCrc: number } {
  const view = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (view.length < startBytes || !view.subarray(0, 8).equals(startMagic))
    throw new SpoolFileDamaged("its beginning is damaged");
  const envelopeBytes = view.readUInt32BE(8);
  if (envelopeBytes > envelopeBytesMax) throw new SpoolFileDamaged("its envelope is longer than an envelope can be");
  return { envelopeBytes, envelopeCrc: view.readUInt32BE(12) };
}

export function decodeEnvelope(json: Uint8Array, crc: number): SpoolEnvelope {
  const parsed = crc32(json) === crc ? envelopeSchema.safeParse(parseJson(json)) : null;
  if (parsed === null || !parsed.success) throw new SpoolFileDamaged("its envelope is damaged");
  return parsed.data;
}

/** What the file's last `endBytes` tell. */
export function decodeEnd(tail: Uint8Array): { subjectBytes: number; messageBytes: number; contentCrc: number } {
  const view = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  if (view.length < endBytes || !view.subarray(16, 24).equals(endMagic))
    throw new SpoolFileDamaged("its end is missing");
  const subjectBytes = view.readUInt32BE(0);
  if (subjectBytes > subjectBytesMax) throw new SpoolFileDamaged("its end is damaged");
  return { subjectBytes, messageBytes: Number(view.readBigUInt64BE(4)), contentCrc: view.readUInt32BE(12) };
}

export function decodeSubject(json: Uint8Array): string | null {
  const parsed = subjectSchema.safeParse(parseJson(json));
  if (!parsed.success) throw new SpoolFileDamaged("its subject is damaged");
  return parsed.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
