import type { Edit } from "./edit.ts";

/** What is to be done to a message, and in words for its trace. Without edits the words say why not. */
export type Rewrite = { readonly edits: readonly Edit[]; readonly did: string };

const encoder = new TextEncoder();
const none = new Uint8Array(0);

/** `text` at the offset, before what stands there. */
export function insertion(at: number, text: string | Uint8Array): Edit {
  return { start: at, end: at, bytes: typeof text === "string" ? encoder.encode(text) : text };
}

export function removal({ start, end }: { start: number; end: number }): Edit {
  return { start, end, bytes: none };
}

export function notPossible(what: string, why: string): Rewrite {
  return { edits: [], did: `${what} not possible: ${why}` };
}
