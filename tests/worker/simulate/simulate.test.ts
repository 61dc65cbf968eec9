import { expect, test } from "vitest";
import type { SimulationRequest, Trial } from "#core/contract/simulation.ts";
import type { SessionServices } from "#worker/services.ts";
import { simulate, UncompilablePolicy } from "#worker/simulate/simulate.ts";
import { gatewayDocument } from "../../support/smtp-gateway.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

const mail = "From: Ann <ann@sender.test>\nSubject: the report\n\nHello.\n.dot\n";

async function simulateOne(request: SimulationRequest, services: SessionServices) {
  const [answer] = (await simulate(request, services)).simulated;
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

const input: Trial["input"] = {
  interface: "External",
  port: null,
  client: "192.0.2.7",
  helo: "client.test",
  tls: false,
  user: null,
  sender: "ann@sender.test",
  recipients: ["bo@inside.test"],
  at: "2026-11-28T08:00:00.000Z",
};

function request(rulesets: Record<string, unknown>, change: Partial<Trial> = {}): SimulationRequest {
  return {
    document: gatewayDocument({ upstreamPorts: [1], rulesets }),
    revision: 3,
    trials: [{ input, message: Buffer.from(mail).toString("base64"), full: true, ...change }],
    ask: { dns: false, scanners: false },
  };
}

const rule = (name: string, when: object, action: unknown, more: object = {}) => ({
  name,
  when,
  action,
  ...more,
});
const ann = { sender: { is: "ann@sender.test" } };

test("what passes is shown with what every step hears, and leaves the worker as it was", async () => {
  const { services, recorder, spool } = await makeWorkerParts();
  const answer = await simulateOne(request({}), services);
  expect(answer.conversation.map(({ said, reply }) => `${said} → ${reply?.slice(0, 3)}`)).toEqual([
    "EHLO client.test → 250",
    "MAIL FROM:<ann@sender.test> → 250",
    "RCPT TO:<bo@inside.test> → 250",
    "DATA → 354",
    "(the message, and its end) → 250",
  ]);
  expect(answer.events[0]).toMatchObject({
    kind: "message",
    outcome: "relayed",
    subject: "the report",
    decision: { verdict: "allow" },
  });
  expect(answer.copies).toEqual([{ recipients: ["bo@inside.test"], route: "inside", number: 1, change: null }]);
  expect(recorder.events).toEqual([]);
  expect([...spool.ids()]).toEqual([]);
});

test("every rule tells what it saw: also one that is off, one that expired, and one behind the rule that decides", async () => {
  const { services } = await makeWorkerParts();
  const rules = [
    rule("other", { sender: { is: "x@sender.test" } }, "deny"),
    rule("off", ann, "deny", { state: "off" }),
    rule("expired", ann, "deny", { expires: "2026-01-01T00:00:00.000Z" }),
    rule("watched", ann, "deny", { state: "observe" }),
    rule("decides", ann, { kind: "deny", reply: { text: "Not you" } }),
    rule("behind", ann, "tempfail"),
  ];
  const answer = await simulateOne(
    request({ sender: { rules }, message: { rules: [rule("later", { subject: { like: "*" } }, "deny")] } }),
    services,
  );
  expect(
    answer.rules.map(({ ruleName, state, matched, reached, expired }) => [ruleName, state, matched, reached, expired]),
  ).toEqual([
    ["other", "on", false, true, false],
    ["off", "off", true, false, false],
    ["expired", "on", true, false, true],
    ["watched", "observe", true, true, false],
    ["decides", "on", true, true, false],
    ["behind", "on", true, false, false],
    ["none matched", "on", false, false, false],
    ["later", "on", null, false, false],
    ["none matched", "on", null, false, false],
  ]);
  expect(answer.rules[0]?.evidence).toEqual([
    { fact: "sender", test: "is x@sender.test", observed: "ann@sender.test" },
  ]);
  expect(answer.conversation.at(-1)?.reply).toMatch(/^550 5\.7\.1 Not you/);
  expect(answer.events[0]?.decision).toMatchObject({
    verdict: "deny",
    ruleName: "decides",
    observed: [{ ruleName: "watched" }],
  });
});

test("what is changed is shown as it came and as it goes on", async () => {
  const { services } = await makeWorkerParts();
  const modify = { kind: "modify", tag: "[EXT]" };
  const answer = await simulateOne(
    request({ message: { rules: [rule("tag", { subject: { like: "*" } }, modify)] } }),
    services,
  );
  const lines = answer.copies[0]?.change?.hunks.flatMap((hunk) => hunk.lines) ?? [];
  expect(lines).toContainEqual({ kind: "removed", text: "Subject: the report" });
  expect(lines).toContainEqual({ kind: "added", text: "Subject: [EXT] the report" });
  expect(lines).toContainEqual({ kind: "same", text: "Hello." });
});

test("of a long message the lines that differ are told wherever they are, and no more of them than is shown", async () => {
  const { services } = await makeWorkerParts();
  const body = `${"x".repeat(70)}\r\n`.repeat(20_000);
  const program = `--b\r\nContent-Type: application/octet-stream; name="a.exe"\r\n\r\nMZ\r\n--b--\r\n`;
  const mime = 'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n';
  const withText = `${mime}--b\r\nContent-Type: text/plain\r\n\r\n${body}${program}`;
  const strip = { attachment: { rules: [rule("strip", { fileName: { like: "*.exe" } }, "strip")] } };
  const short = await simulateOne(request(strip, { message: Buffer.from(withText).toString("base64") }), services);
  const { hunks, omitted } = short.copies[0]?.change ?? { hunks: [], omitted: -1 };
  expect(hunks.flatMap(({ lines }) => lines)).toContainEqual({ kind: "removed", text: "MZ" });
  expect([hunks.length > 1, omitted]).toEqual([true, 0]);

  const large = withText.replace("MZ\r\n", `MZ\r\n${"y".repeat(900)}\r\n${body}`);
  const long = await simulateOne(request(strip, { message: Buffer.from(large).toString("base64") }), services);
  const change = long.copies[0]?.change;
  expect(change?.omitted).toBeGreaterThan(19_000);
  expect(JSON.stringify(change).length).toBeLessThan(100_000);
});

test("the same is tried under another policy beside it, in brief; one that cannot be compiled says nothing", async () => {
  const { services } = await makeWorkerParts();
  const denies = request({ sender: { rules: [rule("ann", ann, "deny")] } });
  const beside = { document: denies.document, revision: 2 };
  const answer = await simulate({ ...request({}), beside }, services);
  expect(answer.simulated).toMatchObject([{ events: [{ decision: { verdict: "allow" } }] }]);
  expect(answer.beside).toMatchObject([
    { rules: [], events: [{ decision: { verdict: "deny", ruleName: "ann", revision: 2 } }] },
  ]);
  const broken = { document: { ...denies.document, routes: [] }, revision: 2 };
  expect((await simulate({ ...request({}), beside: broken }, services)).beside).toBeNull();
});

test("without a message the envelope alone is judged, and the answer says so", async () => {
  const { services } = await makeWorkerParts();
  const answer = await simulateOne(request({}, { message: null }), services);
  expect(answer.conversation.at(-1)?.said).toBe("RCPT TO:<bo@inside.test>");
  expect(answer.events).toEqual([]);
  expect(answer.notAsked).toContain("The rules for the content: no message was given.");
});

test("rules about a login are asked when the client has logged in", async () => {
  const { services } = await makeWorkerParts();
  const rulesets = { auth: { rules: [rule("no PLAIN", { authMechanism: { is: "PLAIN" } }, "deny")] } };
  const answer = await simulateOne(request(rulesets, { input: { ...input, user: "ann" } }), services);
  expect(answer.conversation.at(-1)).toMatchObject({ said: "AUTH PLAIN", reply: expect.stringMatching(/^550/) });
  expect(answer.events).toMatchObject([{ kind: "session", decision: { ruleName: "no PLAIN" } }]);
});

test.each([
  ["a HELO name that is none", { helo: "a b" }, /^501/],
  ["a sender that is none", { sender: "a@@b" }, /^5\d\d/],
])("%s is refused without any rule", async (_, change, reply) => {
  const { services } = await makeWorkerParts();
  const answer = await simulateOne(request({}, { input: { ...input, ...change } }), services);
  expect(answer.conversation.at(-1)?.reply).toMatch(reply);
  expect(answer.events).toEqual([]);
});

test("one refused recipient of two does not make the envelope alone refused", async () => {
  const { services } = await makeWorkerParts();
  const recipients = ["bo@inside.test", "no@inside.test"];
  const rulesets = { recipient: { rules: [rule("not him", { recipient: { is: "no@inside.test" } }, "deny")] } };
  for (const order of [recipients, recipients.toReversed()]) {
    const answer = await simulateOne(
      request(rulesets, { input: { ...input, recipients: order }, message: null }),
      services,
    );
    expect(answer.events).toEqual([]);
  }
});

test("a rule that meets many lines tells of the one that it was its turn for", async () => {
  const { services } = await makeWorkerParts();
  const rules = [
    rule("first", { headerName: { is: "From" } }, { kind: "strip" }),
    rule("second", { headerName: { in: ["From"] } }, "deny"),
  ];
  const answer = await simulateOne(request({ header: { rules } }), services);
  expect(answer.rules[1]).toMatchObject({ ruleName: "second", matched: false, reached: true });
});

test("what is asked briefly has no trace, and neither what is looked at nor what goes on", async () => {
  const { services } = await makeWorkerParts();
  const rulesets = { message: { rules: [rule("all", { subject: { like: "*" } }, "deny")] } };
  const answer = await simulateOne(request(rulesets, { full: false }), services);
  expect(answer).toMatchObject({
    rules: [],
    copies: [],
    events: [{ decision: { verdict: "deny", ruleName: "all", trace: [] } }],
  });
});

test("where no policy takes the connection its greeting says so", async () => {
  const { services } = await makeWorkerParts();
  const answer = await simulateOne(request({}, { input: { ...input, interface: "Trusted" } }), services);
  expect(answer).toMatchObject({
    policy: null,
    events: [],
    conversation: [{ said: "(connects)", reply: "554 5.7.1 Connection refused" }],
  });
});

test("a policy with faults is refused with them", async () => {
  const { services } = await makeWorkerParts();
  const wrong = request({ sender: { rules: [rule("list", { sender: { is: "a" } }, "deny")] } });
  const [action] = wrong.document.proxyActions;
  const document = { ...wrong.document, proxyActions: action === undefined ? [] : [action, action] };
  await expect(simulate({ ...wrong, document }, services)).rejects.toThrow(UncompilablePolicy);
});
