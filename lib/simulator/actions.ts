"use server";
import { defineLongAction } from "#lib/action.ts";
import { trySchema } from "./simulator-input.ts";
import { tryMessage } from "./try-message.ts";

export const tryMessageAction = defineLongAction({ input: trySchema, run: tryMessage });
