"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Select } from "#components/ui/select.tsx";

const choices = [1, 2, 5, 10, 30, 60];
const usual = 5;

type TrialChoiceProps = {
  /** What it would go back to, and what would. */
  live: number;
  next: number;
  /** Null: no trial. */
  minutes: number | null;
  onChange: (minutes: number | null) => void;
};

/** Whether the revision goes back by itself when nobody says that it is good. */
export function TrialChoice({ live, next, minutes, onChange }: TrialChoiceProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Checkbox
        label={`Go back to r${live} by itself unless somebody keeps r${next} within`}
        checked={minutes !== null}
        onChange={({ target }) => onChange(target.checked ? usual : null)}
      />
      <span className="w-32">
        <Select
          aria-label="Minutes until it goes back"
          value={minutes ?? usual}
          disabled={minutes === null}
          onChange={({ target }) => onChange(Number(target.value))}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice === 1 ? "1 minute" : `${choice} minutes`}
            </option>
          ))}
        </Select>
      </span>
    </div>
  );
}
