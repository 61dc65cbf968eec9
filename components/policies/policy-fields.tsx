"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, FormSection, LinesField, NameField } from "#components/ui/form-fields.tsx";
import { ListLink } from "#components/ui/list-link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import type { PolicyChoices } from "#lib/policies/queries.ts";
import { directionProblem, directionWords } from "./direction-words.ts";
import { DomainRouteFields } from "./domain-route-fields.tsx";
import { ListenerFields } from "./listener-fields.tsx";
import { dispositionChoices, helpOf } from "./policy-choices.ts";
import type { PolicyDraft } from "./policy-draft.ts";
import { ScheduleFields } from "./schedule-fields.tsx";
import { ServerChoiceFields } from "./server-choice-fields.tsx";
import { UserRouteFields } from "./user-route-fields.tsx";

export type PolicyFieldsProps = {
  draft: PolicyDraft;
  problems: FormProblems;
  choices: PolicyChoices;
  onChange: (change: Partial<PolicyDraft>) => void;
};

/** Everything that a policy has, in the order that a connection meets it. */
export function PolicyFields(props: PolicyFieldsProps) {
  const { draft, problems, choices, onChange } = props;
  return (
    <>
      <MissingParts draft={draft} choices={choices} />
      <NameField
        help="It stands in the log and in every event."
        value={draft.name}
        problem={problemAt(problems, "name")}
        onChange={(name) => onChange({ name })}
      />
      <Checkbox
        label="Enabled"
        checked={draft.enabled}
        onChange={({ target: { checked } }) => onChange({ enabled: checked })}
      />
      <FromSection {...props} />
      <FormSection title="Listens on">
        <ListenerFields
          protocol={draft.protocol}
          listeners={draft.listen}
          problems={problems}
          certificates={choices.certificates}
          onChange={(listen) => onChange({ listen })}
        />
      </FormSection>
      <ToSection {...props} />
      <FormSection title="Schedule">
        <ScheduleFields draft={draft} problems={problems} onChange={onChange} />
      </FormSection>
      <DecisionSection {...props} />
    </>
  );
}

/** What has to be made first, each with the link that does it. */
function MissingParts({ draft: { protocol }, choices }: Pick<PolicyFieldsProps, "draft" | "choices">) {
  const parts = [
    ...(choices.interfaces.length === 0 ? [{ words: "an interface", href: "/interfaces?new=1" }] : []),
    ...(choices.routes.some((route) => route.protocol === protocol)
      ? []
      : [{ words: `a route for ${protocol.toUpperCase()}`, href: `/routes?new=${protocol}` }]),
    ...(choices.proxyActions.some((action) => action.protocol === protocol)
      ? []
      : [{ words: `a proxy action for ${protocol.toUpperCase()}`, href: "/proxy-actions" }]),
  ];
  if (parts.length === 0) return null;
  return (
    <Notice kind="warning">
      This policy still needs{" "}
      {parts.map(({ words, href }, index) => (
        <span key={href}>
          {index > 0 && ", "}
          <TextLink href={href}>{words}</TextLink>
        </span>
      ))}
      . Add that first.
    </Notice>
  );
}

function FromSection({ draft, problems, choices, onChange }: PolicyFieldsProps) {
  const lists = choices.lists.filter(({ kind }) => kind === "networks").map(({ name }) => name);
  const shown = [...new Set([...lists, ...draft.sourceLists])];
  return (
    <FormSection title="From">
      <ChoiceField
        label="From interface"
        help={draft.protocol === "smtp" ? "Where connections enter." : "Where the people are who fetch their mail."}
        value={draft.fromInterface}
        choices={choices.interfaces.map(({ name }) => asChoice(name))}
        problem={problemAt(problems, "from.interface")}
        onChange={(fromInterface) => onChange({ fromInterface })}
      />
      <LinesField
        label="Sources (optional)"
        help="Networks that may connect. None named here and no list: every source."
        value={draft.sources}
        problem={problemAt(problems, "from.sources")}
        onChange={(sources) => onChange({ sources })}
      />
      {shown.length > 0 && (
        <fieldset className="flex flex-col gap-1">
          <legend className="font-medium">Source lists (optional)</legend>
          {shown.map((name) => (
            <span key={name} className="flex flex-wrap items-center gap-2">
              <Checkbox
                label={name}
                checked={draft.sourceLists.includes(name)}
                onChange={({ target: { checked } }) =>
                  onChange({
                    sourceLists: checked
                      ? [...draft.sourceLists, name]
                      : draft.sourceLists.filter((other) => other !== name),
                  })
                }
              />
              <ListLink name={name} chip />
            </span>
          ))}
          <p className="text-muted">Their networks may connect too.</p>
        </fieldset>
      )}
    </FormSection>
  );
}

