"use client";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { RangeFilter } from "#components/ui/search-form.tsx";
import { Select } from "#components/ui/select.tsx";
import { DayZone, useDayZone } from "#components/ui/time-filters.tsx";
import type { AuditSearch } from "./audit-search.ts";

type AuditFilterFormProps = { search: AuditSearch; facets: { actors: string[]; actions: string[] } };

/** The filter as a plain form: its result is an address that can be kept and sent. */
export function AuditFilterForm({ search, facets }: AuditFilterFormProps) {
  const zone = useDayZone(search.from !== null || search.to !== null, search.zone);
  return (
    <form
      action="/audit"
      className="mb-4 grid grid-cols-2 items-end gap-2 sm:grid-cols-3 xl:grid-cols-[1fr_1fr_1fr_1fr_1fr_1fr_auto]"
    >
      <Field label="Actor">
        {(control) => (
          <Select key={search.actor} {...control} name="actor" defaultValue={search.actor ?? ""}>
            <option value="">Everybody</option>
            <Options values={facets.actors} />
          </Select>
        )}
      </Field>
      <Field label="Action">
        {(control) => (
          <Select key={search.action} {...control} name="action" defaultValue={search.action ?? ""}>
            <option value="">Everything</option>
            <Options values={facets.actions} />
          </Select>
        )}
      </Field>
      <Field label="Session or token">
        {(control) => (
          <Input key={search.via} {...control} name="via" autoComplete="off" defaultValue={search.via ?? ""} />
        )}
      </Field>
      <RangeFilter range={search.range} />
      <Field label={`From (${zone})`}>
        {(control) => <Input key={search.from} {...control} type="date" name="from" defaultValue={search.from ?? ""} />}
      </Field>
      <Field label={`To (${zone})`}>
        {(control) => <Input key={search.to} {...control} type="date" name="to" defaultValue={search.to ?? ""} />}
      </Field>
      <DayZone zone={zone} />
      <div className="flex gap-2">
        <Button type="submit">Filter</Button>
        <LinkButton href="/audit" variant="quiet">
          Clear
        </LinkButton>
      </div>
    </form>
  );
}

function Options({ values }: { values: readonly string[] }) {
  return values.map((value) => (
    <option key={value} value={value}>
      {value}
    </option>
  ));
}
