"use client";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { formatTimestamp } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { localInputOf, pointOfLocalInput } from "./local-time.ts";

type ExpiryFieldProps = { expires: string | undefined; onChange: (expires: string | undefined) => void };

/** When the rule ends by itself: asked in the browser's time, which is named, and told in UTC too. */
export function ExpiryField({ expires, onChange }: ExpiryFieldProps) {
  const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
  const utc = expires === undefined ? "" : ` That is ${formatTimestamp(new Date(expires))}.`;
  return (
    <Field label={`Ends at (${zone})`} hint={`From then on the rule counts as off. Empty: it does not end.${utc}`}>
      {(control) => (
        <span className="flex gap-2">
          <Input
            {...control}
            type="datetime-local"
            className="max-w-60"
            value={localInputOf(expires)}
            onChange={({ target }) => onChange(pointOfLocalInput(target.value))}
          />
          {expires !== undefined && <Button onClick={() => onChange(undefined)}>No end</Button>}
        </span>
      )}
    </Field>
  );
}
