"use server";
import { defineQuestion } from "#lib/action.ts";
import { trySchema } from "./simulator-input.ts";
import { tryMessage } from "./try-message.ts";

export const tryMessageAction = defineQuestion({ input: trySchema, permission: null, run: tryMessage });
