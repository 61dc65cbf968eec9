import { z } from "zod";
import { nameSchema } from "./name.ts";

/** The languages that we have texts of our own in. */
export const noticeLanguages = ["en", "de", "fr", "es", "it", "nl", "pl", "pt"] as const;

/** What a template can name, as `%(reason)%`; `%CRLF%` ends a line. */
export const noticeVariables = [
  "reason",
  "type",
  "filename",
  "virus",
  "action",
  "recovery",
  "rule",
  "policy",
  "sender",
  "recipients",
  "subject",
  "msgid",
  "contact",
  "quarantine_link",
  "id",
  "date",
  "score",
] as const;

/** Text with variables: what looks like one is one. */
export function templateSchema(charactersMax: number) {
  return z
    .string()
    .min(1)
    .max(charactersMax)
    .refine((text) => unknownVariables(text).length === 0, {
      error: ({ input }) =>
        `${unknownVariables(String(input)).join(", ")}: there is no such variable; use ${noticeVariables.map((name) => `%(${name})%`).join(" ")}`,
    });
}

function unknownVariables(text: string): string[] {
  const known: readonly string[] = noticeVariables;
  return [...text.matchAll(/%\(([^()%]{0,40})\)%/g)].flatMap(([whole, name = ""]) =>
    known.includes(name) ? [] : [whole],
  );
}

/** A text that takes the place of what was removed, with variables such as `%(filename)%`; which there are: docs/notices.md. */
export const noticeSchema = z.strictObject({
  name: nameSchema,
  text: templateSchema(8_000),
  /** Where HTML is replaced. Absent: made from `text`. */
  html: templateSchema(32_000).optional(),
});
export type Notice = z.infer<typeof noticeSchema>;
export const noticesMax = 200;
