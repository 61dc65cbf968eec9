"use server";
import { defineAction, defineDraftAction } from "#lib/action.ts";
import { addPolicy, clonePolicy, deletePolicy, editPolicy, movePolicy, setPolicyEnabled } from "./mutations.ts";
import {
  addPolicySchema,
  clonePolicySchema,
  deletePolicySchema,
  editPolicySchema,
  movePolicySchema,
  setPolicyEnabledSchema,
} from "./policy-input.ts";
import { resetCounters, resetCountersSchema } from "./reset-counters.ts";

export const addPolicyAction = defineDraftAction({
  input: addPolicySchema,
  run: (tx, input, actor) => addPolicy(tx, actor, input),
});

export const editPolicyAction = defineDraftAction({
  input: editPolicySchema,
  run: (tx, input, actor) => editPolicy(tx, actor, input),
});

export const setPolicyEnabledAction = defineDraftAction({
  input: setPolicyEnabledSchema,
  run: (tx, input, actor) => setPolicyEnabled(tx, actor, input),
});

export const movePolicyAction = defineDraftAction({
  input: movePolicySchema,
  run: (tx, input, actor) => movePolicy(tx, actor, input),
});

export const clonePolicyAction = defineDraftAction({
  input: clonePolicySchema,
  run: (tx, input, actor) => clonePolicy(tx, actor, input),
});

export const deletePolicyAction = defineDraftAction({
  input: deletePolicySchema,
  run: (tx, input, actor) => deletePolicy(tx, actor, input),
});

export const resetCountersAction = defineAction({
  input: resetCountersSchema,
  permission: "edit",
  topics: ["draft", "overview"],
  run: (tx, input, actor) => resetCounters(tx, actor, input, new Date()),
});
