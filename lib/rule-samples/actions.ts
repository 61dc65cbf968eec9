"use server";
import { defineLongAction } from "#lib/action.ts";
import { findRuleSamples } from "./queries.ts";
import { ruleSamplesSchema } from "./sample-input.ts";

/** Looks for messages of the last 24 hours that a rule matches, saved or not. Changes nothing. */
export const findRuleSamplesAction = defineLongAction({
  input: ruleSamplesSchema,
  run: (input) => findRuleSamples(input, new Date()),
});
