"use server";
import { defineDraftAction } from "#lib/action.ts";
import { addListSchema, deleteListSchema, editListSchema } from "./list-input.ts";
import { addList, deleteList, editList } from "./mutations.ts";

export const addListAction = defineDraftAction({
  input: addListSchema,
  run: (tx, input, actor) => addList(tx, actor, input),
});

export const editListAction = defineDraftAction({
  input: editListSchema,
  run: (tx, input, actor) => editList(tx, actor, input),
});

export const deleteListAction = defineDraftAction({
  input: deleteListSchema,
  run: (tx, input, actor) => deleteList(tx, actor, input),
});
