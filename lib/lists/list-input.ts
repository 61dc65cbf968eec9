import { z } from "zod";
import { listSchema } from "#core/contract/policy-document.ts";

const version = z.number().int().positive();

export const addListSchema = listSchema;
export type AddList = z.infer<typeof addListSchema>;

/** `version` is the one that the editor saw. */
export const editListSchema = z.strictObject({ listId: z.uuid(), version, list: listSchema });
export type EditList = z.infer<typeof editListSchema>;

export const deleteListSchema = z.strictObject({ listId: z.uuid(), version });
export type DeleteList = z.infer<typeof deleteListSchema>;

/** Entries as people type them: one a line, blank lines and repetitions left out, order kept. */
export function entriesFromText(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}
