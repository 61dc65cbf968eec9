"use server";
import { defineDraftAction } from "#lib/action.ts";
import { deleteInspectionSchema, editInspectionSchema, inspectionObjectSchema } from "./inspection-input.ts";
import { addInspection, deleteInspection, editInspection } from "./mutations.ts";

export const addInspectionAction = defineDraftAction({
  input: inspectionObjectSchema,
  run: (tx, input, actor) => addInspection(tx, actor, input),
});

export const editInspectionAction = defineDraftAction({
  input: editInspectionSchema,
  run: (tx, input, actor) => editInspection(tx, actor, input),
});

export const deleteInspectionAction = defineDraftAction({
  input: deleteInspectionSchema,
  run: (tx, input, actor) => deleteInspection(tx, actor, input),
});
