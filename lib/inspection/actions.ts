"use server";
import { defineAction } from "#lib/action.ts";
import { deleteInspectionSchema, editInspectionSchema, inspectionObjectSchema } from "./inspection-input.ts";
import { addInspection, deleteInspection, editInspection } from "./mutations.ts";

export const addInspectionAction = defineAction({
  input: inspectionObjectSchema,
  run: (tx, input, actor) => addInspection(tx, actor, input),
  topics: ["draft"],
});

export const editInspectionAction = defineAction({
  input: editInspectionSchema,
  run: (tx, input, actor) => editInspection(tx, actor, input),
  topics: ["draft"],
});

export const deleteInspectionAction = defineAction({
  input: deleteInspectionSchema,
  run: (tx, input, actor) => deleteInspection(tx, actor, input),
  topics: ["draft"],
});
