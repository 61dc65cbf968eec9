import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { checkDocument } from "../check-document.ts";
import { CompiledLists } from "../compile-condition.ts";
import { type Finding, severities } from "./finding.ts";
import { lintCommands } from "./lint-commands.ts";
import { lintContent } from "./lint-content.ts";
import { lintListeners } from "./lint-listeners.ts";
import { lintMailboxSettings } from "./lint-mailbox-settings.ts";
import { lintMailboxes } from "./lint-mailboxes.ts";
import { lintMissing, type Missing } from "./lint-missing.ts";
import { lintReach } from "./lint-reach.ts";
import { lintRelaying } from "./lint-relaying.ts";
import { lintRoutes } from "./lint-routes.ts";
import { lintRules } from "./lint-rules.ts";
import { lintSettings } from "./lint-settings.ts";
import { lintSignatures } from "./lint-signatures.ts";
import { lintTraffic } from "./lint-traffic.ts";
import { lintUnused } from "./lint-unused.ts";
import { lintUserRoutes } from "./lint-user-routes.ts";
import type { Traffic } from "./traffic.ts";

/** What the console knows beside the document. */
export type Known = { traffic: Traffic; missing: readonly Missing[] };

/**
 * What hurts in a policy that is valid, the worst first; nothing for one that is not: `checkDocument` has its problems. Pure;
 * `now` in milliseconds since 1970. What cannot be proved is not claimed; of a document alone it is not told what matched nothing or is missing.
 */
export function lintDocument(document: PolicyDocument, now: number, known: Known | null = null): Finding[] {
  if (checkDocument(document).length > 0) return [];
  const findings: Finding[] = [];
  const add = (finding: Finding): void => void findings.push(finding);
  const lists = new CompiledLists(document.lists);
  lintListeners(document, add);
  lintReach(document, add);
  lintRoutes(document, add);
  lintSettings(document, add);
  lintContent(document, add);
  lintMailboxes(document, add);
  lintMailboxSettings(document, add);
  lintCommands(document, lists, now, add);
  lintUserRoutes(document, lists, add);
  lintRelaying(document, lists, now, add);
  lintRules(document, lists, now, add);
  lintSignatures(document, lists, now, add);
  lintUnused(document, add);
  if (known !== null) {
    lintMissing(document, known.missing, add);
    lintTraffic(document, lists, known.traffic, add);
  }
  return findings.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
