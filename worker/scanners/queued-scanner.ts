import type { Logger } from "pino";
import type { Scanner as ScannerSettings, ScannerStatus } from "#core/contract/scanner.ts";
import { ScanRecord } from "./scan-record.ts";
import { failed } from "./scan-words.ts";
import type { ScanEngine, ScanFailure, Scanner, ScanReport, ScanResult, ScanSubject } from "./scanner.ts";
import { VerdictCache } from "./verdict-cache.ts";

/** Scans that wait for one of the scanner's connections; the next one fails. */
export const waitingMax = 1_000;
/** How often the scanner is asked whether it serves, and with which signatures, in milliseconds. */
export const checkEveryMs = 60_000;
/** How long after a connection could not be made scans fail at once, instead of waiting for the same again, in milliseconds. */
export const unreachableMemoryMs = 2_000;

type ScanJob = {
  subject: ScanSubject;
  done: (report: ScanReport) => void;
  startedAt: number;
  timer: NodeJS.Timeout;
  /** Null: it waits. */
  cancel: (() => void) | null;
};

export type QueuedScannerOptions = {
  settings: ScannerSettings;
  engine: ScanEngine;
  log: Logger;
  /** Milliseconds since 1970. */
  now(): number;
};

/** A scanner with its limits: time, size, scans at once, and the line of those that wait; and with what it said before. */
export class QueuedScanner implements Scanner {
  readonly #options: QueuedScannerOptions;
  readonly #record = new ScanRecord();
  readonly #cache: VerdictCache | null;
  readonly #running = new Set<ScanJob>();
  /** First come, first served. */
  readonly #waiting = new Set<ScanJob>();
  readonly #checks: NodeJS.Timeout;
  #check: { cancel: () => void; timer: NodeJS.Timeout } | null = null;
  #unreachable: { until: number; failure: ScanFailure } | null = null;
  #closed = false;

  constructor(options: QueuedScannerOptions) {
    const { settings, now } = options;
    this.#options = options;
    this.#cache = settings.cacheMinutes === undefined ? null : new VerdictCache(settings.cacheMinutes * 60_000, now);
    this.#checks = setInterval(() => this.#startCheck(), checkEveryMs).unref();
    this.#startCheck();
  }

  get name(): string {
    return this.#options.settings.name;
  }

