import { noticeVariables } from "#core/contract/notice.ts";
import { oneLine } from "./rewrite/header-field.ts";

/** Characters of one value; the rest is cut off. */
export const noticeValueCharactersMax = 500;

export type NoticeVariable = (typeof noticeVariables)[number];
export type NoticeValues = { readonly [Name in NoticeVariable]?: string };

const variable = /%\(([a-z_]{1,40})\)%/g;

/**
 * The template with its values, each one line without control characters. A line whose variables are all empty is left out. `%CRLF%` ends a
 * line. What a value contains is never read as a variable.
 */
export function fillText(template: string, values: NoticeValues): string {
  const lines = template.replaceAll("%CRLF%", "\n").split(/\r\n|\r|\n/);
  return lines
    .filter((line) => hasContent(line, values))
    .map((line) => filled(line, values, (value) => value))
    .join("\r\n");
}

/** The same of an HTML template, for which values are plain text. */
export function fillHtml(template: string, values: NoticeValues): string {
  return filled(template.replaceAll("%CRLF%", "<br>"), values, escapeHtml);
}

/** Plain text as HTML that shows it. */
export function htmlOfText(text: string): string {
  return `<div>${escapeHtml(text).replace(/\r\n|\r|\n/g, "<br>\n")}</div>`;
}

function hasContent(line: string, values: NoticeValues): boolean {
  const named = [...line.matchAll(variable)].map(([, name]) => valueOf(name, values));
  return named.length === 0 || named.some((value) => value !== "");
}

function filled(template: string, values: NoticeValues, write: (value: string) => string): string {
  return template.replace(variable, (whole, name: string) => {
    const value = valueOf(name, values);
    return value === null ? whole : write(value);
  });
}

/** null: no variable. */
function valueOf(name: string | undefined, values: NoticeValues): string | null {
  const known = noticeVariables.find((one) => one === name);
  if (known === undefined) return null;
  // Marks of direction would turn the text around them.
  return oneLine((values[known] ?? "").replace(/[\p{Cf}]+/gu, " "), noticeValueCharactersMax);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
