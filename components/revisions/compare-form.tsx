import { GitCompare } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

/** Two numbers of revisions; a plain form whose address says what is compared. */
export function CompareForm({ from, to }: { from: number | null; to: number | null }) {
  return (
    <form action="/revisions/compare" className="mb-4 flex flex-wrap items-end gap-3">
      <NumberField key={`from ${from}`} name="from" label="From r" value={from} />
      <NumberField key={`to ${to}`} name="to" label="to r" value={to} />
      <Button type="submit" variant="primary">
        <GitCompare aria-hidden size={14} />
        Compare
      </Button>
    </form>
  );
}

function NumberField({ name, label, value }: { name: string; label: string; value: number | null }) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          name={name}
          type="number"
          min={1}
          required
          inputMode="numeric"
          className="w-24"
          defaultValue={value ?? undefined}
        />
      )}
    </Field>
  );
}
