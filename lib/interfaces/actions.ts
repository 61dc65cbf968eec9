"use server";
import { defineDraftAction } from "#lib/action.ts";
import {
  addInterfaceSchema,
  deleteInterfaceSchema,
  editInterfaceSchema,
  moveInterfaceSchema,
} from "./interface-input.ts";
import { addInterface, deleteInterface, editInterface, moveInterface } from "./mutations.ts";

export const addInterfaceAction = defineDraftAction({
  input: addInterfaceSchema,
  run: (tx, input, actor) => addInterface(tx, actor, input),
});

export const editInterfaceAction = defineDraftAction({
  input: editInterfaceSchema,
  run: (tx, input, actor) => editInterface(tx, actor, input),
});

export const moveInterfaceAction = defineDraftAction({
  input: moveInterfaceSchema,
  run: (tx, input, actor) => moveInterface(tx, actor, input),
});

export const deleteInterfaceAction = defineDraftAction({
  input: deleteInterfaceSchema,
  run: (tx, input, actor) => deleteInterface(tx, actor, input),
});
