"use server";
import { defineAction } from "#lib/action.ts";
import { addPerson, changePerson, endSessions, removePerson, renewLink } from "./mutations.ts";
import { addPersonSchema, changePersonSchema, personRefSchema } from "./person-input.ts";

/** The value has the one-time link in clear, this once. */
export const addPersonAction = defineAction({
  input: addPersonSchema,
  permission: "manage-people",
  run: (tx, input, actor) => addPerson(tx, actor, input),
  topics: ["people"],
});

export const changePersonAction = defineAction({
  input: changePersonSchema,
  permission: "manage-people",
  run: (tx, input, actor) => changePerson(tx, actor, input),
  topics: ["people"],
});

/** The value has the one-time link in clear, this once. */
export const renewLinkAction = defineAction({
  input: personRefSchema,
  permission: "manage-people",
  run: (tx, input, actor) => renewLink(tx, actor, input),
  topics: ["people"],
});

export const endSessionsAction = defineAction({
  input: personRefSchema,
  permission: "manage-people",
  run: (tx, input, actor) => endSessions(tx, actor, input),
  topics: ["people"],
});

export const removePersonAction = defineAction({
  input: personRefSchema,
  permission: "manage-people",
  run: (tx, input, actor, asker) => removePerson(tx, actor, input, asker),
  topics: ["people"],
});
