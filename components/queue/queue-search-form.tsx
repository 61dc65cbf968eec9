import { Field } from "#components/ui/field.tsx";
import { ChoiceFilter, namedChoices, SearchForm, TextFilter } from "#components/ui/search-form.tsx";
import { Select } from "#components/ui/select.tsx";
import { queueCauseSchema, queueStateSchema } from "#core/contract/queue.ts";
import type { QueueSearch, QueueSort } from "#lib/queue/search.ts";
import { ageLooks } from "./age-looks.ts";
import { causeWords } from "./cause-words.ts";

const states = namedChoices(queueStateSchema.options);
const causes = Object.fromEntries(queueCauseSchema.options.map((cause) => [cause, causeWords[cause]]));
const ages = Object.fromEntries(ageLooks.map(({ age, words }) => [age, words]));
const sortWords: Record<QueueSort, string> = {
  oldest: "oldest first",
  newest: "newest first",
  next: "next attempt first",
  largest: "largest first",
  attempts: "most attempts first",
};

type QueueSearchFormProps = { search: QueueSearch; routes: readonly string[] };

/** The filters and the order of the queue. */
export function QueueSearchForm({ search, routes }: QueueSearchFormProps) {
  const { text, route, destination, state, cause, age, sort } = search;
  // What the charts show stays.
  const { interface: scope, span, spanRoute, spanWorker } = search;
  return (
    <SearchForm action="/queue" kept={{ interface: scope, span, spanRoute, spanWorker }}>
      <TextFilter name="text" label="Text" value={text} placeholder="sender, recipient, subject, id, reply" />
      <ChoiceFilter name="route" label="Route" value={route} choices={stillNamed(routes, route)} />
      <TextFilter name="destination" label="Destination" value={destination} placeholder="route, or domain by MX" />
      <ChoiceFilter name="state" label="State" value={state} choices={states} />
      <ChoiceFilter name="cause" label="Cause" value={cause} choices={causes} />
      <ChoiceFilter name="age" label="Age" value={age} choices={ages} />
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
    </SearchForm>
  );
}

/** What has no entries has left the list; the filter still names it. */
function stillNamed(names: readonly string[], asked: string | null): Record<string, string> {
  return namedChoices(asked === null || names.includes(asked) ? names : [...names, asked]);
}
