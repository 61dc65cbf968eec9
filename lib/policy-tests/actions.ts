"use server";
import { z } from "zod";
import { policyTestSchema } from "#core/contract/policy-test.ts";
import { defineDraftAction, defineQuestion } from "#lib/action.ts";
import { addPolicyTest, deletePolicyTest, editPolicyTest } from "./mutations.ts";
import { editPolicyTestSchema, policyTestRefSchema } from "./policy-test-input.ts";
import { runDraftTests } from "./queries.ts";

export const addPolicyTestAction = defineDraftAction({
  input: policyTestSchema,
  run: (tx, input, actor) => addPolicyTest(tx, actor, input),
});

export const editPolicyTestAction = defineDraftAction({
  input: editPolicyTestSchema,
  run: (tx, input, actor) => editPolicyTest(tx, actor, input),
});

export const deletePolicyTestAction = defineDraftAction({
  input: policyTestRefSchema,
  run: (tx, input, actor) => deletePolicyTest(tx, actor, input),
});

/** Runs all tests of the draft; the value has how each fared. */
export const runPolicyTestsAction = defineQuestion({
  input: z.strictObject({}),
  permission: null,
  run: () => runDraftTests(),
});
