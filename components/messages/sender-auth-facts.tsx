import { Badge, type BadgeTone } from "#components/ui/badge.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import type { SenderAuthResult } from "#core/contract/content-report.ts";

/** What was seen of the sender, check by check. */
export function SenderAuthFacts({ senderAuth }: { senderAuth: SenderAuthResult }) {
  const { spf, dkim, dmarc, arc, reverseName, helo, dnsbls } = senderAuth;
  const rows = [
    ...(spf === null ? [] : [{ name: "SPF", result: spf.result, detail: spf.domain }]),
    ...dkim.map(({ result, domain, selector, aligned }) => ({
      name: "DKIM",
      result,
      detail: `${domain}${selector === "" ? "" : `, selector ${selector}`}${aligned ? ", aligned" : ""}`,
    })),
    ...(dmarc === null
      ? []
      : [{ name: "DMARC", result: dmarc.result, detail: `${dmarc.domain}, policy ${dmarc.policy ?? "none"}` }]),
    ...(arc === null ? [] : [{ name: "ARC", result: arc.result, detail: arcWords(arc) }]),
    ...(reverseName === null
      ? []
      : [{ name: "Reverse name", result: reverseName.result, detail: reverseName.names.join(", ") }]),
    ...(helo === null ? [] : [{ name: "HELO", result: helo.result, detail: "" }]),
    ...dnsbls.map(({ zone, weight, answer }) => ({
      name: "DNS list",
      result: answer,
      detail: `${zone}, weight ${weight}`,
    })),
  ];
  return (
    <ul className="flex flex-col gap-1">
      {rows.map(({ name, result, detail }, index) => (
        <li key={index} className="flex flex-wrap items-center gap-2 [overflow-wrap:anywhere]">
          <span className="w-28 text-muted">{name}</span>
          <Badge tone={tones[result] ?? "inactive"}>{result}</Badge>
          <ForeignText text={detail} empty="" />
        </li>
      ))}
    </ul>
  );
}

const tones: Readonly<Record<string, BadgeTone>> = {
  pass: "allow",
  fail: "deny",
  softfail: "tempfail",
  permerror: "tempfail",
  temperror: "tempfail",
};

function arcWords({ chain, sealer }: NonNullable<SenderAuthResult["arc"]>): string {
  return chain === 0 ? "" : `${chain} ${chain === 1 ? "set" : "sets"}, last sealed by ${sealer ?? "nobody"}`;
}
