import type { SenderAuthResult } from "#core/contract/content-report.ts";
import type { SenderAuthSettings } from "#core/contract/content-settings.ts";
import type { FactName, Facts } from "#core/contract/facts.ts";
import type { Trait } from "#core/contract/traits.ts";
import type { SenderAuth, SenderQuestion } from "../sender-auth/sender-check.ts";

const questionOf: Partial<Record<FactName, SenderQuestion>> = {
  spf: "spf",
  dkim: "dkim",
  dkimDomain: "dkim",
  dmarc: "dmarc",
  dmarcPolicy: "dmarc",
  arc: "arc",
  reverseName: "reverseName",
  heloCheck: "helo",
  dnsbl: "dnsbl",
  dnsblScore: "dnsbl",
};

type Asked = { facts: ReadonlySet<FactName>; traits: ReadonlySet<Trait> };

/** What has to be asked about a sender for the rules, and for the results line or the seal of the settings (null: a mailbox has none). */
export function senderQuestions(
  { facts, traits }: Asked,
  settings: Pick<SenderAuthSettings, "results" | "onSignedModified"> | null,
): ReadonlySet<SenderQuestion> {
  const questions = new Set([...facts].flatMap((fact) => questionOf[fact] ?? []));
  if (traits.has("spoofed")) questions.add("spoofed");
  if (settings?.results === "add" || settings?.onSignedModified === "arc-seal") {
    for (const told of ["spf", "dkim", "dmarc", "arc", "reverseName"] as const) questions.add(told);
  }
  return questions;
}

/** The facts that rules ask for; what was not asked is absent. */
export function senderFacts(auth: SenderAuth): Facts {
  const { spf, dkim, dmarc, arc, reverseName, helo, dnsbls, dnsblScore } = auth;
  const passing = dkim.filter(({ result }) => result === "pass");
  return {
    ...(spf !== null && { spf: [spf.result] }),
    dkim: dkim.map(({ result }) => result),
    dkimDomain: passing.map(({ domain }) => domain.toLowerCase()),
    ...(dmarc !== null && { dmarc: [dmarc.result], dmarcPolicy: dmarc.policy === null ? [] : [dmarc.policy] }),
    ...(arc !== null && { arc: [arc.result] }),
    ...(reverseName !== null && { reverseName: [reverseName.result] }),
    ...(helo !== null && { heloCheck: [helo.result] }),
    dnsbl: [...new Set(dnsbls.map(({ zone }) => zone))],
    dnsblScore,
  };
}

/** What an event tells. */
export function senderAuthResult({ spf, dkim, dmarc, arc, reverseName, helo, dnsbls }: SenderAuth): SenderAuthResult {
  return {
    spf: spf === null ? null : { result: spf.result, domain: spf.domain },
    ...{ dkim, dmarc, arc, reverseName, helo, dnsbls },
  };
}
