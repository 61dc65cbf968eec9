import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { type Change, diffDocuments } from "#core/policy/diff.ts";
import { ruleSentence } from "#core/policy/explain.ts";
import type { Actor } from "#lib/actor.ts";
import type { ChainStatus } from "./chain.ts";
import type { AuditFilter } from "./filter.ts";
import { recordExport } from "./mutations.ts";
import { type AuditEntryView, type PublishedRevision, readForReport } from "./queries.ts";

export const exportFormats = ["csv", "json", "pdf"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Rows in one export, newest first; when there are more, the file's name says so. */
export const exportRowsMax: Record<ExportFormat, number> = { csv: 100_000, json: 100_000, pdf: 2_000 };

export type PublishView = Omit<PublishedRevision, "document"> & { changes: Change[] };
export type RuleView = {
  proxyAction: string;
  ruleset: string;
  rank: number;
  name: string;
  state: string;
  sentence: string;
};

export type AuditReport = {
  generatedAt: Date;
  generatedBy: string;
  filter: AuditFilter;
  chain: ChainStatus;
  entries: AuditEntryView[];
  /** Rows that the filter takes; more than `entries` when the export was cut. */
  total: number;
  /** Revisions published in the range, newest first, with what each changed. */
  publishes: PublishView[];
  /** The rules of the revision that was live at the end of the range. */
  rules: RuleView[];
  ruleRevision: number | null;
};

type ReportRequest = { filter: AuditFilter; format: ExportFormat; actor: Actor; now: Date };

/** Writes the export into the log and then reads what it shows, so that the export names itself and the head covers it. */
export async function makeAuditReport({ filter, format, actor, now }: ReportRequest): Promise<AuditReport> {
  await recordExport(actor, format, filter);
  const { entries, total, chain, revisions } = await readForReport(filter, exportRowsMax[format]);
  return {
    generatedAt: now,
    generatedBy: actor.name,
    filter,
    chain,
    entries,
    total,
    publishes: revisions.inRange.map(({ document, ...revision }) => ({
      ...revision,
      changes: diffDocuments(parseDocument(revisions.before(revision.number)), parseDocument(document)),
    })),
    rules: revisions.last === null ? [] : rulesOf(revisions.last.document),
    ruleRevision: revisions.last?.number ?? null,
  };
}

function parseDocument(text: string | undefined) {
  return policyDocumentSchema.parse(text === undefined ? { version: 1 } : JSON.parse(text));
}

function rulesOf(document: string): RuleView[] {
  return parseDocument(document).proxyActions.flatMap(({ name: proxyAction, rulesets }) =>
    Object.entries(rulesets).flatMap(([ruleset, content]) =>
      (content?.rules ?? []).map((rule, index) => ({
        proxyAction,
        ruleset,
        rank: index + 1,
        name: rule.name,
        state: rule.state,
        sentence: ruleSentence(rule),
      })),
    ),
  );
}
