import { expect, onTestFinished, test } from "vitest";
import { smtpRouteSchema } from "#core/contract/policy-document.ts";
import { Delivery } from "#worker/delivery/delivery.ts";
import type { SpoolEnvelope } from "#worker/spool/spool.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { fakeServer, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { makeWorkerParts, silentLog } from "../../support/worker-parts.ts";

const hour = 3_600_000;
const message = "Message-ID: <m@example.org>\r\nSubject: A subject\r\n\r\nsecret body\r\n";

type Given = { notices?: object | undefined; retrySchedule?: string; keywords?: string[] };

/** A server that refuses whom it does not know, and one that takes the reports. */
async function startNotices({
  notices = {},
  retrySchedule = "1s,1h*100",
  keywords = ["PIPELINING", "8BITMIME"],
}: Given = {}) {
  let now = Date.now();
  const parts = await makeWorkerParts(() => now);
  const inside = await fakeServer({
    keywords,
    answer: (line) => {
      if (/^RCPT.*nobody/.test(line)) return "550 5.1.1 No such user";
      return /^RCPT.*later/.test(line) ? "451 4.2.0 Mailbox busy" : undefined;
    },
  });
  const outside = await fakeServer({});
  const route = (name: string, port: number, more: object) =>
    smtpRouteSchema.parse({ name, protocol: "smtp", targets: [{ host: "127.0.0.1", port }], retrySchedule, ...more });
  const senderNotices = { route: "outside", ...notices };
  const routes = new Map([
    ["inside", route("inside", inside.port, { senderNotices })],
    ["outside", route("outside", outside.port, { senderNotices })],
  ]);
  const pool = testPool({});
  const delivery = new Delivery({
    queue: parts.spool,
    spool: parts.spool,
    pool,
    recorder: parts.recorder,
    log: silentLog,
    newId: parts.services.newId,
    now: () => now,
    random: () => 0,
    findRoute: (name) => routes.get(name) ?? null,
    knownRecipients: parts.services.knownRecipients,
    suspended: parts.suspended,
    hostNameOf: () => "gw.example.test",
  });
  onTestFinished(() => delivery.stop());
  delivery.start();
  const queue = (change: Partial<SpoolEnvelope>, text = message) =>
    queueMessage(parts.spool, text, { receivedAt: now, mailParameters: [], ...change });
  const told = () => parts.recorder.events.filter((event) => event.kind === "notice");
  return { ...parts, inside, outside, routes, delivery, queue, told, pass: (ms: number) => (now += ms) };
}

const to = (...names: string[]) =>
  names.map((name) => ({ address: `${name}@example.test`, parameters: [] as string[] }));

