import type { Link } from "./link.ts";
import { linksMax } from "./text-limits.ts";

/** The links of a part, each once, up to `linksMax`. */
export class LinkList {
  readonly links: Link[] = [];
  /** Those that were not looked at because the list is full. */
  dropped = 0;
  readonly #known = new Set<string>();

  /** `read` is called only while there is room, so that a part of nothing but links costs no more than a full list. */
  add(read: () => Link | null): void {
    if (this.links.length === linksMax) {
      this.dropped++;
      return;
    }
    const link = read();
    if (link === null) return;
    // A URL that is written out says nothing new where it is the target of an anchor.
    const key = link.source === "text" ? link.url : `${link.source} ${link.displayText} ${link.url}`;
    if (this.#known.has(key)) return;
    this.#known.add(key).add(link.url);
    this.links.push(link);
  }
}