  scan(subject: ScanSubject, done: (report: ScanReport) => void): () => void {
    const known = this.#known(subject);
    if (known !== null) {
      if (known.result === "failed" && !this.#closed) this.#noteFailure(known);
      this.#call(done, { ...known, ms: 0, cached: known.result !== "failed" });
      return () => undefined;
    }
    const timer = setTimeout(() => this.#expire(job), this.#options.settings.timeLimitMs);
    const job: ScanJob = { subject, done, startedAt: performance.now(), timer, cancel: null };
    this.#waiting.add(job);
    this.#startWaiting();
    return () => this.#leave(job);
  }

  close(): void {
    this.#closed = true;
    this.#endWhenIdle();
  }

  status(): ScannerStatus {
    const { engine, settings, now } = this.#options;
    return {
      scanner: settings.name,
      version: engine.version,
      signaturesAt: engine.signaturesAt?.toISOString() ?? null,
      ...this.#record.read(now()),
    };
  }

  /** What needs no question: a verdict that is kept, or why none is asked for. Null: it must be asked. */
  #known(subject: ScanSubject): ScanResult | null {
    const { engine, settings } = this.#options;
    if (this.#closed) return failed("unreachable", "the scanner is no longer in use");
    if (subject.bytes > settings.sizeLimitBytes) {
      return failed("too-large", `${subject.bytes} bytes, above the limit of ${settings.sizeLimitBytes}`);
    }
    const key = this.#cache === null ? null : engine.verdictKey(subject);
    const kept = key === null ? null : (this.#cache?.get(key, subject.sha256) ?? null);
    if (kept !== null) return kept;
    if (this.#refusal !== null) return this.#refusal;
    return this.#waiting.size >= waitingMax ? failed("limit", `${waitingMax} scans wait already`) : null;
  }

  /** Why no connection is tried now; null: one may be. */
  get #refusal(): ScanFailure | null {
    const known = this.#unreachable;
    return known !== null && this.#options.now() < known.until ? known.failure : null;
  }

  #startWaiting(): void {
    const { settings, engine } = this.#options;
    const failure = this.#refusal;
    if (failure !== null) {
      for (const job of [...this.#waiting]) this.#tell(job, failure);
      return;
    }
    const atOnce = Math.min(settings.connectionsMax, engine.connectionsAllowed ?? settings.connectionsMax);
    for (const job of this.#waiting) {
      if (this.#running.size >= atOnce) return;
      this.#waiting.delete(job);
      this.#start(job);
    }
  }

  #start(job: ScanJob): void {
    const { engine } = this.#options;
    const key = engine.verdictKey(job.subject);
    this.#running.add(job);
    job.cancel = engine.ask(job.subject, (result) => {
      // Signatures that changed meanwhile: which ones it was judged by is not known.
      if (key !== null && key === engine.verdictKey(job.subject)) this.#cache?.put(key, job.subject.sha256, result);
      this.#finish(job, result);
    });
  }

  #finish(job: ScanJob, result: ScanResult): void {
    this.#tell(job, result);
    this.#goOn();
  }

  #tell(job: ScanJob, result: ScanResult): void {
    const { now } = this.#options;
    const ms = performance.now() - job.startedAt;
    if (result.result === "failed") this.#noteFailure(result);
    else {
      this.#unreachable = null;
      this.#change(() => this.#record.noteVerdict(now(), ms));
    }
    this.#forget(job);
    this.#call(job.done, { ...result, ms, cached: false });
  }

  #noteFailure(failure: ScanFailure): void {
    const { now } = this.#options;
    if (failure.why === "unreachable" && failure !== this.#unreachable?.failure) {
      this.#unreachable = { until: now() + unreachableMemoryMs, failure };
    }
    this.#change(() => this.#record.noteFailure(now(), failure));
  }

  #expire(job: ScanJob): void {
    const { timeLimitMs } = this.#options.settings;
    const words = job.cancel === null ? `still waiting after ${timeLimitMs} ms` : `no answer within ${timeLimitMs} ms`;
    job.cancel?.();
    this.#tell(job, failed("timeout", words));
    // Those whose time ends in the same turn are not begun any more.
    setImmediate(() => this.#goOn());
  }

  #leave(job: ScanJob): void {
    if (!this.#running.has(job) && !this.#waiting.has(job)) return;
    job.cancel?.();
    this.#forget(job);
    this.#goOn();
  }

  #forget(job: ScanJob): void {
    clearTimeout(job.timer);
    this.#running.delete(job);
    this.#waiting.delete(job);
  }

  #goOn(): void {
    this.#startWaiting();
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (!this.#closed || this.#running.size + this.#waiting.size > 0) return;
    clearInterval(this.#checks);
    this.#endCheck();
    this.#options.engine.close();
  }

  #startCheck(): void {
    if (this.#check !== null) return;
    const { engine, settings } = this.#options;
    const take = (failure: ScanFailure | null): void => {
      this.#endCheck();
      if (failure === null) this.#unreachable = null;
      this.#change(() => this.#record.noteCheck(this.#options.now(), failure));
    };
    const timer = setTimeout(() => {
      this.#check?.cancel();
      take(failed("timeout", `no answer to a check within ${settings.timeLimitMs} ms`));
    }, settings.timeLimitMs).unref();
    this.#check = { cancel: () => undefined, timer };
    const cancel = engine.check(take);
    if (this.#check !== null) this.#check.cancel = cancel;
  }

  #endCheck(): void {
    if (this.#check === null) return;
    clearTimeout(this.#check.timer);
    this.#check.cancel();
    this.#check = null;
  }

  /** Logs when what is noted makes the scanner serve, or no longer. */
  #change(note: () => void): void {
    const before = this.#record.state;
    note();
    const { log, now } = this.#options;
    if (this.#record.state === before) return;
    const { state, lastError } = this.#record.read(now());
    if (state === "failing") log.warn({ scanner: this.name, cause: lastError }, "scanner failing");
    else log.info({ scanner: this.name }, "scanner serves");
  }

  #call(done: (report: ScanReport) => void, report: ScanReport): void {
    try {
      done(report);
    } catch (error) {
      this.#options.log.error({ err: error }, "a fault while a scanner's verdict was taken");
    }
  }
}
