import { Search } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Select } from "#components/ui/select.tsx";
import type { QuarantineFilter } from "#lib/quarantine/search.ts";
import { causeWords } from "./cause-words.tsx";

const states = { held: "held", released: "released" };

/** The filters of the quarantine; a plain form whose address says what was asked. */
export function QuarantineSearchForm({ search }: { search: QuarantineFilter }) {
  return (
    <form
      action="/quarantine"
      role="search"
      className="mb-4 grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-end gap-3"
    >
      <TextFilter name="text" label="Text or id" value={search.text} />
      <ChoiceFilter name="cause" label="Cause" value={search.cause} choices={causeWords} />
      <ChoiceFilter name="state" label="State" value={search.state} choices={states} />
      <TextFilter name="rule" label="Rule name or id" value={search.rule} />
      <TextFilter name="sender" label="Sender" value={search.sender} />
      <TextFilter name="recipient" label="Recipient or user" value={search.recipient} />
      <TextFilter name="subject" label="Subject" value={search.subject} />
      <TextFilter name="file" label="File name" value={search.file} />
      <TextFilter name="digest" label="SHA-256 begins with" value={search.digest} />
      <div className="flex gap-2">
        <Button type="submit" variant="primary">
          <Search aria-hidden size={14} />
          Search
        </Button>
        <LinkButton href="/quarantine">Clear</LinkButton>
      </div>
    </form>
  );
}

type FilterProps = { name: keyof QuarantineFilter; label: string; value: string | null };

function TextFilter({ name, label, value }: FilterProps) {
  return (
    <Field label={label}>
      {(control) => (
        // The key makes the field follow the address when a link sets or clears a filter.
        <Input key={value} {...control} name={name} type="search" defaultValue={value ?? ""} maxLength={320} />
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
