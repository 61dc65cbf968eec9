import { z } from "zod";
import { nameSchema } from "./name.ts";

/** Text that stands in one line of a protocol. */
export const lineText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\r\n\0]*$/, "no line ends");

/** A client that has connected on an interface. `at`: when. */
const clientShape = {
  interface: nameSchema,
  /** Of the listener; null: the first of the interface that takes the client. */
  port: z.int().min(1).max(65_535).nullable().default(null),
  client: z.union([z.ipv4(), z.ipv6()], { error: "expected an IPv4 or IPv6 address" }),
  tls: z.boolean().default(false),
  at: z.iso.datetime(),
};

/** It says who writes to whom. `user`: as whom it has logged in. */
export const smtpInputSchema = z.strictObject({
  protocol: z.literal("smtp").optional(),
  ...clientShape,
  helo: lineText(255).default("client.example"),
  user: lineText(320).nullable().default(null),
  /** Empty: the null path. */
  sender: lineText(320),
  recipients: z.array(lineText(320).min(1)).min(1).max(100),
});
export type SmtpInput = z.infer<typeof smtpInputSchema>;

/** How a client may log in: USER and PASS, APOP, or AUTH with a mechanism. */
export const pop3Logins = [
  "USER",
  "APOP",
  "PLAIN",
  "LOGIN",
  "CRAM-MD5",
  "SCRAM-SHA-1",
  "SCRAM-SHA-256",
  "XOAUTH2",
  "OAUTHBEARER",
] as const;
/** What a client may say once it is logged in; TOP, RETR and DELE of each message. */
export const pop3TriedCommands = ["CAPA", "LANG", "STAT", "LIST", "UIDL", "TOP", "RETR", "DELE"] as const;

/** It logs in to a mailbox in which the messages lie, and fetches them. The password is not asked. */
export const pop3InputSchema = z.strictObject({
  protocol: z.literal("pop3"),
  ...clientShape,
  user: lineText(320).min(1).default("user"),
  login: z.enum(pop3Logins).default("USER"),
  /** It says UTF8 before it logs in (RFC 6856 §2). */
  utf8: z.boolean().default(false),
  /** The language that it asks for with LANG, "*" for what the server likes (RFC 6856 §3); null: none. */
  language: z
    .string()
    .regex(/^(?:\*|[0-9A-Za-z]{1,8}(?:-[0-9A-Za-z]{1,8}){0,7})$/, "expected a language tag such as de, or *")
    .nullable()
    .default(null),
  /** What it says once it is logged in, in order; QUIT follows. */
  commands: z.array(z.enum(pop3TriedCommands)).min(1).max(pop3TriedCommands.length).default(["STAT", "UIDL", "RETR"]),
});
export type Pop3Input = z.infer<typeof pop3InputSchema>;

const anyTime = { at: clientShape.at.optional() };

/** What a trial is given, whenever it is made. */
export const givenInputSchema = z.discriminatedUnion("protocol", [
  smtpInputSchema.extend(anyTime),
  pop3InputSchema.extend(anyTime),
]);
export type GivenInput = z.infer<typeof givenInputSchema>;

/** Without a protocol it is SMTP. */
export const simulationInputSchema = z.discriminatedUnion("protocol", [smtpInputSchema, pop3InputSchema]);
export type SimulationInput = z.infer<typeof simulationInputSchema>;
