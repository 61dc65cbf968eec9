"use client";
import { useDraftFindings } from "#components/ui/draft-findings.ts";
import { FindingList } from "#components/ui/finding-list.tsx";
import type { FindingPlace } from "#core/policy/lint/finding-place.ts";

type FindingsOfProps = {
  kind: FindingPlace["kind"];
  /** One object; absent: all of the kind, each with a link to it. */
  id?: string;
};

/** What the lint says of one object of the draft, or of all of a kind, as the draft changes. */
export function FindingsOf({ kind, id }: FindingsOfProps) {
  const findings = useDraftFindings().filter(
    ({ place }) => place?.kind === kind && (id === undefined || place.id === id),
  );
  return <FindingList findings={findings} linked={id === undefined || kind === "proxy action"} />;
}
