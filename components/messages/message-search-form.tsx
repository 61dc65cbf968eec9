import { ChoiceFilter, namedChoices, SearchForm, TextFilter } from "#components/ui/search-form.tsx";
import { TimeFilters } from "#components/ui/time-filters.tsx";
import { verdictSchema } from "#core/contract/decision.ts";
import type { MessageSearch } from "#lib/messages/search.ts";
import { outcomeWords } from "./outcome-badge.tsx";

const verdicts = namedChoices(verdictSchema.options);

export function MessageSearchForm({ search }: { search: MessageSearch }) {
  return (
    <SearchForm action="/messages" kept={{ interface: search.interface }}>
      <TextFilter name="text" label="Subject or id" value={search.text} />
      <TextFilter name="sender" label="Sender" value={search.sender} />
      <TextFilter name="recipient" label="Recipient" value={search.recipient} />
      <TextFilter name="user" label="User" value={search.user} />
      <TextFilter name="rule" label="Rule name or id" value={search.rule} />
      <ChoiceFilter name="verdict" label="Verdict" value={search.verdict} choices={verdicts} />
      <ChoiceFilter name="outcome" label="Outcome" value={search.outcome} choices={outcomeWords} />
      <ChoiceFilter name="alarm" label="Alarm" value={search.alarm} choices={{ yes: "Rang an alarm" }} />
      {search.replay !== null && (
        <ChoiceFilter
          name="replay"
          label="Replay"
          value={search.replay}
          choices={{ [search.replay]: "Another verdict in a replay" }}
        />
      )}
      <TimeFilters search={search} />
    </SearchForm>
  );
}
