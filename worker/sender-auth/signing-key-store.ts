import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type SigningKey, signingKeySchema, signingKeysMax } from "#core/contract/signing-key.ts";
import { SealedFile } from "../state/sealed-file.ts";
import { Turns } from "../state/turns.ts";

const storedSchema = z.strictObject({ keys: z.array(signingKeySchema).max(signingKeysMax) });

export type SigningKeyReports = {
  /** Why what was kept cannot be opened: nothing is signed until the keys are pushed again. */
  damaged(reason: string): void;
  /** What is kept now can be opened. */
  kept(): void;
};

/** What the worker signs with: given by the console, kept sealed on disk like credentials. */
export class SigningKeyStore {
  readonly #file: SealedFile;
  readonly #reports: SigningKeyReports;
  readonly #turns = new Turns();
  #keys: readonly SigningKey[] = [];
  /** What is on disk is of no use. */
  #isDamaged = false;

  constructor(folder: string, reports: SigningKeyReports) {
    this.#reports = reports;
    this.#file = new SealedFile(folder, "signing-keys");
    try {
      const text = this.#file.read();
      if (text !== null) this.#keys = storedSchema.parse(JSON.parse(text)).keys;
    } catch (error) {
      this.#isDamaged = true;
      // Not zod's words: they may quote what was read.
      const isShape = error instanceof z.ZodError || error instanceof SyntaxError;
      reports.damaged(isShape || !(error instanceof Error) ? "it is damaged" : error.message);
    }
  }

  names(): string[] {
    return this.#keys.map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.#keys.some((key) => key.name === name);
  }

  /** The active key of that name; null: there is none. */
  active(name: string): SigningKey | null {
    return this.#keys.find((key) => key.name === name && key.state === "active") ?? null;
  }

  /** The active keys that sign for a domain: its own, else those of the nearest domain above it, which are aligned as well (RFC 9989 §3.2.10.1). */
  signersOf(domain: string): SigningKey[] {
    const labels = domain.toLowerCase().split(".");
    for (let at = 0; at < labels.length; at++) {
      const name = labels.slice(at).join(".");
      const keys = this.#keys.filter((key) => key.state === "active" && key.domain.toLowerCase() === name);
      if (keys.length > 0) return keys;
    }
    return [];
  }

  /** Puts these in place of all others. Resolves once they are on disk; rejects, and nothing changes, when they cannot be. */
  replace(keys: readonly SigningKey[]): Promise<void> {
    return this.#turns.take("keys", async () => {
      if (!this.#isDamaged && isDeepStrictEqual(keys, this.#keys)) return;
      await this.#file.write(JSON.stringify({ keys }));
      this.#keys = [...keys];
      this.#isDamaged = false;
      this.#reports.kept();
    });
  }
}
