"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";

type FirstWorkersProps = {
  workers: readonly { id: string; name: string }[];
  /** Their ids; null: all at once. */
  chosen: readonly string[] | null;
  onChange: (chosen: readonly string[] | null) => void;
};

/** Which workers get the revision first. The others keep theirs until somebody gives it to all. */
export function FirstWorkers({ workers, chosen, onChange }: FirstWorkersProps) {
  return (
    <div className="flex flex-col gap-1">
      <Checkbox
        label="Give it to some workers first; the others keep what they have until somebody gives it to all"
        checked={chosen !== null}
        onChange={({ target }) => onChange(target.checked ? workers.slice(0, 1).map(({ id }) => id) : null)}
      />
      {chosen !== null && (
        <fieldset className="ms-6 flex flex-wrap gap-x-4 gap-y-1">
          <legend className="sr-only">Workers that get it first</legend>
          {workers.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                onChange(
                  workers
                    .map((worker) => worker.id)
                    .filter((one) => (one === id ? target.checked : chosen.includes(one))),
                )
              }
            />
          ))}
        </fieldset>
      )}
    </div>
  );
}
