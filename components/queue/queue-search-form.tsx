import { Search } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Select } from "#components/ui/select.tsx";
import { queueCauseSchema, queueStateSchema } from "#core/contract/queue.ts";
import type { QueueSearch, QueueSort } from "#lib/queue/search.ts";
import { ageLooks } from "./age-looks.ts";
import { causeWords } from "./cause-words.ts";

type Choice = readonly [value: string, words: string];

const states: Choice[] = queueStateSchema.options.map((word) => [word, word]);
const causes: Choice[] = queueCauseSchema.options.map((cause) => [cause, causeWords[cause]]);
const ages: Choice[] = ageLooks.map(({ age, words }) => [age, words]);
const sortWords: Record<QueueSort, string> = {
  oldest: "oldest first",
  newest: "newest first",
  next: "next attempt first",
  largest: "largest first",
  attempts: "most attempts first",
};

type QueueSearchFormProps = { search: QueueSearch; routes: readonly string[]; interfaces: readonly string[] };

/** The filters and the order of the queue; a plain form whose address says what was asked. */
export function QueueSearchForm({ search, routes, interfaces }: QueueSearchFormProps) {
  const { text, route, destination, state, cause, age, sort, interface: listener } = search;
  // What the charts show stays.
  const { span, spanRoute, spanWorker } = search;
  return (
    <form
      action="/queue"
      role="search"
      className="mb-4 grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-end gap-3"
    >
      <TextFilter name="text" label="Text" value={text} placeholder="sender, recipient, subject, id, reply" />
      <ChoiceFilter name="route" label="Route" value={route} choices={named(routes, route)} />
      <TextFilter name="destination" label="Destination" value={destination} placeholder="route, or domain by MX" />
      <ChoiceFilter name="state" label="State" value={state} choices={states} />
      <ChoiceFilter name="cause" label="Cause" value={cause} choices={causes} />
      <ChoiceFilter name="age" label="Age" value={age} choices={ages} />
      <ChoiceFilter name="interface" label="Interface" value={listener} choices={named(interfaces, listener)} />
      <Field label="Order">
        {(control) => (
          <Select key={sort} {...control} name="sort" defaultValue={sort ?? "oldest"}>
            {Object.entries(sortWords).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {Object.entries({ span, spanRoute, spanWorker }).map(
        ([name, value]) => value !== null && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <div className="flex gap-2">
        <Button type="submit" variant="primary">
          <Search aria-hidden size={14} />
          Search
        </Button>
        <LinkButton href="/queue">Clear</LinkButton>
      </div>
    </form>
  );
}

/** What has no entries has left the list; the filter still names it. */
function named(names: readonly string[], asked: string | null): Choice[] {
  const all = asked === null || names.includes(asked) ? names : [...names, asked];
  return all.map((name) => [name, name]);
}

type FilterProps = { name: string; label: string; value: string | null };

function TextFilter({ name, label, value, placeholder }: FilterProps & { placeholder: string }) {
  return (
    <Field label={label}>
      {(control) => (
        // The key makes the field follow the address when a link sets or clears a filter.
        <Input
          key={value}
          {...control}
          name={name}
          type="search"
          placeholder={placeholder}
          defaultValue={value ?? ""}
          maxLength={320}
        />
      )}
    </Field>
  );
}

function ChoiceFilter({ name, label, value, choices }: FilterProps & { choices: readonly Choice[] }) {
  return (
    <Field label={label}>
      {(control) => (
        <Select key={value} {...control} name={name} defaultValue={value ?? ""}>
          <option value="">Any</option>
          {choices.map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
