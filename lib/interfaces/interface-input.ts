import { z } from "zod";
import { interfaceSchema } from "#core/contract/policy-document.ts";
import { orderTargetSchema } from "#lib/revisions/draft-order.ts";

const version = z.number().int().positive();

export const addInterfaceSchema = interfaceSchema;
export type AddInterface = z.infer<typeof addInterfaceSchema>;

/** `version` is the one that the editor saw. */
export const editInterfaceSchema = z.strictObject({ interfaceId: z.uuid(), version, interface: interfaceSchema });
export type EditInterface = z.infer<typeof editInterfaceSchema>;

export const moveInterfaceSchema = z.strictObject({ interfaceId: z.uuid(), to: orderTargetSchema });
export type MoveInterface = z.infer<typeof moveInterfaceSchema>;

export const deleteInterfaceSchema = z.strictObject({ interfaceId: z.uuid(), version });
export type DeleteInterface = z.infer<typeof deleteInterfaceSchema>;
