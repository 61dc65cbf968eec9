import { evaluateDmarc } from "mailauth/lib/dmarc/index.js";
import { mailauthResolver } from "./mailauth-resolver.ts";
import type { SenderLookups } from "./sender-dns.ts";
import type { SignatureFindings } from "./signature-check.ts";
import type { SpfFinding } from "./spf-check.ts";

const policies = ["none", "quarantine", "reject"] as const;
/** permerror: nobody can say whose policy holds. `policy`: what the domain asks for, null where it asks for nothing. `domain`: of the author. */
export type DmarcFinding = {
  result: "none" | "pass" | "fail" | "temperror" | "permerror";
  policy: (typeof policies)[number] | null;
  domain: string;
};

type Evidence = Pick<SignatureFindings, "dkim" | "author"> & { spf: SpfFinding | null };

/**
 * Whether SPF or a signature speaks for the author's domain (RFC 9989, which took the place of RFC 7489: the organizational domain is found in
 * the DNS, pct= is gone). Never rejects. `aligned`: the domains of passing signatures that do; null where the domain has no policy.
 */
export async function checkDmarc(
  lookups: SenderLookups,
  { spf, dkim, author }: Evidence,
): Promise<{ dmarc: DmarcFinding; aligned: ReadonlySet<string> | null }> {
  const unknown: DmarcFinding = { result: "permerror", policy: null, domain: "" };
  if (author === null) return { dmarc: unknown, aligned: null };
  const passing = dkim.filter(({ result }) => result === "pass").map(({ domain }) => ({ domain }));
  try {
    const { response, dkimAligned } = await evaluateDmarc({
      headerFrom: author.addresses,
      fromFields: author.fields,
      spfDomains: spf?.result === "pass" ? [spf.domain] : [],
      dkimDomains: passing,
      resolver: mailauthResolver(lookups),
      strict: true,
    });
    if (response === false) return { dmarc: unknown, aligned: null };
    const policy = policies.find((one) => one === response.policy) ?? null;
    const said = resultOf(response.status.result);
    // What could not be known today is no failure.
    const isUncertain = spf?.result === "temperror" || dkim.some((one) => one.result === "temperror" && one.aligned);
    const result = said === "fail" && isUncertain ? "temperror" : said;
    return { dmarc: { result, policy, domain: response.status.header.from }, aligned: dkimAligned ?? null };
  } catch {
    return { dmarc: { ...unknown, result: "temperror" }, aligned: null };
  }
}

function resultOf(result: string): DmarcFinding["result"] {
  return result === "none" || result === "pass" || result === "fail" || result === "temperror" ? result : "permerror";
}
