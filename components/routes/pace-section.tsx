"use client";
import { FormSection, NumberField } from "#components/ui/form-fields.tsx";
import { problemAt } from "#components/ui/read-form.ts";
import { smtpRouteSchema } from "#core/contract/policy-document.ts";
import type { RouteFieldsProps } from "./route-fields.tsx";

/** How fast queued mail goes to one destination. */
export function PaceSection({ draft, problems, onChange }: RouteFieldsProps) {
  const { concurrencyMax, messagesPerMinute } = smtpRouteSchema.shape;
  const isByDomain = draft.lookup === "mx";
  return (
    <FormSection title="Pace of the queue">
      <NumberField
        label="At once"
        unit="attempts"
        help={`To one destination${isByDomain ? ": each domain is one" : ""}. Providers of shared mail servers refuse who opens many connections.`}
        schema={concurrencyMax}
        whenEmpty={isByDomain ? "10 to each domain" : "20"}
        value={draft.concurrencyMax}
        problem={problemAt(problems, "concurrencyMax")}
        onChange={(value) => onChange({ concurrencyMax: value })}
      />
      <NumberField
        label="In a minute"
        unit="messages"
        help="To one destination; the rest waits for the next minute. Mail that sessions bring straight to the server is not counted."
        schema={messagesPerMinute}
        whenEmpty="as many as its server takes"
        value={draft.messagesPerMinute}
        problem={problemAt(problems, "messagesPerMinute")}
        onChange={(value) => onChange({ messagesPerMinute: value })}
      />
    </FormSection>
  );
}
