import { linesOf } from "#components/ui/lines.ts";
import { textOf } from "#components/ui/read-form.ts";
import type { TextTest } from "#core/contract/condition.ts";
import type { TlsRule } from "#core/contract/smtp-settings.ts";

/** A test of a domain as the form holds it; `any`: it is not asked about. */
export type DomainDraft = { test: "any" | "is" | "in" | "like" | "pattern" | "inList"; value: string };

export type TlsRuleDraft = {
  key: number;
  name: string;
  sender: DomainDraft;
  recipient: DomainDraft;
  client: string;
  upstream: string;
};

export function newTlsRule(key: number): TlsRuleDraft {
  const any: DomainDraft = { test: "any", value: "" };
  return { key, name: "", sender: any, recipient: { test: "is", value: "" }, client: "any", upstream: "required" };
}

export function tlsRuleDraftOf(rule: TlsRule, key: number): TlsRuleDraft {
  const { name, senderDomain, recipientDomain, client, upstream } = rule;
  return {
    key,
    name,
    sender: domainDraftOf(senderDomain),
    recipient: domainDraftOf(recipientDomain),
    client,
    upstream,
  };
}

/** The rule of the fields, not yet parsed. */
export function tlsRuleInput({ name, sender, recipient, client, upstream }: TlsRuleDraft): unknown {
  return {
    name: name.trim(),
    senderDomain: domainInput(sender),
    recipientDomain: domainInput(recipient),
    client,
    upstream,
  };
}

function domainDraftOf(test: TextTest | undefined): DomainDraft {
  if (test?.in !== undefined) return { test: "in", value: test.in.join("\n") };
  for (const kind of ["is", "like", "pattern", "inList"] as const) {
    const value = test?.[kind];
    if (value !== undefined) return { test: kind, value };
  }
  return { test: "any", value: "" };
}

function domainInput({ test, value }: DomainDraft): unknown {
  if (test === "any") return undefined;
  return { [test]: test === "in" ? linesOf(value) : test === "is" ? value.trim() : textOf(value) };
}
