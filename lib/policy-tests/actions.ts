"use server";
import { z } from "zod";
import { policyTestSchema } from "#core/contract/policy-test.ts";
import { defineAction, defineLongAction } from "#lib/action.ts";
import { addPolicyTest, deletePolicyTest, editPolicyTest } from "./mutations.ts";
import { editPolicyTestSchema, policyTestRefSchema } from "./policy-test-input.ts";
import { runDraftTests } from "./queries.ts";

export const addPolicyTestAction = defineAction({
  input: policyTestSchema,
  run: (tx, input, actor) => addPolicyTest(tx, actor, input),
  topics: ["draft"],
});

export const editPolicyTestAction = defineAction({
  input: editPolicyTestSchema,
  run: (tx, input, actor) => editPolicyTest(tx, actor, input),
  topics: ["draft"],
});

export const deletePolicyTestAction = defineAction({
  input: policyTestRefSchema,
  run: (tx, input, actor) => deletePolicyTest(tx, actor, input),
  topics: ["draft"],
});

/** Runs all tests of the draft; the value has how each fared. */
export const runPolicyTestsAction = defineLongAction({ input: z.strictObject({}), run: () => runDraftTests() });
