import type { Facts } from "#core/contract/facts.ts";
import type { Trait } from "#core/contract/traits.ts";
import type { Part } from "#core/message/part.ts";
import type { PartLook } from "./part-inspection.ts";

/** A part with everything that was asked about it. */
export type InspectedPart = {
  readonly part: Part;
  /** What the attachment ruleset is told of it. */
  readonly facts: Facts;
  /** null: its content was not asked for, or it has none of its own. */
  readonly look: PartLook | null;
};

/** `more`: what else is special about it than its header and its content tell. */
export function inspectedPart(part: Part, look: PartLook | null, more: readonly Trait[]): InspectedPart {
  const { fileNames, contentTypes } = part;
  const traits = new Set<Trait>([...(look?.traits ?? part.traits), ...more]);
  const names: Facts = { fileName: fileNames, contentType: contentTypes, trait: [...traits] };
  // What is not looked into is what it says that it is.
  if (look === null) return { part, look, facts: { ...names, detectedType: contentTypes } };
  const { bytes, sha256, file, text, scan, words } = look;
  const links = text?.links ?? [];
  const facts: Facts = {
    ...names,
    detectedType: [file.detectedType],
    partBytes: bytes,
    digest: [sha256],
    archiveEntry: file.entries.flatMap((entry) => entry.names),
    text: text?.readings ?? [],
    url: links.map(({ url }) => url),
    urlHost: [
      ...new Set(links.flatMap(({ host, hostUnicode }) => [host, hostUnicode].filter((name) => name !== null))),
    ],
    dictionary: words?.reached() ?? [],
    virus: scan?.viruses ?? [],
  };
  return { part, look, facts };
}
