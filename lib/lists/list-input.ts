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
