"use client";
import { ChoiceField, FormSection, NumberField, TextField } from "#components/ui/form-fields.tsx";
import { problemAt } from "#components/ui/read-form.ts";
import { senderNoticesSchema, smtpRouteSchema } from "#core/contract/policy-document.ts";
import type { RouteFieldsProps } from "./route-fields.tsx";

/** What senders hear of mail that waits or fails. */
export function SenderNoticesSection({ draft, problems, routes, onChange }: RouteFieldsProps) {
  const choices = [
    { value: "", words: "Nothing: mail that failed waits for a person" },
    ...routes.map((name) => ({ value: name, words: `Reports, by the route ${name}` })),
  ];
  return (
    <FormSection title="What senders hear of queued mail">
      <ChoiceField
        label="Reports to senders"
        help="That a message failed, that it waits, and what they asked to hear (RFC 3464, 3461). The route must lead to the senders' domains."
        value={draft.noticesRoute}
        choices={choices}
        problem={problemAt(problems, "senderNotices.route")}
        onChange={(noticesRoute) => onChange({ noticesRoute })}
      />
      {draft.noticesRoute !== "" && <ReportFields {...{ draft, problems, routes, onChange }} />}
      <NumberField
        label="Mail without a sender is tried for"
        unit="hours"
        help="Reports and automatic answers: about them nobody is told (RFC 5321 §6.1)."
        schema={smtpRouteSchema.shape.nullSenderHours}
        value={draft.nullSenderHours}
        problem={problemAt(problems, "nullSenderHours")}
        onChange={(nullSenderHours) => onChange({ nullSenderHours })}
      />
    </FormSection>
  );
}

function ReportFields({ draft, problems, onChange }: Pick<RouteFieldsProps, "draft" | "problems" | "onChange">) {
  return (
    <>
      <TextField
        label="From (optional)"
        help="Who the reports are from. Empty: postmaster at the host name of the policy."
        className="font-mono"
        placeholder="postmaster@example.com"
        value={draft.noticesFrom}
        problem={problemAt(problems, "senderNotices.from")}
        onChange={(noticesFrom) => onChange({ noticesFrom })}
      />
      <TextField
        label="Told that it waits after"
        help="Times since the message came, each longer than the one before: 4h,24h. Empty: never."
        className="font-mono"
        value={draft.noticesDelayedAfter}
        problem={problemAt(problems, "senderNotices.delayedAfter")}
        onChange={(noticesDelayedAfter) => onChange({ noticesDelayedAfter })}
      />
      <NumberField
        label="Mail that failed stays for"
        unit="days"
        help="In the queue, after its sender was told, for a person to send it again."
        schema={senderNoticesSchema.shape.keepDays}
        value={draft.noticesKeepDays}
        problem={problemAt(problems, "senderNotices.keepDays")}
        onChange={(noticesKeepDays) => onChange({ noticesKeepDays })}
      />
    </>
  );
}
