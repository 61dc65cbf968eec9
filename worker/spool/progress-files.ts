import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { queueStateSchema } from "#core/contract/queue.ts";
import { removeFile } from "../state/atomic-file.ts";
import type { DirectorySync } from "./directory-sync.ts";
import type { Progress } from "./queue-record.ts";

const progressSchema = z.strictObject({
  version: z.literal(1),
  state: queueStateSchema,
  outcomes: z.string().regex(/^[pdfb]+$/),
  attempts: z.number().int().nonnegative(),
  lastReply: z.string().nullable(),
  lastAttemptAt: z.number().nullable(),
  nextAttemptAt: z.number().nullable(),
  unreached: z.boolean(),
  notices: z.number().int().nonnegative().default(0),
});

type Write = { progress: Progress; promise: Promise<void> };

/**
 * What became of each queued message, one small file each, replaced as a whole. A file that says who has the message already, or
 * what a person decided, is flushed before it takes the old one's place; a mere count of attempts is not worth the wait.
 */
export class ProgressFiles {
  readonly #folder: string;
  readonly #directory: DirectorySync;
  /** Writes of one message happen in their order; only the newest that waits is written. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Write>();

  constructor(folder: string, directory: DirectorySync) {
    this.#folder = folder;
    this.#directory = directory;
  }

  /** Resolves once this progress or a newer one is in place (and on disk, where that matters). */
  save(id: string, progress: Progress): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return this.#start(id, progress);
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) {
      waiting.progress = progress;
      return waiting.promise;
    }
    const promise = running
      .catch(() => undefined)
      .then(() => {
        const write = this.#waiting.get(id);
        this.#waiting.delete(id);
        return write === undefined ? undefined : this.#start(id, write.progress);
      });
    this.#waiting.set(id, { progress, promise });
    return promise;
  }

  /** Removes the file after any write under way. */
  async remove(id: string): Promise<void> {
    this.#waiting.delete(id);
    await this.#running.get(id)?.catch(() => undefined);
    await removeFile(this.#path(id));
  }

  /** null: nothing was ever written, or a power cut took a mere count. An Error: it is damaged. */
  async load(id: string): Promise<Progress | null | Error> {
    const text = await readFile(this.#path(id), "utf8").catch((error: NodeJS.ErrnoException) => error);
    if (text instanceof Error) return text.code === "ENOENT" ? null : text;
    if (text === "") return null;
    try {
      const { version: _, ...progress } = progressSchema.parse(JSON.parse(text));
      return progress;
    } catch {
      return new Error("its record of attempts is damaged");
    }
  }

  #start(id: string, progress: Progress): Promise<void> {
    const write = this.#write(id, progress).finally(() => {
      if (this.#running.get(id) === write) this.#running.delete(id);
    });
    this.#running.set(id, write);
    return write;
  }

  async #write(id: string, progress: Progress): Promise<void> {
    const path = this.#path(id);
    const matters = progress.state === "held" || progress.state === "failed" || /[dfb]/.test(progress.outcomes);
    const temporary = `${path}.tmp`;
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify({ version: 1, ...progress }));
      if (matters) await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    if (matters)
      await new Promise<void>((resolve, reject) =>
        this.#directory.request((error) => (error ? reject(error) : resolve())),
      );
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
