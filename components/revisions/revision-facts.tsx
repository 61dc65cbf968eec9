import type { ReactNode } from "react";
import { Time } from "#components/ui/time.tsx";
import type { RevisionView } from "#lib/revisions/queries.ts";
import { RevisionKindBadges } from "./revision-kind.tsx";

/** Who published it, when, why, and its digest. */
export function RevisionFacts({ revision }: { revision: RevisionView }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      <Fact name="Published">
        <Time at={revision.publishedAt} />
      </Fact>
      <Fact name="By">
        <span className="inline-flex flex-wrap items-center gap-2">
          {revision.authorName}
          <RevisionKindBadges revision={revision} />
        </span>
      </Fact>
      <Fact name="Comment">
        {revision.comment === "" ? <span className="text-muted">none</span> : revision.comment}
      </Fact>
      {revision.overrideReason !== null && (
        <Fact name="Policy tests">
          Published though {revision.failedTests.map((name) => `“${name}”`).join(", ")} failed:{" "}
          {revision.overrideReason}
        </Fact>
      )}
      {revision.restoredFrom !== null && <Fact name="Equals">r{revision.restoredFrom}, published again</Fact>}
      <Fact name="SHA-256">
        <span className="font-mono text-sm">{revision.digest}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
