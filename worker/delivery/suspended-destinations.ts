import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { destinationKey } from "../spool/destination-names.ts";
import { writeFileAtomically } from "../state/atomic-file.ts";
import { Turns } from "../state/turns.ts";

/** Destinations that may be suspended at once. */
export const suspendedDestinationsMax = 1_000;

const suspensionSchema = z.strictObject({
  route: z.string(),
  destination: z.string(),
  by: z.string(),
  since: z.iso.datetime(),
});
const keptSchema = z.array(suspensionSchema).max(suspendedDestinationsMax);
export type Suspension = z.infer<typeof suspensionSchema>;

/** The destinations that a person stopped, kept over restarts in a file of the state directory. One that cannot be read is told, and counts as empty. */
export class SuspendedDestinations {
  readonly #path: string;
  readonly #turns = new Turns();
  #kept: ReadonlyMap<string, Suspension>;

  constructor(stateDir: string, log: Logger) {
    this.#path = join(stateDir, "suspended-destinations.json");
    this.#kept = byKey(load(this.#path, log));
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  list(): Suspension[] {
    return [...this.#kept.values()];
  }

  /** Resolves with null once it holds and is on disk, else with why it does not; rejects when the file cannot be written. */
  suspend(one: Suspension): Promise<string | null> {
    const key = destinationKey(one.route, one.destination);
    return this.#turns.take("", async () => {
      if (this.#kept.has(key)) return "it is suspended already";
      if (this.#kept.size >= suspendedDestinationsMax) return `${suspendedDestinationsMax} are suspended: resume some`;
      await this.#keep([...this.list(), one]);
      return null;
    });
  }

  /** As `suspend`. */
  resume({ route, destination }: Pick<Suspension, "route" | "destination">): Promise<string | null> {
    const key = destinationKey(route, destination);
    return this.#turns.take("", async () => {
      if (!this.#kept.has(key)) return "it is not suspended";
      await this.#keep(this.list().filter((one) => destinationKey(one.route, one.destination) !== key));
      return null;
    });
  }

  async #keep(all: readonly Suspension[]): Promise<void> {
    await writeFileAtomically(this.#path, JSON.stringify(all));
    this.#kept = byKey(all);
  }
}

function byKey(all: readonly Suspension[]): Map<string, Suspension> {
  return new Map(all.map((one) => [destinationKey(one.route, one.destination), one]));
}

function load(path: string, log: Logger): Suspension[] {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isAbsent) log.error({ err: error, path }, "the suspended destinations cannot be read: none is suspended");
    return [];
  }
}
