/** The address of a list with its filters; empty ones are left out. */
export function searchHref(path: string, search: Record<string, string | null>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value !== null && value !== "") parameters.set(name, value);
  const query = parameters.toString();
  return query === "" ? path : `${path}?${query}`;
}
