import { ChoiceFilter, SearchForm, TextFilter } from "#components/ui/search-form.tsx";
import { TimeFilters } from "#components/ui/time-filters.tsx";
import type { ConnectionSearch } from "#lib/connections/search.ts";
import { endWords } from "./end-badge.tsx";

const protocols = { smtp: "SMTP", pop3: "POP3" };

export function ConnectionSearchForm({ search }: { search: ConnectionSearch }) {
  return (
    <SearchForm action="/connections" kept={{ interface: search.interface }}>
      <TextFilter name="text" label="Client, id or cause" value={search.text} />
      <TextFilter name="user" label="User" value={search.user} />
      <ChoiceFilter name="protocol" label="Protocol" value={search.protocol} choices={protocols} />
      <ChoiceFilter name="end" label="End" value={search.end} choices={endWords} />
      <ChoiceFilter name="alarm" label="Alarm" value={search.alarm} choices={{ yes: "Rang an alarm" }} />
      <TimeFilters search={search} />
    </SearchForm>
  );
}
