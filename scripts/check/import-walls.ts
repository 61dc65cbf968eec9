import { databaseFiles, importTable, importWords, type Zone } from "./import-table.ts";
import { type Import, resolveImport, type SourceFile } from "./read-imports.ts";

export type Violation = { file: string; line: number; message: string };

const touchesDatabase = /^lib\/(?:generated\/|[^/]+\/(?:queries|mutations)\.ts$)|^(?:tests|scripts)\//;
const assets = /\.(?:css|svg|json)$/;

/** Every import that the table forbids. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, imports }) => {
    const zone = zoneOf(path);
    if (zone === null) return [{ file: path, line: 1, message: "belongs to no folder of the architecture" }];
    return imports.flatMap((one) => {
      const message = judge(path, zone, one, paths);
      return message === null ? [] : [{ file: path, line: one.line, message: `${one.specifier}: ${message}` }];
    });
  });
}

export function zoneOf(path: string): Zone | null {
  return importTable.find(({ files }) => files.test(path)) ?? null;
}

function judge(from: string, zone: Zone, { specifier, typeOnly }: Import, paths: ReadonlySet<string>): string | null {
  const target = resolveImport(from, specifier);
  if (target.kind === "node") return zone.node ? null : zone.reason;
  if (target.kind === "package") {
    return zone.packages.includes("*") || zone.packages.includes(target.name) ? null : zone.reason;
  }
  if (assets.test(target.path)) return null;
  const into = zoneOf(target.path);
  const generated = into?.name === "lib/generated";
  if (!generated && !paths.has(target.path)) return importWords.missing;
  if (specifier.startsWith(".") && topFolder(from) !== topFolder(target.path) && zone.name !== "configuration") {
    return importWords.outOfFolder;
  }
  if (into === null || into.name === "tests") return into === zone ? null : "nothing imports tests/";
  return judgeZones(from, zone, into, target.path, typeOnly);
}

function judgeZones(from: string, zone: Zone, into: Zone, path: string, typeOnly: boolean): string | null {
  const allowed =
    into === zone ||
    zone.zones.includes("*") ||
    zone.zones.includes(into.name) ||
    (typeOnly && zone.zones.includes(`type:${into.name}`));
  if (!allowed) return zone.reason;
  if (zone.name === "components" && into === zone && !mayUseComponent(from, path)) return importWords.otherNoun;
  const database = !typeOnly && (path === "lib/db.ts" || into.name === "lib/generated");
  return database && !touchesDatabase.test(from) && !databaseFiles.has(from) ? importWords.prisma : null;
}

/** ui ← layout ← noun. */
function mayUseComponent(from: string, path: string): boolean {
  const [user, used] = [from.split("/")[1], path.split("/")[1]];
  return user === used || used === "ui" || (used === "layout" && user !== "ui");
}

function topFolder(path: string): string {
  return path.split("/")[0] ?? "";
}
