import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChangeList } from "#components/changes/change-list.tsx";
import { AcknowledgementList } from "#components/revisions/acknowledgement-list.tsx";
import { PrintButton } from "#components/revisions/print-button.tsx";
import { ReportActs, ReportHits } from "#components/revisions/report-view.tsx";
import { RevisionFacts } from "#components/revisions/revision-facts.tsx";
import { buttonClass } from "#components/ui/button.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Time } from "#components/ui/time.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { revisionNumberSchema } from "#lib/revisions/queries.ts";
import { readRevisionReport } from "#lib/revisions/report.ts";
import { reportFormats } from "#lib/revisions/report-export.ts";

type PageProps = { params: Promise<{ number: string }> };

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Report on revision r${(await params).number}` };
}

export default async function RevisionReportPage({ params }: PageProps) {
  await requireSession();
  const number = revisionNumberSchema.safeParse((await params).number);
  const report = number.success ? await readRevisionReport(number.data) : null;
  if (report === null) notFound();
  const { revision, until, acts, verdicts, rules } = report;
  return (
    <>
      <PageHeader
        title={`Report on revision r${revision.number}`}
        actions={
          <span className="flex flex-wrap gap-2 print:hidden">
            <LinkButton href={`/revisions/${revision.number}`}>Revision</LinkButton>
            {reportFormats.map((format) => (
              <a
                key={format}
                href={`/revisions/${revision.number}/report/download?format=${format}`}
                download
                className={buttonClass({})}
              >
                Export {format.toUpperCase()}
              </a>
            ))}
            <PrintButton />
          </span>
        }
      >
        Made <Time at={new Date().toISOString()} />.{" "}
        {until === null ? (
          "It is the newest revision."
        ) : (
          <>
            r{until.number} followed <Time at={until.at} />.
          </>
        )}
      </PageHeader>
      <div className="flex flex-col gap-4">
        <Panel title="Facts">
          <RevisionFacts revision={revision} />
        </Panel>
        <Panel title="What was done with it">
          <ReportActs acts={acts} />
        </Panel>
        <Panel title="What it changed">
          {revision.changes.length === 0 ? (
            <p className="text-muted">Nothing in words.</p>
          ) : (
            <ChangeList changes={revision.changes} />
          )}
        </Panel>
        <Panel title="Workers">
          <AcknowledgementList answers={revision.acknowledgements} />
        </Panel>
        <Panel title="What it judged">
          <ReportHits revision={revision} verdicts={verdicts} rules={rules} />
        </Panel>
      </div>
    </>
  );
}
