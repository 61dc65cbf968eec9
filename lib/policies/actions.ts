"use server";
import { defineAction } from "#lib/action.ts";
import { addPolicy, clonePolicy, deletePolicy, editPolicy, movePolicy, setPolicyEnabled } from "./mutations.ts";
import {
  addPolicySchema,
  clonePolicySchema,
  deletePolicySchema,
  editPolicySchema,
  movePolicySchema,
  setPolicyEnabledSchema,
} from "./policy-input.ts";

export const addPolicyAction = defineAction({
  input: addPolicySchema,
  run: (tx, input, actor) => addPolicy(tx, actor, input),
  topics: ["draft"],
});

export const editPolicyAction = defineAction({
  input: editPolicySchema,
  run: (tx, input, actor) => editPolicy(tx, actor, input),
  topics: ["draft"],
});

export const setPolicyEnabledAction = defineAction({
  input: setPolicyEnabledSchema,
  run: (tx, input, actor) => setPolicyEnabled(tx, actor, input),
  topics: ["draft"],
});

export const movePolicyAction = defineAction({
  input: movePolicySchema,
  run: (tx, input, actor) => movePolicy(tx, actor, input),
  topics: ["draft"],
});

export const clonePolicyAction = defineAction({
  input: clonePolicySchema,
  run: (tx, input, actor) => clonePolicy(tx, actor, input),
  topics: ["draft"],
});

export const deletePolicyAction = defineAction({
  input: deletePolicySchema,
  run: (tx, input, actor) => deletePolicy(tx, actor, input),
  topics: ["draft"],
});
