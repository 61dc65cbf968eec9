import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { WorkerEvent } from "#core/contract/event.ts";
import { type Report, reportSchema } from "#core/contract/report.ts";

/** A console as the worker sees it: takes reports, each parsed with the contract, and answers the highest sequence. */
export class ReportReceiver {
  readonly reports: Report[] = [];
  /** Requests that were no valid report, with the reason. */
  readonly faults: string[] = [];
  #url = "";
  #accepted = 0;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      this.#take(Buffer.concat(chunks).toString("utf8"));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ acceptedSequence: this.#accepted }));
    });
  });

  static async start(): Promise<ReportReceiver> {
    const receiver = new ReportReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    receiver.#url = `http://127.0.0.1:${(receiver.#server.address() as AddressInfo).port}`;
    return receiver;
  }

  get url(): string {
    return this.#url;
  }

  get events(): WorkerEvent[] {
    return this.reports.flatMap((report) => report.events);
  }

  /** Hits of all rules so far. */
  hits(effect: "enforced" | "observed"): number {
    return this.reports.flatMap((report) => report.counters).reduce((sum, counter) => sum + counter[effect], 0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(body: string): void {
    const parsed = reportSchema.safeParse(JSON.parse(body));
    if (!parsed.success) {
      this.faults.push(parsed.error.message);
      return;
    }
    if (parsed.data.sequence <= this.#accepted) return;
    this.#accepted = parsed.data.sequence;
    this.reports.push(parsed.data);
  }
}
