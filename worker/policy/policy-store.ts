import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type SignedBundle, signedBundleSchema } from "#core/contract/bundle.ts";
import { writeFileAtomically } from "../state/atomic-file.ts";

/** The last good bundle on disk, as it was signed. */
export class PolicyStore {
  readonly #path: string;

  constructor(stateDir: string) {
    const folder = join(stateDir, "policy");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, "last-good.json");
  }

  /** Resolves once the bundle survives a power cut. */
  save(bundle: SignedBundle): Promise<void> {
    return writeFileAtomically(this.#path, JSON.stringify(bundle));
  }

  /** The bundle; null when there never was one; an Error when there is a file but it cannot be read. */
  load(): SignedBundle | null | Error {
    try {
      return signedBundleSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      return new Error(`${this.#path} is damaged`);
    }
  }
}
