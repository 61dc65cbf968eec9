"use client";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { formatTimestamp } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { useZone } from "#components/ui/zone.tsx";
import { localInputOf, pointOfLocalInput } from "./local-time.ts";

type ExpiryFieldProps = { expires: string | undefined; onChange: (expires: string | undefined) => void };

/** When the rule ends by itself: asked by the clocks that times are shown by, whose zone is named, and told in UTC too. */
export function ExpiryField({ expires, onChange }: ExpiryFieldProps) {
  const zone = useZone();
  const utc = expires === undefined || zone === "UTC" ? "" : ` That is ${formatTimestamp(new Date(expires), "UTC")}.`;
  return (
    <Field label={`Ends at (${zone})`} hint={`From then on the rule counts as off. Empty: it does not end.${utc}`}>
      {(control) => (
        <span className="flex gap-2">
          <Input
            {...control}
            type="datetime-local"
            className="max-w-60"
            value={localInputOf(expires, zone)}
            onChange={({ target }) => onChange(pointOfLocalInput(target.value, zone))}
          />
          {expires !== undefined && <Button onClick={() => onChange(undefined)}>No end</Button>}
        </span>
      )}
    </Field>
  );
}
