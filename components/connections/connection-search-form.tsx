import { Search } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ConnectionSearch } from "#lib/connections/search.ts";
import { endWords } from "./end-badge.tsx";

const ranges = { hour: "Last hour", day: "Last 24 hours", week: "Last 7 days", month: "Last 30 days" };
const protocols = { smtp: "SMTP", pop3: "POP3" };

type FormProps = { search: ConnectionSearch; interfaces: readonly string[] };

/** The filters of the list; a plain form whose address says what was asked. */
export function ConnectionSearchForm({ search, interfaces }: FormProps) {
  const names = Object.fromEntries(interfaces.map((name) => [name, name]));
  return (
    <form
      action="/connections"
      role="search"
      className="mb-4 grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-end gap-3"
    >
      <TextFilter name="text" label="Client, id or cause" value={search.text} />
      <TextFilter name="user" label="User" value={search.user} />
      <ChoiceFilter name="protocol" label="Protocol" value={search.protocol} choices={protocols} />
      <ChoiceFilter name="end" label="End" value={search.end} choices={endWords} />
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
        <LinkButton href="/connections">Clear</LinkButton>
      </div>
    </form>
  );
}

type FilterProps = { name: keyof ConnectionSearch; label: string; value: string | null };

function TextFilter({ name, label, value, type = "search" }: FilterProps & { type?: "search" | "date" }) {
  return (
    <Field label={label}>
      {(control) => (
        // The key makes the field follow the address when a link sets or clears a filter.
        <Input key={value} {...control} name={name} type={type} defaultValue={value ?? ""} maxLength={320} />
      )}
    </Field>
  );
}

function ChoiceFilter({ name, label, value, choices }: FilterProps & { choices: Record<string, string> }) {
  return (
    <Field label={label}>
      {(control) => (
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
