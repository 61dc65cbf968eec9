"use server";
import { defineAction } from "#lib/action.ts";
import {
  addInterfaceSchema,
  deleteInterfaceSchema,
  editInterfaceSchema,
  moveInterfaceSchema,
} from "./interface-input.ts";
import { addInterface, deleteInterface, editInterface, moveInterface } from "./mutations.ts";

export const addInterfaceAction = defineAction({
  input: addInterfaceSchema,
  run: (tx, input, actor) => addInterface(tx, actor, input),
  topics: ["draft"],
});

export const editInterfaceAction = defineAction({
  input: editInterfaceSchema,
  run: (tx, input, actor) => editInterface(tx, actor, input),
  topics: ["draft"],
});

export const moveInterfaceAction = defineAction({
  input: moveInterfaceSchema,
  run: (tx, input, actor) => moveInterface(tx, actor, input),
  topics: ["draft"],
});

export const deleteInterfaceAction = defineAction({
  input: deleteInterfaceSchema,
  run: (tx, input, actor) => deleteInterface(tx, actor, input),
  topics: ["draft"],
});
