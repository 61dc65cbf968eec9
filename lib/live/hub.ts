import pg from "pg";
import { parseJson } from "#core/text/parse-json.ts";
import { setting } from "#lib/env.ts";
import { workerSilenceMs } from "./silence.ts";
import { changeSchema, liveChannel, type Topic, topicSchema } from "./topics.ts";

type Listener = (topics: readonly Topic[]) => void;

/** Streams at once in one process; a browser has one a tab. */
export const liveStreamsMax = 1_000;

const reconnectFirstMs = 250;
const reconnectMaxMs = 10_000;
const everyTopic = topicSchema.options;

/**
 * The process's one LISTEN on Postgres, fanned out to the open streams. It is there while somebody listens; after a lost
 * connection it comes back by itself and says that everything may have changed.
 */
export class LiveHub {
  readonly #listeners = new Set<Listener>();
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #silence: NodeJS.Timeout | null = null;
  #failures = 0;

  /** Calls `listener` for every change until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#connect();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#disconnect();
    };
  }

  /** How many streams are open. */
  get size(): number {
    return this.#listeners.size;
  }

  #connect(): void {
    this.#retry = null;
    const client = new pg.Client({ connectionString: setting("DATABASE_URL"), keepAlive: true });
    this.#client = client;
    client.on("notification", ({ payload }) => this.#heard(payload ?? ""));
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    client
      .connect()
      .then(() => client.query(`LISTEN ${liveChannel}`))
      .then(
        () => this.#listening(client),
        () => this.#lost(client),
      );
  }

  #listening(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#failures = 0;
    // What changed before the LISTEN stood was not heard.
    this.#broadcast(everyTopic);
    this.#watchSilence();
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    void client.end().catch(() => {});
    this.#failures += 1;
    const waitMs = Math.min(reconnectFirstMs * 2 ** Math.min(this.#failures - 1, 10), reconnectMaxMs);
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  #disconnect(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#silence !== null) clearTimeout(this.#silence);
    const client = this.#client;
    this.#client = null;
    void client?.end().catch(() => {});
  }

  #heard(payload: string): void {
    const change = changeSchema.safeParse(parseJson(payload));
    const topics = change.success ? change.data.topics : everyTopic;
    if (topics.includes("workers")) this.#watchSilence();
    this.#broadcast(topics);
  }

  /** Silence is a change too: pages that show workers as up must look again. */
  #watchSilence(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#broadcast(["workers", "overview"]), workerSilenceMs + 200);
  }

  #broadcast(topics: readonly Topic[]): void {
    for (const listener of this.#listeners) listener(topics);
  }
}

const holder = globalThis as typeof globalThis & { posternLiveHub?: LiveHub };

/** The process's one hub. */
export function liveHub(): LiveHub {
  holder.posternLiveHub ??= new LiveHub();
  return holder.posternLiveHub;
}
