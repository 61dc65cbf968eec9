import type { DecodeBase64 } from "#core/message/transfer-decoder.ts";

/** Node's own: many times as fast as what works everywhere. */
export const decodeBase64: DecodeBase64 = (text) => Buffer.from(text, "base64");