function ToSection({ draft, problems, choices, onChange }: PolicyFieldsProps) {
  const routeNames = choices.routes.filter(({ protocol }) => protocol === draft.protocol).map(({ name }) => name);
  const lists = choices.lists.filter(({ kind }) => kind !== "networks").map(({ name }) => name);
  const direction = directionWords(draft.protocol, ...sidesOf(draft, choices));
  return (
    <FormSection title="To">
      <ChoiceField
        label="To interface"
        help={draft.protocol === "smtp" ? "Where the mail leaves." : "Where the mailboxes are."}
        value={draft.toInterface}
        choices={choices.interfaces.map(({ name }) => asChoice(name))}
        problem={problemAt(problems, "to.interface")}
        onChange={(toInterface) => onChange({ toInterface })}
      />
      {direction !== null && <p className="rounded-md bg-sunken p-2">{direction}</p>}
      <ChoiceField
        label="Route"
        help={
          draft.protocol === "smtp"
            ? "The servers behind, and how mail is delivered to them."
            : "The servers that the mailboxes are on, with their TLS and the bridge."
        }
        value={draft.route}
        choices={routeNames.map(asChoice)}
        problem={problemAt(problems, "to.route")}
        onChange={(route) => onChange({ route })}
      />
      {draft.protocol === "smtp" && (
        <DomainRouteFields
          routes={draft.routes}
          routeNames={routeNames}
          lists={lists}
          problems={problems}
          onChange={(routes) => onChange({ routes })}
        />
      )}
      {draft.protocol === "pop3" && (
        <>
          <UserRouteFields
            routes={draft.userRoutes}
            routeNames={routeNames}
            lists={lists}
            problems={problems}
            onChange={(userRoutes) => onChange({ userRoutes })}
          />
          <ServerChoiceFields draft={draft} routeNames={routeNames} problems={problems} onChange={onChange} />
        </>
      )}
    </FormSection>
  );
}

function DecisionSection({ draft, problems, choices, onChange }: PolicyFieldsProps) {
  const actions = choices.proxyActions.filter(({ protocol }) => protocol === draft.protocol);
  const dispositions = dispositionChoices[draft.protocol];
  const chosen = actions.find(({ name }) => name === draft.proxyAction);
  const odd = directionProblem(chosen?.direction, ...sidesOf(draft, choices));
  return (
    <FormSection title="What happens">
      <ChoiceField
        label="Connections"
        help={helpOf(dispositions, draft.disposition)}
        value={draft.disposition}
        choices={dispositions}
        problem={problemAt(problems, "disposition")}
        onChange={(disposition) => onChange({ disposition })}
      />
      <ChoiceField
        label="Proxy action"
        help="The limits, settings and rules that mail meets. One proxy action can serve several policies."
        value={draft.proxyAction}
        choices={actions.map(({ name, direction }) => ({ value: name, words: `${name} (${direction})` }))}
        problem={problemAt(problems, "proxyAction")}
        onChange={(proxyAction) => onChange({ proxyAction })}
      />
      {odd !== null && <p className="text-warn">{odd}</p>}
    </FormSection>
  );
}

/** Where it comes from and goes to, as far as that is chosen. */
function sidesOf({ fromInterface, toInterface }: PolicyDraft, { interfaces }: PolicyChoices) {
  const side = (of: string) => interfaces.find(({ name }) => name === of);
  return [side(fromInterface), side(toInterface)] as const;
}

function asChoice(name: string): { value: string; words: string } {
  return { value: name, words: name };
}
