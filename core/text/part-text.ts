import { type DecodedText, decodeText } from "./decode-text.ts";
import { readHtml } from "./html-reader.ts";
import { type Link, readLink } from "./link.ts";
import { LinkList } from "./link-list.ts";
import { writtenUrls } from "./written-urls.ts";

export type PartText = {
  /** What readers of mail would show; for HTML what it shows and, as one more, what it hides. */
  readings: string[];
  /** Charsets disagree: the readings are of the same bytes. */
  ambiguous: boolean;
  hiddenCharacters: number;
  links: Link[];
  /** Something was not looked at: text past `textBytesMax`, or links past `linksMax`. */
  truncated: boolean;
};

/** The text and links of a text part. `bytes`: its content with the transfer encoding undone; `charsets` as for `decodeText`. */
export function readPartText(bytes: Uint8Array, options: { charsets: readonly string[]; html: boolean }): PartText {
  const decoded = decodeText(bytes, options.charsets, options.html);
  return options.html ? htmlText(decoded) : plainText(decoded);
}

function plainText({ readings, truncated }: DecodedText): PartText {
  const list = new LinkList();
  for (const text of readings) {
    for (const url of writtenUrls(text)) list.add(() => readLink(url, "text", "", null));
  }
  return {
    readings,
    ambiguous: readings.length > 1,
    hiddenCharacters: 0,
    links: list.links,
    truncated: truncated || list.dropped > 0,
  };
}

function htmlText({ readings, truncated }: DecodedText): PartText {
  const texts = new Set<string>();
  const list = new LinkList();
  let hiddenCharacters = 0;
  let dropped = 0;
  for (const reading of readings) {
    const { visible, hidden, links, linksDropped } = readHtml(reading);
    texts.add(visible);
    if (hidden.trim() !== "") texts.add(hidden);
    hiddenCharacters = Math.max(hiddenCharacters, hidden.trim().length);
    dropped += linksDropped;
    for (const link of links) list.add(() => link);
  }
  return {
    readings: [...texts],
    ambiguous: readings.length > 1,
    hiddenCharacters,
    links: list.links,
    truncated: truncated || dropped + list.dropped > 0,
  };
}
