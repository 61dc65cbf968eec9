/** Of a route and a destination of it; names hold no control characters. */
export function destinationKey(route: string, destination: string): string {
  return `${route}\0${destination}`;
}

export function splitDestinationKey(key: string): { route: string; destination: string } {
  const end = key.indexOf("\0");
  return { route: key.slice(0, end), destination: key.slice(end + 1) };
}

/** Keys of destinations by number, each kept once and only as long as a message goes there: strangers choose the domains. */
export class DestinationNames {
  readonly #keys: string[] = [];
  readonly #uses: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #free: number[] = [];

  /** The number of the key, which is kept until it was released as often as it was taken. */
  take(key: string): number {
    const number = this.#numbers.get(key) ?? this.#free.pop() ?? this.#keys.length;
    this.#numbers.set(key, number);
    this.#keys[number] = key;
    this.#uses[number] = (this.#uses[number] ?? 0) + 1;
    return number;
  }

  release(number: number): void {
    const uses = (this.#uses[number] ?? 0) - 1;
    this.#uses[number] = uses;
    if (uses > 0) return;
    this.#numbers.delete(this.get(number));
    this.#keys[number] = "";
    this.#free.push(number);
  }

  /** Null: no message goes there. */
  numberOf(key: string): number | null {
    return this.#numbers.get(key) ?? null;
  }

  get(number: number): string {
    return this.#keys[number] ?? "";
  }
}
