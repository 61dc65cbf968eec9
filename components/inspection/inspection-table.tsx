import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PresenceDot } from "#components/ui/open-elsewhere.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Scanner } from "#core/contract/scanner.ts";
import type { InspectionKind, InspectionObject } from "#lib/inspection/inspection-input.ts";
import type { InspectionView, ScannerAtWorker } from "#lib/inspection/queries.ts";
import { inspectionHref, inspectionKinds } from "./inspection-kinds.ts";
import { ScannerHealth } from "./scanner-health.tsx";

type InspectionTableProps = {
  kind: InspectionKind;
  objects: readonly InspectionView[];
  /** Of scanners, by name. */
  health: ReadonlyMap<string, readonly ScannerAtWorker[]>;
};

/** The scanners, dictionaries or notices of the draft. */
export function InspectionTable({ kind, objects, health }: InspectionTableProps) {
  const words = inspectionKinds[kind];
  if (objects.length === 0) {
    return (
      <EmptyState
        title={`No ${words.title.toLowerCase()} yet`}
        action={
          <LinkButton href={`${inspectionHref(kind)}?new=${kind}`} variant="primary" scroll={false}>
            Add {words.singular}
          </LinkButton>
        }
      >
        {words.empty}
      </EmptyState>
    );
  }
  return (
    <Table caption={words.title}>
      <thead>
        <tr>
          <Th>{words.one}</Th>
          <Th>Holds</Th>
          <Th>Used by</Th>
          {kind === "scanner" && <Th>At the workers</Th>}
        </tr>
      </thead>
      <tbody>
        {objects.map((view) => (
          <Row key={view.id}>
            <Td wide className="align-top">
              <TextLink href={`${inspectionHref(kind)}?edit=${view.id}`} scroll={false} prefetch={false}>
                {view.object.name}
              </TextLink>
              <PresenceDot object={`${words.singular} ${view.id}`} />
            </Td>
            <Td label="Holds" wide className="align-top">
              <Holds view={view} />
            </Td>
            <Td label="Used by" className="align-top">
              {view.users.length === 0 ? <span className="text-muted">nothing</span> : view.users.join("; ")}
            </Td>
            {kind === "scanner" && (
              <Td wide className="align-top">
                <ScannerHealth workers={health.get(view.object.name) ?? []} />
              </Td>
            )}
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function Holds({ view }: { view: InspectionObject }) {
  switch (view.kind) {
    case "scanner":
      return <ScannerWords scanner={view.object} />;
    case "dictionary": {
      const { entries, threshold } = view.object;
      return `${entries.length} ${entries.length === 1 ? "entry" : "entries"}, threshold ${threshold}`;
    }
    case "notice":
      return <span className="line-clamp-2 text-muted">{view.object.text}</span>;
    default:
      return view satisfies never;
  }
}

const failureWords = { tempfail: "fails: 451", pass: "fails: passes", match: "fails: matches" } as const;

function ScannerWords({ scanner: { kind, at, onFailure } }: { scanner: Scanner }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {kind}
      <span className="font-mono text-sm [overflow-wrap:anywhere]">
        {"socket" in at ? at.socket : `${at.host}:${at.port}`}
      </span>
      <Badge tone={onFailure === "pass" ? "tempfail" : "inactive"}>{failureWords[onFailure]}</Badge>
    </span>
  );
}
