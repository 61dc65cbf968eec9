import { ChoiceFilter, namedChoices, SearchForm, TextFilter } from "#components/ui/search-form.tsx";
import type { QuarantineSearch } from "#lib/quarantine/search.ts";
import { causeWords } from "./cause-words.tsx";

const states = namedChoices(["held", "released"]);

export function QuarantineSearchForm({ search }: { search: QuarantineSearch }) {
  return (
    <SearchForm action="/quarantine" kept={{ interface: search.interface }}>
      <TextFilter name="text" label="Text or id" value={search.text} />
      <ChoiceFilter name="cause" label="Cause" value={search.cause} choices={causeWords} />
      <ChoiceFilter name="state" label="State" value={search.state} choices={states} />
      <TextFilter name="rule" label="Rule name or id" value={search.rule} />
      <TextFilter name="sender" label="Sender" value={search.sender} />
      <TextFilter name="recipient" label="Recipient or user" value={search.recipient} />
      <TextFilter name="subject" label="Subject" value={search.subject} />
      <TextFilter name="file" label="File name" value={search.file} />
      <TextFilter name="digest" label="SHA-256 begins with" value={search.digest} />
    </SearchForm>
  );
}
