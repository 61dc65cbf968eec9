/** The pages that show one interface, or all of them, as `interface` in their address says. */
const scopedPages: ReadonlySet<string> = new Set([
  "/",
  "/messages",
  "/connections",
  "/queue",
  "/quarantine",
  "/policies",
  "/simulator",
]);

export function isScoped(path: string): boolean {
  return scopedPages.has(path);
}

/** An address at an interface, where its page shows one; null: at every interface. */
export function withScope(href: string, scope: string | null): string {
  const [path = "", query = ""] = href.split("?");
  if (scope === null || !isScoped(path)) return href;
  const search = new URLSearchParams(query);
  search.set("interface", scope);
  return `${path}?${search.toString()}`;
}

/** What is of one list only: the page of it that is shown, and what is open there. */
const ofThisList = ["after", "open", "entry"];

/** The page that has this address, at another interface: what else is asked for stays. */
export function samePageAt(path: string, search: URLSearchParams, scope: string | null): string {
  const kept = new URLSearchParams(search);
  for (const name of [...ofThisList, "interface"]) kept.delete(name);
  const query = kept.toString();
  return withScope(query === "" ? path : `${path}?${query}`, scope);
}
