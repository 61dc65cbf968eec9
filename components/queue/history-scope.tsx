"use client";
import { useRouter } from "next/navigation";
import { searchHref } from "#components/ui/search-href.ts";
import { Select } from "#components/ui/select.tsx";
import type { QueueSearch } from "#lib/queue/search.ts";

type Choice = { value: string; words: string };

type HistoryScopeProps = {
  search: QueueSearch;
  routes: readonly string[];
  workers: readonly { id: string; name: string }[];
};

/** Of which route and which worker the charts are; what there is one of is no choice. */
export function HistoryScope({ search, routes, workers }: HistoryScopeProps) {
  const router = useRouter();
  const show = (part: Partial<QueueSearch>) =>
    router.push(searchHref("/queue", { ...search, ...part }), { scroll: false });
  return (
    <>
      <ScopeChoice
        label="Route of the charts"
        all="All routes"
        chosen={search.spanRoute}
        choices={routes.map((name) => ({ value: name, words: name }))}
        onChoose={(spanRoute) => show({ spanRoute })}
      />
      <ScopeChoice
        label="Worker of the charts"
        all="All workers"
        chosen={search.spanWorker}
        choices={workers.map(({ id, name }) => ({ value: id, words: name }))}
        onChoose={(spanWorker) => show({ spanWorker })}
      />
    </>
  );
}

type ScopeChoiceProps = {
  label: string;
  all: string;
  /** Null: all. */
  chosen: string | null;
  choices: readonly Choice[];
  onChoose: (value: string | null) => void;
};

function ScopeChoice({ label, all, chosen, choices, onChoose }: ScopeChoiceProps) {
  if (choices.length < 2 && chosen === null) return null;
  // What is gone by now still has its past.
  const isListed = chosen === null || choices.some(({ value }) => value === chosen);
  return (
    <span className="w-36">
      <Select
        aria-label={label}
        value={chosen ?? ""}
        onChange={({ target }) => onChoose(target.value === "" ? null : target.value)}
      >
        <option value="">{all}</option>
        {!isListed && <option value={chosen}>{chosen}</option>}
        {choices.map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Select>
    </span>
  );
}
