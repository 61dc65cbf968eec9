import { MessageInspector, type MessageSummary } from "#core/message/inspector.ts";
import type { Part } from "#core/message/mime-outline.ts";
import { bytesOf, sameForEveryCut } from "./chunk-invariance.ts";

/** Everything that an inspector told of a message, in order. */
export type Inspected = { lines: [string, string[]][]; parts: Part[]; unscannable: string[]; summary: MessageSummary };

export function inspectChunks(chunks: readonly Uint8Array[]): Inspected {
  const lines: Inspected["lines"] = [];
  const parts: Part[] = [];
  const unscannable: string[] = [];
  const inspector = new MessageInspector(
    { header: true, attachment: true },
    {
      headerLine: (name, values) => lines.push([name, values]),
      headersEnd: () => lines.push(["", []]),
      part: ({ contentTypes, fileNames, attachment }) => parts.push({ contentTypes, fileNames, attachment }),
      unscannable: (reason) => unscannable.push(reason),
    },
  );
  for (const chunk of chunks) inspector.write(chunk);
  inspector.end();
  return { lines, parts, unscannable, summary: inspector.summary };
}

/** Inspects a message given as text with LF line ends; every cut must give the same. */
export function inspect(message: string): Inspected {
  return sameForEveryCut(bytesOf(message.replaceAll("\n", "\r\n")), inspectChunks);
}

export function fileNamesOf(message: string): string[] {
  return inspect(message).parts.flatMap((part) => part.fileNames);
}
