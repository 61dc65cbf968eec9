import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";
import { LinkButton } from "./link-button.tsx";
import { searchHref } from "./search-href.ts";
import { Select } from "./select.tsx";

type SearchFormProps = {
  action: string;
  /** What else the address says: it stays, also when the filters are cleared. */
  kept?: Record<string, string | null>;
  children: ReactNode;
};

/** The filters of a list; a plain form whose address, under `action`, says what was asked. */
export function SearchForm({ action, kept = {}, children }: SearchFormProps) {
  return (
    <form
      action={action}
      role="search"
      className="mb-4 grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-end gap-3"
    >
      {children}
      {Object.entries(kept).map(
        ([name, value]) => value !== null && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <div className="flex gap-2">
        <Button type="submit" variant="primary">
          <Search aria-hidden size={14} />
          Search
        </Button>
        <LinkButton href={searchHref(action, kept)}>Clear</LinkButton>
      </div>
    </form>
  );
}

/** `value`: what is asked for now; null: nothing. */
type FilterProps = { name: string; label: string; value: string | null };
type TextFilterProps = FilterProps & { type?: "search" | "date"; placeholder?: string };

export function TextFilter({ name, label, value, type = "search", placeholder }: TextFilterProps) {
  return (
    <Field label={label}>
      {(control) => (
        // The key makes the field follow the address when a link sets or clears a filter.
        <Input
          key={value}
          {...control}
          name={name}
          type={type}
          placeholder={placeholder}
          defaultValue={value ?? ""}
          maxLength={320}
        />
      )}
    </Field>
  );
}

/** `choices`: words by value. */
export function ChoiceFilter({ name, label, value, choices }: FilterProps & { choices: Record<string, string> }) {
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

const ranges = { hour: "Last hour", day: "Last 24 hours", week: "Last 7 days", month: "Last 30 days" };

/** How far back, up to now. */
export function RangeFilter({ range }: { range: string | null }) {
  return <ChoiceFilter name="range" label="Time" value={range} choices={ranges} />;
}

/** Choices that are their own words. */
export function namedChoices(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}
