import type { Offer } from "#core/smtp/capabilities.ts";

/** Everything that needs no TLS and no login is offered. */
export const everyOffer: Offer = {
  pipelining: true,
  eightBitMime: true,
  smtpUtf8: true,
  enhancedStatusCodes: true,
  dsn: true,
  chunking: true,
  limits: true,
  auth: [],
  startTls: false,
  messageBytesMax: 1000,
  recipientsMax: 100,
  messagesMax: 7,
};
