"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";

type MoveDialogProps = {
  name: string;
  position: number;
  /** The names of the ruleset's rules, in order. */
  names: readonly string[];
  onClose: () => void;
  onMove: (position: number) => void;
};

/** Moves a rule to a place that is chosen by the rule it goes before. */
export function MoveDialog({ name, position, names, onClose, onMove }: MoveDialogProps) {
  const [to, setTo] = useState(position);
  const others = names.filter((_, index) => index !== position - 1);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Move rule “${name}”`}
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            variant="primary"
            disabled={to === position}
            onClick={() => {
              onMove(to);
              onClose();
            }}
          >
            Move to position {to}
          </Button>
        </>
      }
    >
      <Field label="Place">
        {(control) => (
          <Select {...control} value={to} onChange={({ target }) => setTo(Number(target.value))}>
            {others.map((other, index) => (
              <option key={other} value={index + 1}>
                {index + 1}, before “{other}”
              </option>
            ))}
            <option value={names.length}>{names.length}, at the bottom</option>
          </Select>
        )}
      </Field>
    </Dialog>
  );
}
