/** What the page's address says, as text for its form and its links; null: not given. */
export type AuditSearch = {
  actor: string | null;
  action: string | null;
  /** A session or a token, as the log names it. */
  via: string | null;
  /** How far back, up to now: a copied address stays so. */
  range: string | null;
  from: string | null;
  to: string | null;
  /** Of the days; null: UTC. */
  zone: string | null;
  before: number | null;
};

/** The address of the page with this search. */
export function auditAddress(search: AuditSearch): string {
  const query = parameters(search).toString();
  return query === "" ? "/audit" : `/audit?${query}`;
}

/** Where the rows of this search are exported from. */
export function exportAddress(search: AuditSearch, format: "csv" | "json" | "pdf"): string {
  const query = parameters({ ...search, before: null });
  query.set("format", format);
  return `/api/audit/export?${query}`;
}

function parameters(search: AuditSearch): URLSearchParams {
  const given = Object.entries(search).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
  return new URLSearchParams(given);
}
