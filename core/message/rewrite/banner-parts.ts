import type { EditablePart } from "./edit-part.ts";

type TextPart = EditablePart & { readonly attachment: boolean };

/**
 * The parts of a message that its reader is shown as its text, and that a banner goes into: the first text/plain and the first
 * text/html that are neither attachments nor inside a message inside the message. All parts, each with its end known.
 */
export function bannerParts<P extends TextPart>(parts: readonly P[]): P[] {
  const found = new Map<string, P>();
  let insideTo = 0;
  for (const part of parts) {
    const { place } = part;
    if (place === null || part.form !== "mime" || place.headerStart < insideTo) continue;
    if (part.contentTypes.some((reading) => reading.startsWith("message/"))) insideTo = place.bodyEnd;
    else {
      const shown = shownAs(part.contentTypes);
      if (shown !== null && !part.attachment && !found.has(shown)) found.set(shown, part);
    }
  }
  return [...found.values()];
}

/** null: it is not shown as text, or readers disagree. RFC 2045 §5.2: a type that is none is text/plain. */
export function shownAs(contentTypes: readonly string[]): "text/plain" | "text/html" | null {
  const [type = "text/plain"] = contentTypes;
  if (contentTypes.length > 1) return null;
  if (type === "text/html") return type;
  return type === "text/plain" || !type.includes("/") ? "text/plain" : null;
}
