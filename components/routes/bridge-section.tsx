"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, FormSection } from "#components/ui/form-fields.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import type { CredentialChoice } from "#lib/credentials/queries.ts";
import { helpOf, otherUsersChoices } from "./route-choices.ts";
import type { RouteDraft } from "./route-draft.ts";

type BridgeSectionProps = {
  draft: RouteDraft;
  problems: FormProblems;
  credentials: readonly CredentialChoice[];
  onChange: (change: Partial<RouteDraft>) => void;
};

/** The users for whom we log in at the server, while their mail programs log in to us. */
export function BridgeSection({ draft, problems, credentials, onChange }: BridgeSectionProps) {
  const { bridgeCredentials: chosen, bridgeOthers } = draft;
  const able = credentials.filter(({ hasClientPassword }) => hasClientPassword !== false);
  const gone = chosen.filter((name) => !able.some((one) => one.name === name));
  const toggle = (name: string, on: boolean) =>
    onChange({ bridgeCredentials: on ? [...chosen, name] : chosen.filter((other) => other !== name) });
  const problem = problemAt(problems, "bridge.credentials");
  return (
    <FormSection
      title="Bridge"
      help="For mail programs that cannot log in the way the server wants, with a token for example: they say the password for mail programs of a credential to us, and we log in at the server with the credential."
    >
      <fieldset className="flex min-w-0 flex-col gap-1">
        <legend className="font-medium">We log in for the users of (optional)</legend>
        {able.map(({ name, user }) => (
          <Checkbox
            key={name}
            label={
              <>
                {name} <span className="text-muted">({user ?? "from the workers' own configuration"})</span>
              </>
            }
            checked={chosen.includes(name)}
            onChange={({ target }) => toggle(name, target.checked)}
          />
        ))}
        {gone.map((name) => (
          <Checkbox
            key={name}
            label={
              <>
                {name} <span className="text-warn">(has no password for mail programs)</span>
              </>
            }
            checked
            onChange={() => toggle(name, false)}
          />
        ))}
        <p className="text-muted">
          {chosen.length === 0 && "None: no bridge. "}A credential stands here once it has a password for mail programs:{" "}
          <TextLink href="/credentials">credentials</TextLink>.
        </p>
        {problem !== undefined && <p className="text-deny">{problem}</p>}
      </fieldset>
      {chosen.length > 0 && (
        <ChoiceField
          label="Other users"
          help={helpOf(otherUsersChoices, bridgeOthers)}
          value={bridgeOthers}
          choices={otherUsersChoices}
          problem={problemAt(problems, "bridge.others")}
          onChange={(others) => onChange({ bridgeOthers: others })}
        />
      )}
    </FormSection>
  );
}
