import { bytesOfText } from "./byte-text.ts";
import type { HeaderField } from "./header-reader.ts";
import { mailDate } from "./mail-date.ts";
import { fillHtml, fillText, htmlOfText, type NoticeValues } from "./notice-template.ts";
import type { NoticeKind, PublicReason } from "./notice-texts/notice-text.ts";
import { type NoticeLanguage, noticeTexts } from "./notice-texts.ts";
import { encodeField } from "./rewrite/header-field.ts";
import { noticeContent } from "./rewrite/part-content.ts";

/** RFC 5322 §2.1.1: characters of a line without CRLF. */
const lineCharactersMax = 998;
/** Characters kept of one field of the original. */
const fieldCharactersMax = 4_000;

/** Why, in words that anyone may read. */
export function publicReason(reason: PublicReason, language: NoticeLanguage): string {
  return noticeTexts[language].reasons[reason];
}

/** The values with those that our texts have where they are not given: what the reader may do, and whom to ask. */
function completed(kind: NoticeKind, language: NoticeLanguage, values: NoticeValues): NoticeValues {
  const { recoveries, administrator } = noticeTexts[language];
  // What a policy that names nobody has is the English one.
  const named = values.contact === noticeTexts.en.administrator ? undefined : values.contact;
  const withContact = { ...values, contact: named ?? administrator };
  return { ...withContact, recovery: values.recovery ?? fillText(recoveries[kind], withContact) };
}

/** A notice as plain text: of the template, or of our own text in the language. Its caller inserts it by `stripPart` and its like. */
export function noticeText(
  kind: NoticeKind,
  language: NoticeLanguage,
  values: NoticeValues,
  template = noticeTexts[language].notices[kind],
): string {
  return fillText(template, completed(kind, language, values));
}

/** A banner of templates, in both forms; HTML that is not given is made of the text. */
export function bannerTexts(
  language: NoticeLanguage,
  values: NoticeValues,
  templates: { text: string; html?: string | undefined },
): { text: string; html: string } {
  const all = completed("stripped", language, values);
  const text = fillText(templates.text, all);
  return { text, html: templates.html === undefined ? htmlOfText(text) : fillHtml(templates.html, all) };
}

export type Notice = {
  /** From, Date, Subject and Message-ID of the message whose place it takes, as they were. */
  identity: readonly HeaderField[];
  /** Why, in words that anyone may read: no rule, no list, no name. */
  reason: string;
  /** What an administrator finds the decision by. */
  id: string;
  /** Milliseconds since 1970, for a message that had no Date. */
  now: number;
  kind?: Extract<NoticeKind, "replaced" | "quarantined">;
  language?: NoticeLanguage;
  /** More than the reason and the id. */
  values?: NoticeValues;
};

/**
 * A message that takes another's place: plain text with CRLF lines, each field of the original's identity kept so that mail
 * readers file it where the original would be. Not dot-stuffed.
 */
export function buildNotice(notice: Notice): Uint8Array {
  const { identity, reason, id, now, kind = "replaced", language = "en", values = {} } = notice;
  const has = (name: string): boolean => identity.some((field) => field.name.toLowerCase() === name);
  const content = noticeContent(noticeText(kind, language, { ...values, reason, id }));
  const lines = [
    ...identity.map(({ name, raw }) => `${name}:${keptValue(raw)}\r\n`),
    // RFC 5322 §3.6: both are required.
    has("from") ? "" : "From: Mail gateway <postmaster@postern.invalid>\r\n",
    has("date") ? "" : `Date: ${mailDate(now)}\r\n`,
    "MIME-Version: 1.0\r\n",
    content.fields,
    // RFC 3834 §5
    "Auto-Submitted: auto-generated\r\n",
    encodeField("X-Postern-Id", id),
    "\r\n",
  ];
  const header = bytesOfText(lines.join(""));
  const message = new Uint8Array(header.length + content.body.length);
  message.set(header);
  message.set(content.body, header.length);
  return message;
}

/** The value with its folds, without anything that could end the header, break a line or run over its length. */
function keptValue(raw: string): string {
  const lines = raw.slice(0, fieldCharactersMax).split("\n");
  const clean = lines.map((line) => line.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "").slice(0, lineCharactersMax - 80));
  return clean.filter((line, index) => index === 0 || line.trim() !== "").join("\r\n");
}
