/** Sessions at once on one listener, in all and by source. */
export class ConnectionCounts {
  total = 0;
  readonly #bySource = new Map<string, number>();

  from(source: string): number {
    return this.#bySource.get(source) ?? 0;
  }

  add(source: string): void {
    this.total++;
    this.#bySource.set(source, this.from(source) + 1);
  }

  remove(source: string): void {
    this.total--;
    const left = this.from(source) - 1;
    if (left > 0) this.#bySource.set(source, left);
    else this.#bySource.delete(source);
  }
}
