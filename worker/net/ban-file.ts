import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { type Ban, banSchema } from "#core/contract/ban.ts";
import { writeFileAtomically } from "../state/atomic-file.ts";
import type { SourceBans } from "./source-bans.ts";

/** Bans that outlive a restart, about 2 MB; where there are more, those that end last are forgotten by it. */
export const keptBansMax = 10_000;
/** Changes are written together, this long after the first, in milliseconds. */
const saveDelayMs = 5_000;

const keptSchema = z.array(banSchema).max(keptBansMax);

/** Keeps the bans in a file of the state directory. A file that cannot be read or written costs the bans, not the worker. */
export class BanFile {
  readonly #path: string;
  readonly #bans: SourceBans;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();

  constructor(stateDir: string, bans: SourceBans, log: Logger) {
    this.#path = join(stateDir, "bans.json");
    this.#bans = bans;
    this.#log = log;
    for (const ban of this.#load()) bans.restore(ban);
    bans.onChange = () => {
      this.#timer ??= setTimeout(() => void this.#save(), saveDelayMs).unref();
    };
  }

  /** Resolves once the last change is on disk. */
  async close(): Promise<void> {
    this.#bans.onChange = () => undefined;
    if (this.#timer !== null) await this.#save();
    await this.#saving;
  }

  #load(): Ban[] {
    try {
      return keptSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT"))
        this.#log.error({ err: error, file: this.#path }, "the kept bans cannot be read; sources begin unblocked");
      return [];
    }
  }

  #save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // One after the other: an older list must not come last.
    this.#saving = this.#saving.then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    try {
      await writeFileAtomically(this.#path, JSON.stringify(this.#bans.list(keptBansMax)));
    } catch (error) {
      this.#log.error({ err: error, file: this.#path }, "the bans cannot be kept over a restart");
    }
  }
}
