"use server";
import { defineQuestion } from "#lib/action.ts";
import { findRuleSamples } from "./queries.ts";
import { ruleSamplesSchema } from "./sample-input.ts";

/** Looks for messages of the last 24 hours that a rule matches, saved or not. Changes nothing. */
export const findRuleSamplesAction = defineQuestion({
  input: ruleSamplesSchema,
  permission: null,
  run: (input) => findRuleSamples(input, new Date()),
});
