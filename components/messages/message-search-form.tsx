import { Search } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Field, type FieldControl } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Select } from "#components/ui/select.tsx";
import { verdictSchema } from "#core/contract/decision.ts";
import type { MessageSearch } from "#lib/messages/search.ts";
import { outcomeWords } from "./outcome-badge.tsx";

const ranges = { hour: "Last hour", day: "Last 24 hours", week: "Last 7 days", month: "Last 30 days" };
const verdicts = Object.fromEntries(verdictSchema.options.map((verdict) => [verdict, verdict]));

type FormProps = { search: MessageSearch; interfaces: readonly string[] };

/** The filters of the list; a plain form whose address says what was asked. */
export function MessageSearchForm({ search, interfaces }: FormProps) {
  const names = Object.fromEntries(interfaces.map((name) => [name, name]));
  return (
    <form
      action="/messages"
      role="search"
      className="mb-4 grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-end gap-3"
    >
      <TextFilter name="text" label="Subject or id" value={search.text} />
      <TextFilter name="sender" label="Sender" value={search.sender} />
      <TextFilter name="recipient" label="Recipient" value={search.recipient} />
      <TextFilter name="user" label="User" value={search.user} />
      <TextFilter name="rule" label="Rule name or id" value={search.rule} />
      <ChoiceFilter name="verdict" label="Verdict" value={search.verdict} choices={verdicts} />
      <ChoiceFilter name="outcome" label="Outcome" value={search.outcome} choices={outcomeWords} />
      <ChoiceFilter name="alarm" label="Alarm" value={search.alarm} choices={{ yes: "Rang an alarm" }} />
      <ChoiceFilter name="interface" label="Interface" value={search.interface} choices={names} />
      <ChoiceFilter name="range" label="Time" value={search.range} choices={ranges} />
      <TextFilter name="from" label="From day (UTC)" value={search.from} type="date" />
      <TextFilter name="until" label="Until day (UTC)" value={search.until} type="date" />
      <div className="flex gap-2">
        <Button type="submit" variant="primary">
          <Search aria-hidden size={14} />
          Search
        </Button>
        <LinkButton href="/messages">Clear</LinkButton>
      </div>
    </form>
  );
}

type TextFilterProps = { name: keyof MessageSearch; label: string; value: string | null; type?: "search" | "date" };

function TextFilter({ name, label, value, type = "search" }: TextFilterProps) {
  return (
    <Field label={label}>
      {(control: FieldControl) => (
        // The key makes the field follow the address when a link sets or clears a filter.
        <Input key={value} {...control} name={name} type={type} defaultValue={value ?? ""} maxLength={320} />
      )}
    </Field>
  );
}

type ChoiceFilterProps = {
  name: keyof MessageSearch;
  label: string;
  value: string | null;
  choices: Record<string, string>;
};

function ChoiceFilter({ name, label, value, choices }: ChoiceFilterProps) {
  return (
    <Field label={label}>
      {(control: FieldControl) => (
        <Select key={value} {...control} name={name} defaultValue={value ?? ""}>
          <option value="">Any</option>
          {Object.entries(choices).map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
