import { z } from "zod";
import { dnsblSchema } from "./dnsbl.ts";
import { nameSchema } from "./name.ts";
import { hostSchema } from "./network.ts";
import { noticeLanguages } from "./notice.ts";

/**
 * How the sender is checked. What is asked follows from the rules: SPF is looked up when a rule or the results line wants it.
 * RFC 7208, 6376, 7489, 8617, 8601.
 */
export const senderAuthSchema = z
  .strictObject({
    /** add: an Authentication-Results line, and those that claim to be ours are removed. */
    results: z.enum(["none", "add"]).default("none"),
    /** Our name in that line; absent: the host name of the greeting. */
    authservId: hostSchema.optional(),
    /** Domains that nobody outside may use in From; with their subdomains. */
    ownDomains: z.array(hostSchema).max(1_000).default([]),
    dnsbls: z.array(dnsblSchema).max(20).default([]),
    /** For all checks of one message together. */
    timeLimitMs: z.number().int().min(500).max(60_000).default(10_000),
    /**
     * A message with a DKIM signature that our changes break. leave: it goes without. arc-seal: what we saw before the change is sealed
     * (RFC 8617). sign: signed again, for a From domain that we have a key of; else left.
     */
    onSignedModified: z.enum(["leave", "arc-seal", "sign"]).default("leave"),
    /** The signing key that seals. */
    sealWith: nameSchema.optional(),
    /** Outgoing mail is signed where we have a key of its From domain. */
    sign: z.enum(["none", "own-domains"]).default("none"),
  })
  .refine(({ onSignedModified, sealWith }) => onSignedModified !== "arc-seal" || sealWith !== undefined, {
    message: "name the key that seals",
    path: ["sealWith"],
  });
export type SenderAuthSettings = z.infer<typeof senderAuthSchema>;

/** How messages are looked into, whatever the protocol. */
export const contentSettingsSchema = z.strictObject({
  /** Scanners that judge every message, in this order. */
  scanners: z.array(nameSchema).max(8).default([]),
  /** The largest decoded part that is looked into beyond its first bytes; a larger one has the trait `too-large`. */
  inspectedPartBytesMax: z.number().int().min(65_536).max(1_073_741_824).default(26_214_400),
  /** Text of one part that rules and dictionaries read; what comes after is not looked at, and the part has the trait `too-large`. */
  inspectedTextBytesMax: z.number().int().min(4_096).max(1_048_576).default(1_048_576),
  /** From the last byte of a message to its verdict; past it the message hears 451 (POP3: a notice takes its place). */
  verdictTimeoutMs: z.number().int().min(1_000).max(300_000).default(60_000),
  /** Of our own notices. */
  noticeLanguage: z.enum(noticeLanguages).default("en"),
  /** Whom the reader of a notice may ask: `%(contact)%`. */
  contact: z.string().min(1).max(200).default("your mail administrator"),
  /** For `%(quarantine_link)%`: the console's address as people reach it. */
  consoleUrl: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional(),
});
export type ContentSettings = z.infer<typeof contentSettingsSchema>;
