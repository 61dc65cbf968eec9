import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { MessageEvent } from "#core/contract/event.ts";
import { signBundle } from "../support/control-key.ts";
import { FlappingSink } from "../support/flapping-sink.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import { waitUntil } from "../support/wait-until.ts";
import { putBundle } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";

const sessionCount = 1000;
const mailboxes = ["first@inside.test", "second@inside.test"] as const;
/** Revision 1 closes the first mailbox, revision 2 the second one; every transaction tries both. */
const closedIn: Readonly<Record<number, string>> = { 1: mailboxes[0], 2: mailboxes[1] };

let sink: FlappingSink;
let worker: WorkerProcess;
let receiver: ReportReceiver;
let ports: Record<number, number>;

beforeAll(async () => {
  sink = new FlappingSink(await freePort(), () => {});
  await sink.up();
  ports = { 2525: await freePort(), 2526: await freePort(), 2600: sink.port };
  receiver = await ReportReceiver.start();
  worker = await WorkerProcess.start({ consoleUrl: receiver.url });
  await publish(1);
});

afterAll(async () => {
  await worker?.remove();
  await receiver?.close();
  await sink?.down();
});

async function publish(revision: number): Promise<void> {
  const document = parse(policyFixture("durability.yaml", ports)) as { proxyActions: object[] };
  const closed = { name: "closed", when: { recipient: { is: closedIn[revision] } }, action: "deny" };
  document.proxyActions = document.proxyActions.map((action) => ({
    ...action,
    limits: { connectionsMax: 5000, connectionsPerSourceMax: 5000 },
    rulesets: { recipient: { rules: [closed] } },
  }));
  const answer = await putBundle(worker, signBundle(worker.key, { workerId: worker.workerId, revision, document }));
  expect(answer.status).toBe(200);
}

/** Messages with both mailboxes as recipients, one after the other over one connection. */
class Correspondent {
  /** What was refused, by sender; a sender writes once. */
  readonly heard = new Map<string, string>();
  readonly #client: SmtpClient;
  readonly #name: string;
  #sender = "";
  #refused: string[] = [];

  private constructor(client: SmtpClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  static async connect(name: string): Promise<Correspondent> {
    const client = await SmtpClient.connect(ports[2526] ?? 0);
    await client.command("EHLO load.test");
    return new Correspondent(client, name);
  }

  async begin(): Promise<string> {
    this.#sender = `${this.#name}-${this.heard.size}@sender.test`;
    this.#refused = [];
    expect(await this.#client.command(`MAIL FROM:<${this.#sender}>`)).toMatch(/^250/);
    await this.#recipient(mailboxes[0]);
    return this.#sender;
  }

  async finish(): Promise<void> {
    await this.#recipient(mailboxes[1]);
    expect(await this.#client.command("DATA")).toMatch(/^354/);
    this.#client.send("Subject: load\r\n\r\nhello\r\n.\r\n");
    expect(await this.#client.reply()).toMatch(/^250/);
    this.heard.set(this.#sender, this.#refused.join());
  }

  async message(): Promise<string> {
    const sender = await this.begin();
    await this.finish();
    return sender;
  }

  async quit(): Promise<void> {
    expect(await this.#client.command("QUIT")).toMatch(/^221/);
    this.#client.close();
  }

  async #recipient(address: string): Promise<void> {
    const reply = await this.#client.command(`RCPT TO:<${address}>`);
    if (reply.startsWith("550")) this.#refused.push(address);
    else expect(reply).toMatch(/^250/);
  }
}

async function connectAll(): Promise<Correspondent[]> {
  const all: Correspondent[] = [];
  while (all.length < sessionCount) {
    const names = Array.from({ length: 100 }, (_, n) => `c${all.length + n}`);
    all.push(...(await Promise.all(names.map((name) => Correspondent.connect(name)))));
  }
  return all;
}

const each = <T>(all: readonly Correspondent[], act: (one: Correspondent) => Promise<T>): Promise<T[]> =>
  Promise.all(all.map(act));

test(`a publish amid ${sessionCount} sessions drops none, and every transaction is wholly under one revision`, async () => {
  const all = await connectAll();
  const waiting = all.filter((_, n) => n % 2 === 0);
  const busy = all.filter((_, n) => n % 2 === 1);
  const before = await each(all, (one) => one.message());

  // Half of them are between two recipients when the policy changes, the others send without a pause.
  const across = await each(waiting, (one) => one.begin());
  const state = { published: false };
  const flow = each(busy, async (one) => {
    do await one.message();
    while (!state.published);
  });
  await publish(2);
  state.published = true;
  await Promise.all([flow, each(waiting, (one) => one.finish())]);

  const after = await each(all, (one) => one.message());
  await each(all, (one) => one.quit());

  const heard = new Map(all.flatMap((one) => [...one.heard]));
  const messages = () => receiver.events.filter((event): event is MessageEvent => event.kind === "message");
  await waitUntil("an event for every message", () => messages().length >= heard.size, 20_000);
  const revisions = new Map(messages().map(({ sender, decision }) => [sender, decision.revision]));
  expect(messages()).toHaveLength(heard.size);
  expect(receiver.events.filter(({ kind }) => kind === "session")).toEqual([]);
  expect([...heard].filter(([sender, refused]) => refused !== closedIn[revisions.get(sender) ?? 0])).toEqual([]);
  const revisionsOf = (senders: readonly string[]) => [...new Set(senders.map((sender) => revisions.get(sender)))];
  expect([before, across, after].map(revisionsOf)).toEqual([[1], [1], [2]]);
}, 60_000);
