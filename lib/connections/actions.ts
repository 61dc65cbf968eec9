"use server";
import { defineLongAction } from "#lib/action.ts";
import { killOrderSchema } from "./kill-order.ts";
import { killSessions } from "./mutations.ts";

/** One worker is asked. */
export const killSessionsAction = defineLongAction({
  input: killOrderSchema,
  permission: "operate",
  run: killSessions,
});
