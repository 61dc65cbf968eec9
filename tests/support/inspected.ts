import type { Ambiguity } from "#core/message/ambiguity.ts";
import { MessageInspector, type MessageSummary } from "#core/message/inspector.ts";
import type { Part } from "#core/message/part.ts";
import { bytesOf, sameForEveryCut, textOf } from "./chunk-invariance.ts";

/** Everything that an inspector told of a message, in order. */
export type Inspected = {
  lines: [string, string[]][];
  parts: Part[];
  /** Decoded content by number of the part, one character a byte. */
  contents: Record<number, string>;
  ended: number[];
  /** Each reason once. */
  ambiguous: Ambiguity[];
  unscannable: string[];
  summary: MessageSummary;
};

export function inspectChunks(chunks: readonly Uint8Array[]): Inspected {
  const lines: Inspected["lines"] = [];
  const parts: Part[] = [];
  const contents: Inspected["contents"] = {};
  const ended: number[] = [];
  const ambiguous: Ambiguity[] = [];
  const unscannable: string[] = [];
  const inspector = new MessageInspector(
    { header: true, attachment: true, content: true },
    {
      headerLine: ({ name }, values) => lines.push([name, values]),
      headersEnd: () => lines.push(["", []]),
      part: (part) => parts.push(part),
      partBody: ({ number }, piece) => {
        contents[number] = (contents[number] ?? "") + textOf(piece);
      },
      partEnd: ({ number }) => ended.push(number),
      ambiguous: (reason) => {
        if (!ambiguous.includes(reason)) ambiguous.push(reason);
      },
      unscannable: (reason) => unscannable.push(reason),
    },
  );
  for (const chunk of chunks) inspector.write(chunk);
  inspector.end();
  return { lines, parts, contents, ended, ambiguous, unscannable, summary: inspector.summary };
}

/** Inspects a message given as text with LF line ends; every cut must give the same. */
export function inspect(message: string): Inspected {
  return sameForEveryCut(bytesOf(message.replaceAll("\n", "\r\n")), inspectChunks);
}

export function fileNamesOf(message: string): string[] {
  return inspect(message).parts.flatMap((part) => part.fileNames);
}
