import type { Facts } from "#core/contract/facts.ts";
import type { PolicyDocument, SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import { compileProxyAction, compileVocabulary } from "../compile.ts";
import type { CompiledLists } from "../compile-condition.ts";
import { decide, type StageDecision } from "../decide.ts";
import type { Add, Finding } from "./finding.ts";
import { rulePath } from "./rule-place.ts";
import { stranger } from "./stranger.ts";

type Lines = Pick<Finding, "code" | "severity" | "why" | "doThis" | "source"> & { names: readonly string[] };

/** RFC 6376 §5.4.1: what signers are told to sign, as far as a rule can take it away. */
const signedNames = ["Subject", "Date", "To", "Cc", "Reply-To", "Message-ID", "In-Reply-To", "References"];

/** Lines that are missed where a rule takes them out. */
const lines: readonly Lines[] = [
  {
    names: signedNames,
    code: "signed-lines-stripped",
    severity: "warning",
    why: "DKIM signatures cover them: they no longer hold, and DMARC of such senders fails at whoever checks next.",
    doThis: "Let these lines stay, or seal what was seen before the change (ARC).",
    source: "RFC 6376 §5.4.1",
  },
  {
    names: ["DKIM-Signature"],
    code: "signatures-stripped",
    severity: "warning",
    why: "Nobody behind here can tell that the mail is its sender's: DMARC then hangs on SPF, which ends at this gateway.",
    doThis: "Let DKIM-Signature stay.",
    source: "RFC 6376 §3.5",
  },
  {
    names: ["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"],
    code: "arc-stripped",
    severity: "warning",
    why: "What forwarders and lists saw before they changed the mail is lost: it fails DMARC.",
    doThis: "Let the three ARC lines stay, all or none.",
    source: "RFC 8617 §5.1",
  },
  {
    names: ["List-Unsubscribe", "List-Unsubscribe-Post"],
    code: "unsubscribe-stripped",
    severity: "warning",
    why: "Nobody can leave a list with one press: the mail is called spam instead; large providers demand the lines of bulk senders.",
    doThis: "Let them stay.",
    source: "RFC 8058 §3",
  },
];

/** What takes lines away that signatures, lists and forwarders need, tried on the rules themselves, and rules that change what is signed. */
export function lintSignatures(document: PolicyDocument, lists: CompiledLists, now: number, add: Add): void {
  const vocabulary = compileVocabulary(document);
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "smtp") return;
    if (action.settings.senderAuth.onSignedModified === "leave") lintChanges(action, i, add);
    if (action.rulesets.header === undefined) return;
    const compiled = compileProxyAction(action, lists, vocabulary);
    const ask = (name: string): StageDecision => decide(compiled, "header", lineOf(name), now);
    for (const { names, ...finding } of lines) {
      const taken = names.filter((name) => ask(name).action.kind === "strip");
      const [first] = taken;
      if (first === undefined) continue;
      add({
        ...finding,
        path: ["proxyActions", i, "rulesets", "header", ...rulePath(action, ask(first))],
        what: `The header rules of ${action.name} take out ${taken.join(", ")}.`,
      });
    }
  });
}

function lineOf(name: string): Facts {
  const recipient = ["someone@ours.invalid"];
  return { ...stranger, recipient, recipientDomain: ["ours.invalid"], headerName: [name], headerValue: ["x"] };
}

/** Said of rules in force: what they would change while they observe is not changed. */
function lintChanges(action: SmtpProxyAction, i: number, add: Add): void {
  for (const stage of ["header", "attachment", "message"] as const) {
    action.rulesets[stage]?.rules.forEach((rule, n) => {
      const changed = rule.state === "on" ? signedParts(rule) : [];
      if (changed.length === 0) return;
      add({
        code: "signed-parts-changed",
        severity: "note",
        path: ["proxyActions", i, "rulesets", stage, "rules", n],
        what: `The rule "${rule.name}" of ${action.name}, ${stage} changes what DKIM signatures cover: ${changed.join(", ")}.`,
        why: "A signed message that it changes is no longer what was signed: DMARC of its sender fails at whoever checks next.",
        doThis: "Set what is done to signed messages to arc-seal or sign, or tell of it in a header line of your own.",
        source: "RFC 6376 §3.7",
      });
    });
  }
}

function signedParts({ action }: Rule): string[] {
  if (action.kind !== "modify") return [];
  const { tag, headers = [], banner } = action;
  const signed = new Set([...signedNames, "From"].map((name) => name.toLowerCase()));
  const named = headers.filter((change) => change.do !== "add" && signed.has(change.name.toLowerCase()));
  return [
    ...(tag === undefined ? [] : ["the subject"]),
    ...named.map(({ name }) => name),
    ...(banner === undefined ? [] : ["the text"]),
  ];
}
