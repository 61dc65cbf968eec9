"use client";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { emptyTarget, type TargetDraft } from "./route-draft.ts";

type TargetFieldsProps = {
  targets: readonly TargetDraft[];
  defaultPort: string;
  problems: FormProblems;
  onChange: (targets: TargetDraft[]) => void;
};

const targetsMax = 16;
const columns = [
  { name: "host", label: "Host", width: "flex-[3_1_9rem]" },
  { name: "port", label: "Port", width: "flex-[1_1_3.5rem]" },
  { name: "priority", label: "Priority", width: "flex-[1_1_3.5rem]" },
  { name: "weight", label: "Weight", width: "flex-[1_1_3.5rem]" },
] as const;

/** The servers of a route. */
export function TargetFields({ targets, defaultPort, problems, onChange }: TargetFieldsProps) {
  const helpId = useId();
  const all = problemAt(targets.length === 0 ? problems : {}, "targets");
  const add = () => {
    const key = Math.max(-1, ...targets.map((target) => target.key)) + 1;
    onChange([...targets, { ...emptyTarget, key, port: defaultPort }]);
  };
  return (
    <div className="flex flex-col gap-2">
      <p id={helpId} className="text-muted">
        Lower priority is tried first (empty: 0). Servers of one priority share the connections by weight (empty: 1). A
        server that fails is passed over until it answers again.
      </p>
      {all !== undefined && <p className="text-deny">{all}</p>}
      {targets.map((target, index) => (
        <TargetRow
          key={target.key}
          target={target}
          number={index + 1}
          helpId={helpId}
          problems={problems}
          onChange={(change) =>
            onChange(targets.map((other) => (other.key === target.key ? { ...other, ...change } : other)))
          }
          onRemove={() => onChange(targets.filter((other) => other.key !== target.key))}
        />
      ))}
      <Button size="small" className="self-start" disabled={targets.length >= targetsMax} onClick={add}>
        <Plus aria-hidden size={14} />
        Add server
      </Button>
    </div>
  );
}

type TargetRowProps = {
  target: TargetDraft;
  number: number;
  helpId: string;
  problems: FormProblems;
  onChange: (change: Partial<TargetDraft>) => void;
  onRemove: () => void;
};

function TargetRow({ target, number, helpId, problems, onChange, onRemove }: TargetRowProps) {
  const errorId = useId();
  const errors = columns.flatMap(({ name, label }) => {
    const words = problemAt(problems, `targets.${number - 1}.${name}`);
    return words === undefined ? [] : [`${label}: ${words}`];
  });
  return (
    <div>
      <div className="flex flex-wrap items-end gap-2">
        {columns.map(({ name, label, width }) => (
          <label key={name} className={`flex min-w-0 flex-col ${width}`}>
            <span className={number === 1 ? "text-muted" : "sr-only"}>{label}</span>
            <Input
              aria-label={`${label} of server ${number}`}
              aria-describedby={errors.length === 0 ? helpId : errorId}
              aria-invalid={problemAt(problems, `targets.${number - 1}.${name}`) === undefined ? undefined : true}
              inputMode={name === "host" ? "text" : "numeric"}
              className={name === "host" ? "font-mono" : ""}
              placeholder={
                name === "host" ? "mail.example.org" : name === "priority" ? "0" : name === "weight" ? "1" : ""
              }
              value={target[name]}
              onChange={({ target: { value } }) => onChange({ [name]: value })}
            />
          </label>
        ))}
        <Button variant="quiet" size="icon" aria-label={`Remove server ${number}`} onClick={onRemove}>
          <X aria-hidden size={16} />
        </Button>
      </div>
      {errors.length > 0 && (
        <p id={errorId} className="text-deny">
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}
