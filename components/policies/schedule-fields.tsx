"use client";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { TextField } from "#components/ui/form-fields.tsx";
import { Input } from "#components/ui/input.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { useNow } from "#components/ui/use-now.ts";
import { scheduleSchema, weekDays } from "#core/contract/schedule.ts";
import { newWindow, type PolicyDraft, type WindowDraft } from "./policy-draft.ts";
import { scheduleState } from "./schedule-state.ts";

type ScheduleFieldsProps = {
  draft: Pick<PolicyDraft, "scheduled" | "timeZone" | "windows">;
  problems: FormProblems;
  onChange: (change: Partial<PolicyDraft>) => void;
};

const dayNames = { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" } as const;

/** When a policy takes connections: always, or in windows of a time zone. */
export function ScheduleFields({ draft, problems, onChange }: ScheduleFieldsProps) {
  const zonesId = useId();
  const { scheduled, timeZone, windows } = draft;
  const change = (key: number, to: Partial<WindowDraft>) =>
    onChange({ windows: windows.map((window) => (window.key === key ? { ...window, ...to } : window)) });
  return (
    <>
      <Checkbox
        label="Only at certain times"
        checked={scheduled}
        onChange={({ target: { checked } }) =>
          onChange({ scheduled: checked, timeZone: timeZone === "" ? browserZone() : timeZone })
        }
      />
      {!scheduled && <p className="text-muted">It takes connections always.</p>}
      {scheduled && (
        <>
          <p className="text-muted">
            Outside its windows the policy is passed over: the next one that admits the source takes the connection;
            where none does, clients are told to come again later.
          </p>
          <TextField
            label="Time zone"
            help="An IANA name; summer time is observed."
            list={zonesId}
            value={timeZone}
            problem={problemAt(problems, "schedule.timeZone")}
            onChange={(zone) => onChange({ timeZone: zone })}
          />
          <datalist id={zonesId}>
            {Intl.supportedValuesOf("timeZone").map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </datalist>
          {windows.map((window, index) => (
            <WindowFields
              key={window.key}
              window={window}
              number={index + 1}
              problem={problemAt(problems, `schedule.windows.${index}`)}
              onChange={(to) => change(window.key, to)}
              onRemove={
                windows.length > 1 ? () => onChange({ windows: windows.filter(({ key }) => key !== window.key) }) : null
              }
            />
          ))}
          <Button
            size="small"
            className="self-start"
            onClick={() =>
              onChange({ windows: [...windows, newWindow(Math.max(-1, ...windows.map(({ key }) => key)) + 1)] })
            }
          >
            <Plus aria-hidden size={14} />
            Add window
          </Button>
          <StateNow timeZone={timeZone} windows={windows} />
        </>
      )}
    </>
  );
}

type WindowFieldsProps = {
  window: WindowDraft;
  number: number;
  problem: string | undefined;
  onChange: (change: Partial<WindowDraft>) => void;
  onRemove: (() => void) | null;
};

function WindowFields({ window, number, problem, onChange, onRemove }: WindowFieldsProps) {
  const errorId = useId();
  const described = problem === undefined ? {} : { "aria-describedby": errorId, "aria-invalid": true as const };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 border-line border-s-2 ps-3">
      <legend className="sr-only">Window {number}</legend>
      <div className="flex flex-wrap gap-x-3 gap-y-1">
        {weekDays.map((day) => (
          <Checkbox
            key={day}
            label={dayNames[day]}
            checked={window.days.includes(day)}
            onChange={({ target: { checked } }) =>
              onChange({ days: weekDays.filter((other) => (other === day ? checked : window.days.includes(other))) })
            }
          />
        ))}
      </div>
      <div className="flex items-center gap-2">
        {(["from", "to"] as const).map((side) => (
          <label key={side} className="flex items-center gap-2">
            <span>{side}</span>
            <Input
              {...described}
              className="w-20 font-mono"
              placeholder={side === "from" ? "08:00" : "18:00"}
              value={window[side]}
              onChange={({ target: { value } }) => onChange({ [side]: value })}
            />
          </label>
        ))}
        {onRemove !== null && (
          <Button variant="quiet" size="icon" aria-label={`Remove window ${number}`} onClick={onRemove}>
            <X aria-hidden size={16} />
          </Button>
        )}
      </div>
      {window.to < window.from && <p className="text-muted">Goes over midnight and belongs to the day it begins on.</p>}
      {problem !== undefined && (
        <p id={errorId} className="text-deny">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

function StateNow({ timeZone, windows }: Pick<PolicyDraft, "timeZone" | "windows">) {
  const now = useNow();
  const read = scheduleSchema.safeParse({
    timeZone,
    windows: windows.map(({ days, from, to }) => ({ days, from, to })),
  });
  if (!read.success || now === null) return null;
  const { words } = scheduleState(read.data, new Date(now));
  return (
    <p className="rounded-md bg-sunken p-2 text-muted">
      {words[0]?.toUpperCase()}
      {words.slice(1)} ({timeZone}).
    </p>
  );
}

function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
