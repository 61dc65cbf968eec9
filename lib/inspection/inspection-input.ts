import { z } from "zod";
import { dictionarySchema } from "#core/contract/dictionary.ts";
import { noticeSchema } from "#core/contract/notice.ts";
import { scannerSchema } from "#core/contract/scanner.ts";

/** An object that messages are looked into with, as the policy document has it. */
export const inspectionObjectSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("scanner"), object: scannerSchema }),
  z.strictObject({ kind: z.literal("dictionary"), object: dictionarySchema }),
  z.strictObject({ kind: z.literal("notice"), object: noticeSchema }),
]);
export type InspectionObject = z.infer<typeof inspectionObjectSchema>;
export type InspectionKind = InspectionObject["kind"];

const version = z.number().int().positive();

/** `version` is the one that the editor saw. */
export const editInspectionSchema = z.strictObject({ id: z.uuid(), version, edited: inspectionObjectSchema });
export type EditInspection = z.infer<typeof editInspectionSchema>;

export const deleteInspectionSchema = z.strictObject({ id: z.uuid(), version });
export type DeleteInspection = z.infer<typeof deleteInspectionSchema>;
