"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { ruleFits } from "#core/policy/rule-fits.ts";
import { type BlockMove, type RulesetPlace, toTop } from "#core/policy/rule-orders.ts";
import type { RuleView } from "#lib/policies/queries.ts";
import type { ProxyActionChoice } from "#lib/proxy-actions/queries.ts";
import { stageTitle } from "./stages.ts";

type MoveRulesDialogProps = {
  ids: readonly string[];
  /** Of the ruleset that they are in, in order. */
  rules: readonly RuleView[];
  place: RulesetPlace;
  choices: readonly ProxyActionChoice[];
  onClose: () => void;
  /** `where` in words: `message of Mail in`. */
  onMove: (to: BlockMove["to"], where: string) => void;
};

const toEnd = "end";

/** Moves rules to a place: before another rule of theirs, or into another ruleset in which they are legal. */
export function MoveRulesDialog({ ids, rules, place, choices, onClose, onMove }: MoveRulesDialogProps) {
  const moved = new Set(ids);
  const block = rules.filter(({ id }) => moved.has(id));
  const [target, setTarget] = useState(keyOf(place));
  const [before, setBefore] = useState(toTop);
  const here = target === keyOf(place);
  const rulesets = choices.flatMap(({ id, name, protocol }) =>
    stagesByProtocol[protocol]
      .filter((stage) => block.every(({ rule }) => ruleFits(rule, protocol, stage)))
      .map((stage) => ({ place: { proxyActionId: id, ruleset: stage }, name, stage })),
  );
  const chosen = rulesets.find((one) => keyOf(one.place) === target);
  const [only] = block;
  const what = block.length === 1 && only !== undefined ? `rule “${only.rule.name}”` : `${block.length} rules`;
  function move() {
    if (chosen === undefined) return;
    const where = `${stageTitle(chosen.stage).toLowerCase()} of ${chosen.name}`;
    onMove({ ...chosen.place, before: before === toEnd ? null : before }, where);
    onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Move ${what}`}
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button variant="primary" disabled={chosen === undefined} onClick={move}>
            Move {what}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Ruleset" hint="Those in which what the rules ask for is known, and what they do is possible.">
          {(control) => (
            <Select
              {...control}
              value={target}
              onChange={({ target: { value } }) => {
                setTarget(value);
                setBefore(value === keyOf(place) ? toTop : toEnd);
              }}
            >
              {choices.map(({ id, name }) => (
                <RulesetOptions
                  key={id}
                  name={name}
                  rulesets={rulesets.filter((one) => one.place.proxyActionId === id)}
                />
              ))}
            </Select>
          )}
        </Field>
        <Field label="Place" hint="Between two rules of one section they join it.">
          {(control) => (
            <Select {...control} value={before} onChange={({ target: { value } }) => setBefore(value)}>
              <option value={toTop}>At the top</option>
              {here &&
                rules.map(({ id, rule }, index) =>
                  moved.has(id) ? null : (
                    <option key={id} value={id}>
                      Before {index + 1}, “{rule.name}”
                    </option>
                  ),
                )}
              <option value={toEnd}>At the bottom</option>
            </Select>
          )}
        </Field>
      </div>
    </Dialog>
  );
}

type RulesetOptionsProps = { name: string; rulesets: readonly { place: RulesetPlace; stage: Stage }[] };

function RulesetOptions({ name, rulesets }: RulesetOptionsProps) {
  if (rulesets.length === 0) return null;
  return (
    <optgroup label={name}>
      {rulesets.map(({ place, stage }) => (
        <option key={stage} value={keyOf(place)}>
          {stageTitle(stage)} of {name}
        </option>
      ))}
    </optgroup>
  );
}

function keyOf({ proxyActionId, ruleset }: RulesetPlace): string {
  return `${proxyActionId}:${ruleset}`;
}
