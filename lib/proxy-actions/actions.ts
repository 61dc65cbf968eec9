"use server";
import { defineDraftAction } from "#lib/action.ts";
import { deleteRules, setRuleSection, setRuleStates } from "./change-rules.ts";
import { moveRules } from "./move-rules.ts";
import { addRule, cloneRule, editNoneMatched, editRule } from "./mutations.ts";
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
  deleteRulesSchema,
  editNoneMatchedSchema,
  editRuleSchema,
  editSimpleRulesetSchema,
  moveRulesSchema,
  setRuleSectionSchema,
  setRuleStatesSchema,
} from "./rule-input.ts";
import { editSimpleRuleset } from "./simple-mutations.ts";

export const addRuleAction = defineDraftAction({
  input: addRuleSchema,
  run: (tx, input, actor) => addRule(tx, actor, input),
});

export const editRuleAction = defineDraftAction({
  input: editRuleSchema,
  run: (tx, input, actor) => editRule(tx, actor, input),
});

export const setRuleStatesAction = defineDraftAction({
  input: setRuleStatesSchema,
  run: (tx, input, actor) => setRuleStates(tx, actor, input),
});

export const setRuleSectionAction = defineDraftAction({
  input: setRuleSectionSchema,
  run: (tx, input, actor) => setRuleSection(tx, actor, input),
});

export const moveRulesAction = defineDraftAction({
  input: moveRulesSchema,
  run: (tx, input, actor) => moveRules(tx, actor, input),
});

export const cloneRuleAction = defineDraftAction({
  input: cloneRuleSchema,
  run: (tx, input, actor) => cloneRule(tx, actor, input),
});

export const deleteRulesAction = defineDraftAction({
  input: deleteRulesSchema,
  run: (tx, input, actor) => deleteRules(tx, actor, input),
});

export const editNoneMatchedAction = defineDraftAction({
  input: editNoneMatchedSchema,
  run: (tx, input, actor) => editNoneMatched(tx, actor, input),
});

export const addProxyActionAction = defineDraftAction({
  input: addProxyActionSchema,
  run: (tx, input, actor) => addProxyAction(tx, actor, input),
});

export const editProfileAction = defineDraftAction({
  input: editProfileSchema,
  run: (tx, input, actor) => editProfile(tx, actor, input),
});

export const cloneProxyActionAction = defineDraftAction({
  input: cloneProxyActionSchema,
  run: (tx, input, actor) => cloneProxyAction(tx, actor, input),
});

export const deleteProxyActionAction = defineDraftAction({
  input: deleteProxyActionSchema,
  run: (tx, input, actor) => deleteProxyAction(tx, actor, input),
});

export const editSimpleRulesetAction = defineDraftAction({
  input: editSimpleRulesetSchema,
  run: (tx, input, actor) => editSimpleRuleset(tx, actor, input),
});

export const addFromPresetAction = defineDraftAction({
  input: addFromPresetSchema,
  run: (tx, input, actor) => addFromPreset(tx, actor, input),
});
