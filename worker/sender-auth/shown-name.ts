/** A name out of a message or the DNS, to be told: printable, and no longer than a name can be. */
export function shownName(name: string): string {
  return name.replace(/[^\x21-\x7e]+/g, "?").slice(0, 255);
}
