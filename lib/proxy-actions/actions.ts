"use server";
import { defineAction } from "#lib/action.ts";
import { addRule, cloneRule, deleteRule, editNoneMatched, editRule, moveRule, setRuleState } from "./mutations.ts";
import { addFromPreset } from "./preset-mutations.ts";
import {
  addFromPresetSchema,
  addProxyActionSchema,
  cloneProxyActionSchema,
  deleteProxyActionSchema,
  editProfileSchema,
} from "./profile-input.ts";
import { addProxyAction, cloneProxyAction, deleteProxyAction, editProfile } from "./profile-mutations.ts";
import {
  addRuleSchema,
  cloneRuleSchema,
  deleteRuleSchema,
  editNoneMatchedSchema,
  editRuleSchema,
  editSimpleRulesetSchema,
  moveRuleSchema,
  setRuleStateSchema,
} from "./rule-input.ts";
import { editSimpleRuleset } from "./simple-mutations.ts";

export const addRuleAction = defineAction({
  input: addRuleSchema,
  run: (tx, input, actor) => addRule(tx, actor, input),
  topics: ["draft"],
});

export const editRuleAction = defineAction({
  input: editRuleSchema,
  run: (tx, input, actor) => editRule(tx, actor, input),
  topics: ["draft"],
});

export const setRuleStateAction = defineAction({
  input: setRuleStateSchema,
  run: (tx, input, actor) => setRuleState(tx, actor, input),
  topics: ["draft"],
});

export const moveRuleAction = defineAction({
  input: moveRuleSchema,
  run: (tx, input, actor) => moveRule(tx, actor, input),
  topics: ["draft"],
});

export const cloneRuleAction = defineAction({
  input: cloneRuleSchema,
  run: (tx, input, actor) => cloneRule(tx, actor, input),
  topics: ["draft"],
});

export const deleteRuleAction = defineAction({
  input: deleteRuleSchema,
  run: (tx, input, actor) => deleteRule(tx, actor, input),
  topics: ["draft"],
});

export const editNoneMatchedAction = defineAction({
  input: editNoneMatchedSchema,
  run: (tx, input, actor) => editNoneMatched(tx, actor, input),
  topics: ["draft"],
});

export const addProxyActionAction = defineAction({
  input: addProxyActionSchema,
  run: (tx, input, actor) => addProxyAction(tx, actor, input),
  topics: ["draft"],
});

export const editProfileAction = defineAction({
  input: editProfileSchema,
  run: (tx, input, actor) => editProfile(tx, actor, input),
  topics: ["draft"],
});

export const cloneProxyActionAction = defineAction({
  input: cloneProxyActionSchema,
  run: (tx, input, actor) => cloneProxyAction(tx, actor, input),
  topics: ["draft"],
});

export const deleteProxyActionAction = defineAction({
  input: deleteProxyActionSchema,
  run: (tx, input, actor) => deleteProxyAction(tx, actor, input),
  topics: ["draft"],
});

export const editSimpleRulesetAction = defineAction({
  input: editSimpleRulesetSchema,
  run: (tx, input, actor) => editSimpleRuleset(tx, actor, input),
  topics: ["draft"],
});

export const addFromPresetAction = defineAction({
  input: addFromPresetSchema,
  run: (tx, input, actor) => addFromPreset(tx, actor, input),
  topics: ["draft"],
});
