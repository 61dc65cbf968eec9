import type { Facts, SmtpStage } from "#core/contract/facts.ts";
import type { Policy, PolicyDocument, SmtpProxyAction } from "#core/contract/policy-document.ts";
import { compileProxyAction, compileVocabulary } from "../compile.ts";
import type { CompiledLists } from "../compile-condition.ts";
import { decide, type StageDecision } from "../decide.ts";
import { verificationMode } from "../verification-mode.ts";
import type { Add, Finding } from "./finding.ts";
import { refuses, rulePath } from "./rule-place.ts";
import { stranger } from "./stranger.ts";

/** A message that must pass, or must not, tried on the rules themselves. */
type Probe = {
  stage: SmtpStage;
  facts: Facts;
  /** Refused while this one passes: what is refused is the difference. */
  unlike?: Facts;
  finding: Pick<Finding, "code" | "severity" | "what" | "why" | "doThis" | "source">;
};

const mustPass: readonly Probe[] = [
  {
    stage: "sender",
    facts: { sender: [""], senderDomain: [""] },
    unlike: {},
    finding: {
      code: "null-sender-refused",
      severity: "harm",
      what: "The null sender is refused.",
      why: "Delivery notices and out-of-office answers do not arrive, and others that test for it refuse your mail.",
      doThis: 'Let it pass: add a rule above that allows sender is "".',
      source: "RFC 5321 §4.5.5",
    },
  },
  {
    stage: "sender",
    facts: { sender: ["käthe@müller.invalid"], senderDomain: ["müller.invalid"] },
    unlike: { sender: ["kathe@muller.invalid"], senderDomain: ["muller.invalid"] },
    finding: {
      code: "utf8-sender-refused",
      severity: "warning",
      what: "Senders with letters outside ASCII are refused.",
      why: "Such addresses are valid and in use.",
      doThis: "Refuse the characters that you mean, not all but ASCII.",
      source: "RFC 6531",
    },
  },
  {
    stage: "recipient",
    facts: { recipient: ["postmaster"], recipientDomain: [""] },
    finding: {
      code: "postmaster-refused",
      severity: "warning",
      what: "The recipient postmaster, without a domain, is refused.",
      why: "It is the one address that every mail server must take; blocklists test for it.",
      doThis: "Add a rule above that allows recipient is postmaster.",
      source: "RFC 5321 §4.5.1",
    },
  },
];

/** Incoming mail that every relay must take, and relaying for everyone. */
export function lintRelaying(document: PolicyDocument, lists: CompiledLists, now: number, add: Add): void {
  const vocabulary = compileVocabulary(document);
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "smtp" || action.direction !== "incoming") return;
    const compiled = compileProxyAction(action, lists, vocabulary);
    const ask = (stage: SmtpStage, facts: Facts): StageDecision =>
      decide(compiled, stage, { ...stranger, ...facts }, now);
    // What is refused in the clear alone asks for TLS.
    const isRefused = (stage: SmtpStage, facts: Facts): boolean =>
      refuses(ask(stage, facts)) && refuses(ask(stage, { ...facts, tls: ["TLSv1.3"] }));
    for (const { stage, facts, unlike, finding } of mustPass) {
      const decision = ask(stage, facts);
      if (!isRefused(stage, facts) || (unlike !== undefined && refuses(ask(stage, unlike)))) continue;
      add({ ...finding, path: ["proxyActions", i, "rulesets", stage, ...rulePath(action, decision)] });
    }
    const foreign = { recipient: ["else@unrelated.invalid"], recipientDomain: ["unrelated.invalid"] };
    if (refuses(ask("greeting", {})) || refuses(ask("sender", {})) || refuses(ask("recipient", foreign))) return;
    lintOpenRelay(document, action, add);
  });
}

function lintOpenRelay(document: PolicyDocument, action: SmtpProxyAction, add: Add): void {
  const zones = new Map(document.interfaces.map(({ name, zone }) => [name, zone]));
  document.policies.forEach((policy, i) => {
    if (policy.proxyAction !== action.name || !isOpenToAll(policy) || zones.get(policy.from.interface) !== "external")
      return;
    if (action.settings.auth.required) return;
    const spools = document.routes.some(
      (route) => route.name === policy.to.route && route.protocol === "smtp" && route.delivery === "spool",
    );
    const verified = verificationMode(action) !== "none";
    const relays = (spools && !verified) || zones.get(policy.to.interface) === "external";
    add({
      code: "open-relay",
      severity: relays ? "harm" : "warning",
      path: ["policies", i],
      what: `"${policy.name}" takes mail from outside for every recipient.`,
      why: relays
        ? "It is an open relay: others send their mail through you, and you are put on blocklists."
        : "Only the server behind refuses foreign recipients; if it trusts this gateway it relays for everyone.",
      doThis: `Add a recipient rule to "${action.name}" that refuses what is not for your domains.`,
      source: "RFC 5321 §7.1",
    });
  });
}

function isOpenToAll({ enabled, protocol, disposition, from }: Policy): boolean {
  const everyone = from.sources.length === 0 && from.sourceLists.length === 0;
  return enabled && protocol === "smtp" && disposition === "allow" && everyone;
}
