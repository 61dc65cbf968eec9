"use client";
import { RangeFilter, TextFilter } from "./search-form.tsx";
import { useZone } from "./zone.tsx";

type TimeFiltersProps = {
  search: { range: string | null; from: string | null; until: string | null; zone: string | null };
};

/** When it was: a range up to now, or days. */
export function TimeFilters({ search: { range, from, until, zone } }: TimeFiltersProps) {
  const days = useDayZone(from !== null || until !== null, zone);
  return (
    <>
      <RangeFilter range={range} />
      <TextFilter name="from" label={`From day (${days})`} value={from} type="date" />
      <TextFilter name="until" label={`Until day (${days})`} value={until} type="date" />
      <DayZone zone={days} />
    </>
  );
}

/** Whose days are asked for: those that the address asks for stay as they are, other days are of the zone in which times are shown. */
export function useDayZone(asked: boolean, zone: string | null): string {
  const shown = useZone();
  return asked ? (zone ?? "UTC") : shown;
}

/** Tells with the form whose days they are, so that the address means the same to everybody. */
export function DayZone({ zone }: { zone: string }) {
  return zone === "UTC" ? null : <input type="hidden" name="zone" value={zone} />;
}