test("one of three is refused for good, one waits, one has it: the sender hears of the first, once", async () => {
  const { spool, outside, queue, told } = await startNotices();
  const id = await queue({ recipients: to("bob", "nobody", "later") });
  await waitUntil("the report to arrive", () => outside.mails.length === 1);
  const report = outside.mails[0]?.body ?? "";
  expect(report).toContain("Final-Recipient: rfc822; nobody@example.test\r\nAction: failed\r\nStatus: 5.1.1\r\n");
  expect(report).not.toMatch(/Final-Recipient: rfc822; (bob|later)/);
  expect(report).not.toContain("secret body");
  expect(outside.lines.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([
    expect.stringMatching(/^MAIL FROM:<>/),
    expect.stringMatching(/^RCPT TO:<ann@example.org>/),
  ]);
  expect(told()).toMatchObject([{ messageId: id, notice: "failed", to: "ann@example.org" }]);
  expect(spool.entry(id)).toMatchObject({ state: "deferred", recipients: ["later@example.test"] });
});

test("a failure that could not be told is told later, also when another attempt came between", async () => {
  const { spool, queue, told, pass } = await startNotices();
  const { begin } = spool;
  spool.begin = (envelope) => {
    if (envelope.sender === "") throw new Error("the disk is full");
    return begin.call(spool, envelope);
  };
  const id = await queue({ recipients: to("nobody", "later") });
  await waitUntil("an attempt", () => spool.entry(id)?.state === "deferred");
  expect(told()).toEqual([]);
  pass(1000);
  await waitUntil(
    "another attempt",
    () => (spool.entry(id)?.attempts ?? 0) > 1 && spool.entry(id)?.state === "deferred",
  );
  spool.begin = begin;
  pass(60_000);
  const [notice] = await waitUntil("the report", () => (told().length > 0 ? told() : undefined));
  expect(notice).toMatchObject({ notice: "failed", recipients: [{ address: "nobody@example.test" }] });
});

test("a report that cannot be delivered makes no other report", async () => {
  const { queue, told, spool } = await startNotices();
  const id = await queue({ sender: "", recipients: to("nobody") });
  await waitUntil("it to fail", () => spool.entry(id)?.state === "failed");
  expect(told()).toEqual([]);
});

test.each([
  ["NOTIFY=NEVER", "nobody"],
  ["NOTIFY=SUCCESS", "nobody"],
  ["NOTIFY=FAILURE", "later"],
])("%s keeps still about %s", async (parameter, name) => {
  const { queue, told, spool, pass } = await startNotices();
  const recipients = to(name).map((recipient) => ({ ...recipient, parameters: [parameter] }));
  const id = await queue({ recipients });
  await waitUntil("an attempt", () => (spool.entry(id)?.attempts ?? 0) > 0);
  pass(5 * hour);
  await spool.command(id, "retry-now");
  await waitUntil("another attempt", () => (spool.entry(id)?.attempts ?? 0) > 1);
  expect(told()).toEqual([]);
});

test("NOTIFY=SUCCESS is told that the message went on to a server without DSN, and the server tells where it has it", async () => {
  for (const keywords of [["PIPELINING"], ["PIPELINING", "DSN"]]) {
    const { queue, told, spool } = await startNotices({ keywords });
    const id = await queue({ recipients: [{ address: "bob@example.test", parameters: ["NOTIFY=SUCCESS"] }] });
    await waitUntil("it to be delivered", () => spool.entry(id) === null);
    expect(told().map(({ notice }) => notice)).toEqual(keywords.length === 1 ? ["relayed"] : []);
  }
});

test("a message that waits is told of after 4 hours and after 24, and then no more", async () => {
  const { queue, told, spool, pass } = await startNotices();
  const id = await queue({ recipients: to("later") });
  for (const [attempt, wait] of [3, 2, 2, 18, 3].entries()) {
    await waitUntil(
      "an attempt",
      () => spool.entry(id)?.attempts === attempt + 1 && spool.entry(id)?.state === "deferred",
    );
    pass(wait * hour);
    await spool.command(id, "retry-now");
  }
  await waitUntil("the last attempt", () => spool.entry(id)?.attempts === 6);
  expect(told().map(({ notice, recipients }) => [notice, recipients[0]?.reply])).toEqual([
    ["delayed", "451 4.2.0 Mailbox busy"],
    ["delayed", "451 4.2.0 Mailbox busy"],
  ]);
});

test("RET=FULL brings the message back, ENVID and ORCPT are said back", async () => {
  const { queue, outside } = await startNotices();
  const recipients = [{ address: "nobody@example.test", parameters: ["ORCPT=rfc822;old@example.test"] }];
  await queue({ recipients, mailParameters: ["RET=FULL", "ENVID=QQ1"] });
  await waitUntil("the report to arrive", () => outside.mails.length === 1);
  expect(outside.mails[0]?.body).toContain("secret body");
  expect(outside.mails[0]?.body).toContain("Original-Envelope-Id: QQ1\r\n");
  expect(outside.mails[0]?.body).toContain("Original-Recipient: rfc822; old@example.test\r\n");
});

test("a person returns a message with words of their own", async () => {
  const { queue, outside, spool, pass } = await startNotices();
  const id = await queue({ recipients: to("later") });
  await waitUntil("an attempt", () => spool.entry(id)?.state === "deferred");
  await spool.command(id, "return", { text: "Wrong address, ask the front desk" });
  pass(60_000);
  await waitUntil("the report to arrive", () => outside.mails.length === 1);
  expect(outside.mails[0]?.body).toContain("550 5.7.1 Wrong address, ask the front desk");
  expect(spool.entry(id)).toMatchObject({ state: "failed", recipients: ["later@example.test"] });
});

test("a person deletes a message with a notice: its sender hears of who had not got it, and it is gone", async () => {
  const { queue, outside, spool, delivery, told } = await startNotices();
  const id = await queue({ recipients: to("bob", "later") });
  await waitUntil("an attempt", () => spool.entry(id)?.state === "deferred");
  expect(await delivery.bounce(id, "Out of time")).toEqual({ done: true, reason: null });
  expect(spool.entry(id)).toBeNull();
  await waitUntil("the report to arrive", () => outside.mails.length === 1);
  expect(outside.mails[0]?.body).toContain("later@example.test");
  expect(outside.mails[0]?.body).not.toContain("bob@example.test");
  expect(outside.mails[0]?.body).toContain("550 5.7.1 Out of time");
  expect(told()).toMatchObject([{ messageId: id, notice: "failed" }]);
});

test("a message is not deleted with a notice where nobody can be told: without a sender, or a report by its route", async () => {
  const { queue, spool, delivery, routes, told } = await startNotices();
  const report = await queue({ sender: "", recipients: to("later") });
  const id = await queue({ recipients: to("later") });
  await waitUntil("the attempts", () => [report, id].every((one) => spool.entry(one)?.state === "deferred"));
  expect(await delivery.bounce(report)).toMatchObject({ done: false, reason: expect.stringContaining("no sender") });
  const { senderNotices: _, ...silent } = routes.get("inside") ?? expect.fail();
  routes.set("inside", silent);
  expect(await delivery.bounce(id)).toMatchObject({ done: false, reason: expect.stringContaining("no report") });
  expect(await delivery.bounce("unknown")).toMatchObject({ done: false });
  expect([report, id].map((one) => spool.entry(one)?.state)).toEqual(["deferred", "deferred"]);
  expect(told()).toEqual([]);
});

test("a message whose notice cannot be written stays, held, until the disk takes it", async () => {
  const { queue, spool, delivery, told } = await startNotices();
  const id = await queue({ recipients: to("later") });
  await waitUntil("an attempt", () => spool.entry(id)?.state === "deferred");
  const { begin } = spool;
  spool.begin = () => {
    throw new Error("the disk is full");
  };
  expect(await delivery.bounce(id)).toMatchObject({ done: false, reason: expect.stringContaining("held") });
  expect(spool.entry(id)).toMatchObject({ state: "held" });
  spool.begin = begin;
  expect(await delivery.bounce(id)).toEqual({ done: true, reason: null });
  expect(told()).toHaveLength(1);
});

test("what failed stays for a person to send it again, and goes after keepDays", async () => {
  const { queue, spool, recorder, told, pass } = await startNotices({ notices: { keepDays: 2 } });
  const id = await queue({ recipients: to("nobody") });
  await waitUntil("it to fail", () => spool.entry(id)?.state === "failed" && told().length === 1);
  pass(47 * hour);
  await spool.command(id, "retry-now");
  await waitUntil("it to be tried again", () => spool.entry(id)?.attempts === 2 && told().length === 2);
  pass(49 * hour);
  const gone = await waitUntil("it to be gone", () => recorder.events.find((event) => event.kind === "queue"));
  expect(gone).toMatchObject({ command: "expire", messageId: id });
  expect(spool.entry(id)).toBeNull();
});

test("a message without a sender is tried for nullSenderHours only", async () => {
  const { queue, spool, pass } = await startNotices();
  const id = await queue({ sender: "", recipients: to("later") });
  await waitUntil("an attempt", () => spool.entry(id)?.state === "deferred");
  pass(25 * hour);
  await spool.command(id, "retry-now");
  await waitUntil("it to be given up", () => spool.entry(id)?.state === "failed");
});
