"use server";
import { defineDraftAction } from "#lib/action.ts";
import { addRoute, deleteRoute, editRoute } from "./mutations.ts";
import { addRouteSchema, deleteRouteSchema, editRouteSchema } from "./route-input.ts";

export const addRouteAction = defineDraftAction({
  input: addRouteSchema,
  run: (tx, input, actor) => addRoute(tx, actor, input),
});

export const editRouteAction = defineDraftAction({
  input: editRouteSchema,
  run: (tx, input, actor) => editRoute(tx, actor, input),
});

export const deleteRouteAction = defineDraftAction({
  input: deleteRouteSchema,
  run: (tx, input, actor) => deleteRoute(tx, actor, input),
});
