"use client";
import { type ReactNode, useState } from "react";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import type { EditableRule } from "#lib/proxy-actions/queries.ts";
import { RuleEditor } from "./rule-editor.tsx";

/** The rule as the page has it now, null when it is gone. */
type OpenRuleProps = {
  found: EditableRule | null;
  closeHref: string;
  /** What tries it, once that is asked for. */
  trial: ReactNode;
  /** What is known of the rule, below its fields. */
  children: ReactNode;
};

/**
 * The editor of a rule as it was opened: the page behind is refreshed when somebody changes or deletes the rule meanwhile, and what was typed
 * must survive that.
 */
export function OpenRule({ found, closeHref, trial, children }: OpenRuleProps) {
  const [opened] = useState(found);
  if (opened === null) return <GoneDialog what="This rule" closeHref={closeHref} back="Show the rules" />;
  const meanwhile = found === null ? "deleted" : found.version === opened.version ? null : "changed";
  return (
    <RuleEditor
      target={{ kind: "edit", ruleId: opened.id, version: opened.version }}
      place={opened.place}
      initial={opened.rule}
      closeHref={closeHref}
      meanwhile={meanwhile}
      trial={trial}
    >
      {children}
    </RuleEditor>
  );
}
