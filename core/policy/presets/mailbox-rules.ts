import type { Action } from "#core/contract/action.ts";
import { type Rule, type Ruleset, ruleSchema, rulesetSchema } from "#core/contract/rule.ts";
import {
  activeDocument,
  disguisedName,
  foundMalware,
  likelySpam,
  macroAttachment,
  observed,
  runnableAttachment,
  runnableContent,
  spam,
  unclearContent,
} from "./rules.ts";

/** A message in a mailbox was accepted long ago and nobody hears a refusal: what SMTP denies is taken out, or a notice comes instead. */
function instead(rule: Rule, kind: "lock" | "replace"): Rule {
  const action: Action = kind === "lock" ? { kind, notice: undefined } : { kind };
  return { ...rule, action };
}

/** What needs a password to be opened, no scanner sees. Kept, so that an operator can hand it out: many are honest. */
const encryptedArchive = ruleSchema.parse({
  name: "encrypted archives",
  when: { all: [{ trait: { is: "encrypted" } }, { trait: { is: "archive" } }] },
  action: "lock",
  log: true,
});

/** Never kept away: the reader's own rules may sort by it. */
const taggedSpam: Rule = ruleSchema.parse({
  ...spam,
  action: {
    modify: {
      tag: "***SPAM***",
      headers: [
        { do: "replace", name: "X-Spam-Flag", value: "YES" },
        { do: "replace", name: "X-Spam-Score", value: "%(score)%" },
      ],
    },
  },
});

const dangerousParts: readonly Rule[] = [
  foundMalware,
  instead(runnableAttachment, "lock"),
  instead(disguisedName, "lock"),
  instead(runnableContent, "lock"),
];
const doubtfulParts: readonly Rule[] = [instead(macroAttachment, "lock"), activeDocument, encryptedArchive];
const unclearMessage = instead(unclearContent, "replace");

type MailboxRulesets = { attachment: Ruleset; message: Ruleset };

/** Programs and malware are kept aside; what is only doubtful is watched. */
export const recommendedRulesets: MailboxRulesets = {
  attachment: rulesetSchema.parse({ rules: [...dangerousParts, ...doubtfulParts.map(observed)] }),
  message: rulesetSchema.parse({ rules: [observed(unclearMessage), taggedSpam, likelySpam] }),
};

/** What is doubtful is kept aside, too. */
export const strictRulesets: MailboxRulesets = {
  attachment: rulesetSchema.parse({ rules: [...dangerousParts, ...doubtfulParts] }),
  message: rulesetSchema.parse({ rules: [unclearMessage, taggedSpam, likelySpam] }),
};
