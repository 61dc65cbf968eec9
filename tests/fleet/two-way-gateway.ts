import { join } from "node:path";
import { expect } from "vitest";
import type { MessageEvent } from "#core/contract/event.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import type { TestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";

export type Direction = "incoming" | "outgoing";
export type Security = "none" | "starttls" | "implicit";

/** Every way in. Behind those in the clear is the server in the clear, behind the others the one that wants STARTTLS. */
export const doors = (["incoming", "outgoing"] as const).flatMap((direction) =>
  (["none", "starttls", "implicit"] as const).map((security) => ({ direction, security })),
);
export type Door = (typeof doors)[number];

/** Who writes to whom in each direction. */
export const envelopes = {
  incoming: { sender: "sender@sender.test", recipient: "user@inside.test" },
  outgoing: { sender: "user@inside.test", recipient: "friend@outside.test" },
};

/** A worker with an incoming and an outgoing policy between the same two servers. */
export class TwoWayGateway {
  readonly #worker: WorkerProcess;
  readonly #receiver: ReportReceiver;
  readonly #ports: Record<Direction, Record<Security, number>>;

  private constructor(
    worker: WorkerProcess,
    receiver: ReportReceiver,
    ports: Record<Direction, Record<Security, number>>,
  ) {
    this.#worker = worker;
    this.#receiver = receiver;
    this.#ports = ports;
  }

  static async start(authority: TestAuthority, upstream: { clear: number; encrypted: number }): Promise<TwoWayGateway> {
    const [inPorts, outPorts] = [await threePorts(), await threePorts()];
    const receiver = await ReportReceiver.start();
    const { cert, key } = authority.issue(["DNS:localhost", "IP:127.0.0.1"]);
    const worker = await WorkerProcess.start({
      policy: policyFixture("both-directions.yaml", {
        ...{ 2525: inPorts.none, 2526: inPorts.starttls, 2527: inPorts.implicit },
        ...{ 2535: outPorts.none, 2536: outPorts.starttls, 2537: outPorts.implicit },
        ...{ 2600: upstream.clear, 2601: upstream.encrypted },
      }),
      consoleUrl: receiver.url,
      files: { "mx.pem": cert, "mx.key": key, "authority.pem": authority.cert },
      configuration: {
        certificates: [{ name: "mx", certFile: "mx.pem", keyFile: "mx.key" }],
        trustedAuthoritiesFile: "authority.pem",
      },
    });
    return new TwoWayGateway(worker, receiver, { incoming: inPorts, outgoing: outPorts });
  }

  port({ direction, security }: Door): number {
    return this.#ports[direction][security];
  }

  /** The certificates that clients must trust. */
  get authorityFile(): string {
    return join(this.#worker.folder, "authority.pem");
  }

  /** Waits for the event of the message, and expects that it went through the door, as secure on both legs as that says. */
  async expectRelayed(messageId: string, { direction, security }: Door): Promise<void> {
    const event = await waitUntil(`an event about ${messageId}`, () =>
      this.#receiver.events.find(
        (one): one is MessageEvent => "messageIdHeader" in one && one.messageIdHeader === messageId,
      ),
    );
    expect(event).toMatchObject({ outcome: "relayed", direction });
    const agreed = expect.stringMatching(/^TLSv1\.[23] /);
    if (security === "none") expect(event.tls).toBeUndefined();
    else expect(event.tls).toEqual({ client: agreed, upstream: agreed });
  }

  /** Stops it, and expects that every report was valid and no error was logged. */
  async stop(): Promise<void> {
    await this.#worker.remove();
    await this.#receiver.close();
    expect(this.#receiver.faults).toEqual([]);
    expect(this.#worker.stderr.split("\n").filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  }
}

async function threePorts(): Promise<Record<Security, number>> {
  return { none: await freePort(), starttls: await freePort(), implicit: await freePort() };
}
