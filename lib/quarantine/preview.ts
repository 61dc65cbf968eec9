import { MessageInspector } from "#core/message/inspector.ts";
import type { Part } from "#core/message/part.ts";
import { keepFields, type ShownField } from "#lib/messages/header-fields.ts";
import { htmlToText } from "./safe-html.ts";

/** Of a message, for a person to look at; what lies behind is not read. */
export const previewBytesMax = 4 * 1024 * 1024;
const textCharactersMax = 200_000;
/** Of one text. */
const bodyBytesMax = 256 * 1024;
const partsMax = 200;

export type PreviewPart = { number: number; fileName: string | null; contentType: string; bytes: number };

export type Preview = {
  fields: ShownField[];
  /** The first text of the message. null: it has none. */
  text: string | null;
  /** The text was made from HTML. */
  fromHtml: boolean;
  hasHtml: boolean;
  parts: PreviewPart[];
  /** Where mail readers would show something else, and why reading ended early. */
  remarks: string[];
  cut: boolean;
};

type Read = Omit<Preview, "text" | "fromHtml" | "hasHtml" | "cut"> & { plain: string | null; html: string | null };

/** Reads the beginning of a message as text. Nothing in it is run, fetched or followed. */
export function previewOf(bytes: Uint8Array, cut: boolean): Preview {
  const { plain, html, ...read } = readMessage(bytes);
  const text = plain ?? (html === null ? null : htmlToText(html));
  return {
    ...read,
    text: text?.slice(0, textCharactersMax) ?? null,
    fromHtml: plain === null,
    hasHtml: html !== null,
    cut,
  };
}

/** The first HTML of the message, as it came. null: it has none. */
export function htmlOf(bytes: Uint8Array): string | null {
  return readMessage(bytes).html;
}

function readMessage(bytes: Uint8Array): Read {
  const read: Read = { fields: [], plain: null, html: null, parts: [], remarks: [] };
  const bodies = new Map<Part, { chunks: Uint8Array[]; bytes: number; shown: PreviewPart }>();
  const inspector = new MessageInspector(
    { header: true, attachment: true, content: true },
    {
      headerLine: keepFields(read.fields),
      headersEnd: () => undefined,
      part: (part) => {
        const contentType = part.contentTypes[0] ?? "text/plain";
        const shown = { number: part.number, fileName: part.fileNames[0] ?? null, contentType, bytes: 0 };
        if (read.parts.length < partsMax) read.parts.push(shown);
        bodies.set(part, { chunks: [], bytes: 0, shown });
      },
      partBody: (part, piece) => {
        const body = bodies.get(part);
        if (body === undefined) return;
        body.shown.bytes += piece.length;
        if (!isText(part) || body.bytes >= bodyBytesMax) return;
        body.chunks.push(piece.slice(0, bodyBytesMax - body.bytes));
        body.bytes += piece.length;
      },
      partEnd: (part) => {
        const body = bodies.get(part);
        bodies.delete(part);
        if (body === undefined || !isText(part)) return;
        if (body.bytes > bodyBytesMax) read.remarks.push(`Part ${part.number} is longer than what is shown of a text.`);
        const text = decodeText(Buffer.concat(body.chunks), part.charsets[0]);
        if (body.shown.contentType === "text/html") read.html ??= text;
        else read.plain ??= text;
      },
      ambiguous: (reason) => {
        const remark = `Mail readers disagree: ${reason}.`;
        if (!read.remarks.includes(remark)) read.remarks.push(remark);
      },
      unscannable: (reason) => read.remarks.push(`It was not read to its end: ${reason}.`),
    },
  );
  inspector.write(bytes);
  inspector.end();
  return read;
}

function isText({ contentTypes, attachment, form }: Part): boolean {
  const [type = "text/plain"] = contentTypes;
  return form === "mime" && !attachment && (type === "text/plain" || type === "text/html");
}

/** A file as text; null when it is none. */
export function fileText(bytes: Uint8Array, contentType: string | null): string | null {
  if (contentType === null || !/^text\//i.test(contentType)) return null;
  return decodeText(bytes, undefined).slice(0, textCharactersMax);
}

/** In its charset; one that nobody knows is read as UTF-8, with a sign for every octet that is not. */
function decodeText(bytes: Uint8Array, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
