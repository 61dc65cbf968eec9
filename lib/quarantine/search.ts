import { z } from "zod";
import { quarantineCauseSchema, quarantineEntrySchema } from "#core/contract/quarantine.ts";
import { cursorSchema, searchTextSchema } from "#lib/search.ts";

const entryId = /^[\w-]{1,64}$/;

const asked = z.string().trim().min(1).max(320).nullable();
const causeAsked = quarantineCauseSchema.nullable();
const stateAsked = quarantineEntrySchema.shape.state.nullable();

/** What a search of the quarantine asks; null asks nothing. Strict: a command on what it finds must not mean more than was said. */
export const quarantineFilterSchema = z.strictObject({
  /** In the subject, an id, the From field or the file name. */
  text: asked,
  cause: causeAsked,
  state: stateAsked,
  /** A rule's id, or part of its name. */
  rule: asked,
  sender: asked,
  /** A recipient, or the POP3 user. */
  recipient: asked,
  subject: asked,
  file: asked,
  /** The SHA-256, or how it begins. */
  digest: asked,
  /** As readScope takes it. */
  interface: asked,
});
export type QuarantineFilter = z.infer<typeof quarantineFilterSchema>;

/** What the address of the Quarantine page can ask; anything that is not understood asks nothing. */
export const quarantineSearchSchema = z.object({
  text: searchTextSchema,
  cause: causeAsked.catch(null).default(null),
  state: stateAsked.catch(null).default(null),
  rule: searchTextSchema,
  sender: searchTextSchema,
  recipient: searchTextSchema,
  subject: searchTextSchema,
  file: searchTextSchema,
  digest: searchTextSchema,
  interface: searchTextSchema,
  /** The last row of the page before. */
  after: cursorSchema(entryId),
  /** The entry whose drawer is open. */
  entry: z.string().regex(entryId).nullable().catch(null).default(null),
});
export type QuarantineSearch = z.infer<typeof quarantineSearchSchema>;
