"use server";
import { defineAction } from "#lib/action.ts";
import { addRoute, deleteRoute, editRoute } from "./mutations.ts";
import { addRouteSchema, deleteRouteSchema, editRouteSchema } from "./route-input.ts";

export const addRouteAction = defineAction({
  input: addRouteSchema,
  run: (tx, input, actor) => addRoute(tx, actor, input),
  topics: ["draft"],
});

export const editRouteAction = defineAction({
  input: editRouteSchema,
  run: (tx, input, actor) => editRoute(tx, actor, input),
  topics: ["draft"],
});

export const deleteRouteAction = defineAction({
  input: deleteRouteSchema,
  run: (tx, input, actor) => deleteRoute(tx, actor, input),
  topics: ["draft"],
});
