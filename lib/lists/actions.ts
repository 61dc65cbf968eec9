"use server";
import { defineAction } from "#lib/action.ts";
import { addListSchema, deleteListSchema, editListSchema } from "./list-input.ts";
import { addList, deleteList, editList } from "./mutations.ts";

export const addListAction = defineAction({
  input: addListSchema,
  run: (tx, input, actor) => addList(tx, actor, input),
  topics: ["draft"],
});

export const editListAction = defineAction({
  input: editListSchema,
  run: (tx, input, actor) => editList(tx, actor, input),
  topics: ["draft"],
});

export const deleteListAction = defineAction({
  input: deleteListSchema,
  run: (tx, input, actor) => deleteList(tx, actor, input),
  topics: ["draft"],
});
