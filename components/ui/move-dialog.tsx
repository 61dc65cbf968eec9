"use client";
import { useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { Select } from "./select.tsx";

type MoveDialogProps = {
  /** What is moved: `rule “executables”`. */
  what: string;
  position: number;
  /** The names of all that stand in the order. */
  names: readonly string[];
  onClose: () => void;
  onMove: (position: number) => void;
};

/** Moves something to a place that is chosen by the one it goes before. */
export function MoveDialog({ what, position, names, onClose, onMove }: MoveDialogProps) {
  const [to, setTo] = useState(position);
  const others = names.filter((_, index) => index !== position - 1);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Move ${what}`}
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
