import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type Credential, credentialSchema, credentialsMax } from "#core/contract/credential.ts";
import { SealedFile } from "../state/sealed-file.ts";

/** What the sealed file holds. `renewed`: refresh tokens that their server replaced, by the one that was given to us (RFC 6749 §6). */
const storedSchema = z.strictObject({
  pushed: z.array(credentialSchema).max(credentialsMax),
  renewed: z.array(z.strictObject({ name: z.string(), replaces: z.string(), refreshToken: z.string() })),
});
type Stored = z.infer<typeof storedSchema>;
type Renewed = Stored["renewed"][number];

const nothingStored: Stored = { pushed: [], renewed: [] };

export type CredentialReports = {
  /** Why what was kept cannot be opened: nothing is kept until it is pushed again. */
  damaged(reason: string): void;
  /** What is kept now can be opened. */
  kept(): void;
};

/** What the worker logs in to servers with: from worker.yaml, which come first, and from the console, which are kept sealed. */
export class CredentialStore {
  /** Called with the name of each credential that is new, another or gone. */
  onChange: ((name: string) => void) | null = null;
  readonly #configured: readonly Credential[];
  readonly #file: SealedFile;
  readonly #reports: CredentialReports;
  #stored: Stored = nothingStored;
  #byName = new Map<string, Credential>();
  #last: Promise<unknown> = Promise.resolve();
  /** What is on disk is of no use. */
  #isDamaged = false;

  constructor(configured: readonly Credential[], folder: string, reports: CredentialReports) {
    this.#configured = configured;
    this.#reports = reports;
    this.#file = new SealedFile(folder, "credentials");
    try {
      const text = this.#file.read();
      if (text !== null) this.#stored = storedSchema.parse(JSON.parse(text));
    } catch (error) {
      this.#isDamaged = true;
      // Not zod's words: they may quote what was read.
      reports.damaged(error instanceof z.ZodError || error instanceof SyntaxError ? "it is damaged" : messageOf(error));
    }
    this.#byName = this.#merge(this.#stored);
  }

  /** Null: there is none of that name. */
  get(name: string): Credential | null {
    return this.#byName.get(name) ?? null;
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  /** Puts what the console gives in place of all that it gave before. Resolves once it is on disk; rejects, and nothing changes, when it cannot be. */
  replace(pushed: readonly Credential[]): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isDamaged && isDeepStrictEqual(pushed, this.#stored.pushed)) return;
      await this.#keep({ pushed: [...pushed], renewed: this.#stored.renewed });
    });
  }

  /** The server gave a refresh token in place of the one in use, which may be void by now. */
  renewRefreshToken(name: string, refreshToken: string): Promise<void> {
    return this.#inTurn(async () => {
      const given = this.#given(this.#stored.pushed).get(name);
      if (given?.kind !== "oauth2") return;
      const others = this.#stored.renewed.filter((renewed) => renewed.name !== name);
      const renewed = [...others, { name, replaces: digest(given.refreshToken), refreshToken }];
      await this.#keep({ pushed: this.#stored.pushed, renewed }, name);
    });
  }

  async #keep(next: Stored, untold?: string): Promise<void> {
    const given = this.#given(next.pushed);
    const stored = { ...next, renewed: next.renewed.filter((renewed) => renews(renewed, given.get(renewed.name))) };
    await this.#file.write(JSON.stringify(stored));
    const before = this.#byName;
    this.#stored = stored;
    this.#isDamaged = false;
    this.#reports.kept();
    this.#byName = this.#merge(stored);
    for (const name of new Set([...before.keys(), ...this.#byName.keys()])) {
      const isSame = isDeepStrictEqual(before.get(name), this.#byName.get(name));
      if (!isSame && name !== untold) this.onChange?.(name);
    }
  }

  #given(pushed: readonly Credential[]): Map<string, Credential> {
    return new Map([...pushed, ...this.#configured].map((credential) => [credential.name, credential]));
  }

  #merge({ pushed, renewed }: Stored): Map<string, Credential> {
    const merged = this.#given(pushed);
    for (const one of renewed) {
      const given = merged.get(one.name);
      if (given?.kind === "oauth2" && renews(one, given))
        merged.set(one.name, { ...given, refreshToken: one.refreshToken });
    }
    return merged;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#last.then(change);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** A token that a person gave since then is newer than what the old one was replaced by. */
function renews({ replaces }: Renewed, given: Credential | undefined): boolean {
  return given?.kind === "oauth2" && digest(given.refreshToken) === replaces;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
