"use server";
import { defineQuestion } from "#lib/action.ts";
import { findPastMessages, pastMessage } from "./queries.ts";
import { pastMessageRefSchema, pastSearchSchema, trySchema } from "./simulator-input.ts";
import { tryMessage } from "./try-message.ts";

export const tryMessageAction = defineQuestion({ input: trySchema, permission: null, run: tryMessage });

/** Messages of the history, to choose one to try again. */
export const findPastMessagesAction = defineQuestion({
  input: pastSearchSchema,
  permission: null,
  run: (search) => findPastMessages(search),
});

/** What is known of one of them; null: it is gone. */
export const pastMessageAction = defineQuestion({
  input: pastMessageRefSchema,
  permission: null,
  run: ({ id }) => pastMessage(id),
});
