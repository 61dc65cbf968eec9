import { Search } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Select } from "#components/ui/select.tsx";
import { queueStateSchema } from "#core/contract/queue.ts";
import type { QueueSearch } from "#lib/queue/search.ts";

/** The filters of the queue; a plain form whose address says what was asked. */
export function QueueSearchForm({ search, routes }: { search: QueueSearch; routes: readonly string[] }) {
  const { text, route, state } = search;
  // A route without entries has left the list of routes; the filter still names it.
  const choices = route === null || routes.includes(route) ? routes : [...routes, route];
  return (
    <form
      action="/queue"
      role="search"
      className="mb-4 grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] items-end gap-3"
    >
      <Field label="Text">
        {(control) => (
          <Input
            {...control}
            key={text}
            name="text"
            type="search"
            placeholder="sender, recipient, subject, id, reply"
            defaultValue={text ?? ""}
            maxLength={320}
          />
        )}
      </Field>
      <Field label="Route">
        {(control) => (
          <Select key={route} {...control} name="route" defaultValue={route ?? ""}>
            <option value="">Any</option>
            {choices.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="State">
        {(control) => (
          <Select key={state} {...control} name="state" defaultValue={state ?? ""}>
            <option value="">Any</option>
            {queueStateSchema.options.map((word) => (
              <option key={word}>{word}</option>
            ))}
          </Select>
        )}
      </Field>
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
