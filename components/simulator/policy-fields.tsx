"use client";
import { ChoiceField } from "#components/ui/form-fields.tsx";
import type { FormProblems } from "#components/ui/read-form.ts";
import type { SimulatorChoices } from "#lib/simulator/queries.ts";
import { ClientFields } from "./client-fields.tsx";
import type { SimulatorDraft } from "./simulator-draft.ts";

type PolicyFieldsProps = {
  draft: SimulatorDraft;
  choices: SimulatorChoices;
  problems: FormProblems;
  onChange: (change: Partial<SimulatorDraft>) => void;
};

const protocols = [
  { value: "smtp", words: "SMTP: it brings a message" },
  { value: "pop3", words: "POP3: it fetches a message" },
];

/** Against which policy it is tried, over which protocol, and by whom; a past message that is tried by its facts has its own client. */
export function PolicyFields({ draft, choices, problems, onChange }: PolicyFieldsProps) {
  return (
    <div className="flex flex-col gap-3">
      <ChoiceField
        label="Against"
        value={draft.policy}
        problem={undefined}
        choices={policies(choices)}
        onChange={(policy) => onChange({ policy })}
      />
      {draft.message !== "facts" && (
        <ChoiceField
          label="A client speaks"
          value={draft.protocol}
          problem={undefined}
          choices={protocols}
          onChange={(protocol) => onChange({ protocol: protocol === "pop3" ? "pop3" : "smtp" })}
        />
      )}
      {draft.message !== "facts" && (
        <ClientFields draft={draft} interfaces={choices.interfaces} problems={problems} onChange={onChange} />
      )}
    </div>
  );
}

function policies({ live, revisions }: SimulatorChoices) {
  const numbered = revisions.map(({ number, comment }) => ({
    value: String(number),
    words: `r${number}${comment === "" ? "" : `: ${comment.slice(0, 60)}`}`,
  }));
  const now = live === null ? [] : [{ value: "live", words: `what is live (r${live})` }];
  return [{ value: "draft", words: "the draft" }, ...now, ...numbered];
}
