import type { ScannerStatus } from "#core/contract/scanner.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { listWorkers } from "#lib/workers/queries.ts";
import { type InspectionKind, type InspectionObject, inspectionObjectSchema } from "./inspection-input.ts";
import { inspectionFromRow } from "./inspection-row.ts";
import { inspectionUsers } from "./inspection-usage.ts";

export type InspectionView = InspectionObject & {
  id: string;
  version: number;
  /** What of the draft names it, in words. */
  users: string[];
};

/** The scanners, dictionaries or notices of the draft, in order, with what uses them. */
export async function readInspection(kind: InspectionKind): Promise<InspectionView[]> {
  const rows = await database().inspectionObject.findMany({ where: { kind }, orderBy: { rank: "asc" } });
  const users = inspectionUsers(await readDraft(database()), kind);
  return rows.map((row) => ({
    ...inspectionObjectSchema.parse(inspectionFromRow(row)),
    id: row.id,
    version: row.version,
    users: users.get(row.name.toLowerCase()) ?? [],
  }));
}

/** Their names, for choosing one. */
export async function inspectionNames(kind: InspectionKind): Promise<string[]> {
  const inOrder = { orderBy: { rank: "asc" }, select: { name: true } } as const;
  const rows = await database().inspectionObject.findMany({ where: { kind }, ...inOrder });
  return rows.map(({ name }) => name);
}

/** How a scanner does at one worker; `heard` false: what it last said is old. */
export type ScannerAtWorker = { worker: string; heard: boolean; status: ScannerStatus };

/** How the scanners do, as the workers say at `now`, by scanner. */
export async function scannerHealth(now: Date): Promise<Map<string, ScannerAtWorker[]>> {
  const health = new Map<string, ScannerAtWorker[]>();
  for (const { name, state, status } of await listWorkers(now)) {
    for (const one of status?.scanners ?? []) {
      const known = health.get(one.scanner) ?? [];
      health.set(one.scanner, [...known, { worker: name, heard: state !== "down", status: one }]);
    }
  }
  return health;
}
