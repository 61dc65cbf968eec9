/** What a person should see to, each in words that say what to do. */
export class Faults {
  readonly #texts = new Map<string, string>();

  /** One text for each key: setting it again replaces it. */
  set(key: string, text: string): void {
    this.#texts.set(key, text);
  }

  clear(key: string): void {
    this.#texts.delete(key);
  }

  list(): string[] {
    return [...this.#texts.values()];
  }
}
