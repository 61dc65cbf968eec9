import { buffer } from "node:stream/consumers";
import type { QueueEntry } from "#core/contract/queue.ts";
import { newProgress, type Progress } from "#worker/spool/queue-record.ts";
import type { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { envelopeOf } from "./queued-message.ts";

type Known = {
  content: Buffer;
  /** With whom it came in, all or none. */
  batch: string[];
  /** yes: it was answered for. maybe: nothing was answered yet. */
  isThere: "yes" | "maybe";
  /** What may be found after a crash: what was last answered, and everything begun since; null: it is gone. */
  possible: (Outcome | null)[];
};
type Outcome = Pick<Progress, "state" | "outcomes" | "attempts">;

/** What must be true of a spool, whatever happens to it: a plain account of what it answered. */
export class SpoolModel {
  readonly #random: () => number;
  readonly #known = new Map<string, Known>();
  readonly #refused = new Set<string>();
  #running: Promise<unknown>[] = [];
  answered = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Does one thing, at random, and does not wait for its end. `arrivals`: the share of messages that come in. */
  act(spool: SegmentSpool, arrivals: number): void {
    const what = this.#random();
    const leaves = what < 1 - (1 - arrivals) / 4;
    const act = what < arrivals ? this.#accept(spool) : leaves ? this.#attempt(spool) : this.#command(spool);
    this.#running.push(act.catch(() => undefined));
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running.splice(0));
  }

  /** After a crash: says what is wrong, and takes what is found for what is. */
  async check(spool: SegmentSpool): Promise<string[]> {
    this.#running = [];
    const wrong: string[] = [];
    const ids = [...spool.ids()];
    if (new Set(ids).size !== ids.length) wrong.push("an id is there twice");
    for (const id of ids) if (!this.#known.has(id)) wrong.push(`${id} was refused or removed, and is there`);
    for (const [id, known] of [...this.#known]) {
      const entry = spool.entry(id);
      const isThere = entry !== null;
      if (!isThere && known.isThere === "yes" && !known.possible.includes(null)) wrong.push(`${id} is lost`);
      const others =
        known.isThere === "maybe" ? known.batch.filter((other) => (spool.entry(other) !== null) !== isThere) : [];
      if (others.length > 0) wrong.push(`${id} came with ${others.join()}, and is not where they are`);
      if (entry === null) this.#known.delete(id);
      else wrong.push(...(await this.#checkOne(spool, entry, known)));
    }
    for (const known of this.#known.values()) known.isThere = "yes";
    return wrong;
  }

  async #checkOne(spool: SegmentSpool, entry: QueueEntry, known: Known): Promise<string[]> {
    const { id } = entry;
    const record = spool.record(id);
    if (record === null) return [`${id} has no record`];
    const fits = known.possible.some((one) => one !== null && isSame(one, record));
    const message = await spool.load(id);
    const content = message === null ? null : await buffer(message.open());
    known.possible = [{ state: record.state, outcomes: record.outcomes, attempts: record.attempts }];
    return [
      ...(fits ? [] : [`${id} is ${record.state} ${record.outcomes} ${record.attempts}, which it never was`]),
      ...(content?.equals(known.content) === true ? [] : [`${id} is not what was accepted`]),
    ];
  }

  async #accept(spool: SegmentSpool): Promise<void> {
    const count = this.#random() < 0.2 ? 3 : 1;
    const envelopes = Array.from({ length: count }, () => envelopeOf({ recipients: recipients(this.#random) }));
    const bytes = this.#random() < 0.05 ? 300_000 : Math.floor(this.#random() * 3_000);
    const content = Buffer.alloc(bytes, `${envelopes[0]?.id} `);
    const refusals = envelopes.map((_, index) => (index === 1 ? "550 no" : null));
    const batch = envelopes.map(({ id }) => id);
    const fate = this.#random();
    const writer = spool.beginBatch(envelopes);
    for (let at = 0; at < bytes; at += 100_000) writer.write(content.subarray(at, at + 100_000));
    if (fate < 0.1) return writer.abort();
    for (const [index, { id, recipients: all }] of envelopes.entries()) {
      const refused = refusals[index] !== null;
      const outcome = { ...newProgress(all.length), ...(refused ? { state: "failed" as const } : {}) };
      const outcomes = refused ? "f".repeat(all.length) : outcome.outcomes;
      this.#known.set(id, { content, batch, isThere: "maybe", possible: [{ ...outcome, outcomes }] });
    }
    await new Promise<void>((resolve) => {
      writer.commit(null, refusals, (error) => {
        for (const id of batch) this.#answer(id, error);
        resolve();
      });
      if (fate > 0.9) {
        writer.abort();
        resolve();
      }
    });
  }

  #answer(id: string, error: Error | null): void {
    const known = this.#known.get(id);
    if (error === null) this.answered++;
    if (known === undefined) return;
    if (error === null) known.isThere = "yes";
    else {
      this.#known.delete(id);
      this.#refused.add(id);
    }
  }

  async #attempt(spool: SegmentSpool): Promise<void> {
    const id = this.#pick(spool);
    const record = id === null ? null : spool.claim(id);
    if (record === null) return;
    const outcomes = Array.from(record.outcomes, (one) => (one === "p" && this.#random() < 0.6 ? "d" : one)).join("");
    const state = outcomes.includes("p") ? ("deferred" as const) : ("failed" as const);
    const isGone = !/[pf]/.test(outcomes);
    const progress = {
      ...newProgress(outcomes.length),
      outcomes,
      state,
      attempts: record.attempts + 1,
      lastReply: "4",
    };
    await this.#change(record.id, isGone ? null : progress, () => spool.settle(record.id, progress));
  }

  async #command(spool: SegmentSpool): Promise<void> {
    const id = this.#pick(spool);
    const record = id === null ? null : spool.record(id);
    if (record === null || record.state === "delivering") return;
    const what = (["hold", "release", "delete", "retry-now"] as const)[Math.floor(this.#random() * 4)] ?? "hold";
    if (what === "hold" && record.state === "held") return;
    if (what === "release" && record.state !== "held") return;
    if (what === "retry-now" && record.state === "held") return;
    const outcomes = what === "hold" ? record.outcomes : record.outcomes.replaceAll("f", "p");
    const next = { ...record, outcomes, state: what === "hold" ? ("held" as const) : ("ready" as const) };
    await this.#change(
      record.id,
      what === "delete" ? null : next,
      async () => void (await spool.command(record.id, what)),
    );
  }

  async #change(id: string, next: Outcome | null, change: () => Promise<void>): Promise<void> {
    const known = this.#known.get(id);
    known?.possible.push(next);
    await change();
    if (known === undefined) return;
    // What was begun later may be there all the same.
    known.possible = known.possible.slice(known.possible.indexOf(next));
    if (next === null) this.#known.delete(id);
  }

  #pick(spool: SegmentSpool): string | null {
    const ids = [...spool.ids()];
    return ids[Math.floor(this.#random() * ids.length)] ?? null;
  }
}

/** An attempt that a crash cut is due again. */
function isSame(one: Outcome, record: Outcome): boolean {
  return one.state === record.state && one.outcomes === record.outcomes && one.attempts === record.attempts;
}

function recipients(random: () => number): { address: string; parameters: string[] }[] {
  const count = 1 + Math.floor(random() * 3);
  return Array.from({ length: count }, (_, index) => ({ address: `r${index}@example.test`, parameters: [] }));
}
