"use client";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { ChoiceField, TextField } from "#components/ui/form-fields.tsx";
import { Input } from "#components/ui/input.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { type DomainDraft, newTlsRule, type TlsRuleDraft } from "./tls-rule-draft.ts";

type TlsRuleFieldsProps = {
  rules: readonly TlsRuleDraft[];
  problems: FormProblems;
  /** Lists that domains can be in. */
  lists: readonly string[];
  onChange: (rules: TlsRuleDraft[]) => void;
};

const rulesMax = 200;
const clientChoices = [
  { value: "any", words: "As it came" },
  { value: "required", words: "TLS required, else 530 5.7.0" },
];
const upstreamChoices = [
  { value: "as-route", words: "As the route says" },
  { value: "none", words: "Clear text" },
  { value: "preferred", words: "TLS where the server offers it" },
  { value: "required", words: "TLS required" },
];
const tests: readonly { test: DomainDraft["test"]; words: string }[] = [
  { test: "any", words: "any" },
  { test: "is", words: "is" },
  { test: "in", words: "is one of" },
  { test: "like", words: "is like (* and ?)" },
  { test: "pattern", words: "matches pattern (RE2)" },
  { test: "inList", words: "is in list" },
];

/** TLS by sender and recipient domain, in order. */
export function TlsRuleFields({ rules, problems, lists, onChange }: TlsRuleFieldsProps) {
  const add = () => onChange([...rules, newTlsRule(Math.max(-1, ...rules.map(({ key }) => key)) + 1)]);
  const move = (index: number, by: number) => {
    const others = rules.filter((_, at) => at !== index);
    const moved = rules[index];
    if (moved !== undefined) onChange([...others.slice(0, index + by), moved, ...others.slice(index + by)]);
  };
  return (
    <div className="flex flex-col gap-3">
      {rules.length === 0 && <p className="text-muted">No rule: listener and route decide for every domain.</p>}
      <ol className="flex flex-col gap-3">
        {rules.map((rule, index) => (
          <li key={rule.key} className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3">
            <div className="flex items-center justify-between gap-2">
              <h3 className="font-medium">TLS rule {index + 1}</h3>
              <span className="flex">
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={`Move TLS rule ${index + 1} up`}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <ArrowUp aria-hidden size={16} />
                </Button>
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={`Move TLS rule ${index + 1} down`}
                  disabled={index === rules.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <ArrowDown aria-hidden size={16} />
                </Button>
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={`Remove TLS rule ${index + 1}`}
                  onClick={() => onChange(rules.filter(({ key }) => key !== rule.key))}
                >
                  <X aria-hidden size={16} />
                </Button>
              </span>
            </div>
            <OneRule
              rule={rule}
              at={`settings.tlsRules.${index}`}
              problems={problems}
              lists={lists}
              onChange={(change) =>
                onChange(rules.map((other) => (other.key === rule.key ? { ...other, ...change } : other)))
              }
            />
          </li>
        ))}
      </ol>
      <Button size="small" className="self-start" disabled={rules.length >= rulesMax} onClick={add}>
        <Plus aria-hidden size={14} />
        Add TLS rule
      </Button>
    </div>
  );
}

type OneRuleProps = {
  rule: TlsRuleDraft;
  at: string;
  problems: FormProblems;
  lists: readonly string[];
  onChange: (change: Partial<TlsRuleDraft>) => void;
};

function OneRule({ rule, at, problems, lists, onChange }: OneRuleProps) {
  return (
    <div className="grid min-w-0 gap-3 sm:grid-cols-2">
      <div className="sm:col-span-2">
        <TextField
          label="Name"
          value={rule.name}
          maxLength={100}
          problem={problemAt(problems, `${at}.name`)}
          onChange={(name) => onChange({ name })}
        />
      </div>
      <DomainFields
        label="Sender domain"
        optional
        domain={rule.sender}
        lists={lists}
        problem={problemAt(problems, `${at}.senderDomain`)}
        onChange={(sender) => onChange({ sender })}
      />
      <DomainFields
        label="Recipient domain"
        domain={rule.recipient}
        lists={lists}
        problem={problemAt(problems, `${at}.recipientDomain`)}
        onChange={(recipient) => onChange({ recipient })}
      />
      <ChoiceField
        label="From the client"
        choices={clientChoices}
        value={rule.client}
        problem={problemAt(problems, `${at}.client`)}
        onChange={(client) => onChange({ client })}
      />
      <ChoiceField
        label="To the server"
        choices={upstreamChoices}
        value={rule.upstream}
        problem={problemAt(problems, `${at}.upstream`)}
        onChange={(upstream) => onChange({ upstream })}
      />
    </div>
  );
}

type DomainFieldsProps = {
  label: string;
  domain: DomainDraft;
  optional?: boolean;
  lists: readonly string[];
  problem: string | undefined;
  onChange: (domain: DomainDraft) => void;
};

function DomainFields({ label, domain, optional = false, lists, problem, onChange }: DomainFieldsProps) {
  const { test, value } = domain;
  const common = {
    "aria-label": `Value of ${label.toLowerCase()}`,
    "aria-invalid": problem === undefined ? undefined : true,
  };
  const change = ({ target }: { target: { value: string } }) => onChange({ test, value: target.value });
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 font-medium">{label}</legend>
      <Select
        aria-label={`Test of ${label.toLowerCase()}`}
        value={test}
        onChange={({ target }) =>
          onChange({ test: tests.find((known) => known.test === target.value)?.test ?? test, value })
        }
      >
        {tests
          .filter((known) => optional || known.test !== "any")
          .map((known) => (
            <option key={known.test} value={known.test}>
              {known.words}
            </option>
          ))}
      </Select>
      {test === "in" && (
        <Textarea {...common} rows={2} className="font-mono" placeholder="One a line" value={value} onChange={change} />
      )}
      {test === "inList" && (
        <Select {...common} value={value} onChange={change}>
          {!lists.includes(value) && <option value={value}>{value === "" ? "Choose a list" : value}</option>}
          {lists.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
      {(test === "is" || test === "like" || test === "pattern") && (
        <Input {...common} className="font-mono" spellCheck={false} maxLength={1024} value={value} onChange={change} />
      )}
      {problem !== undefined && <p className="text-deny">{problem}</p>}
    </fieldset>
  );
}
