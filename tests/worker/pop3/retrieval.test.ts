import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import { type FakePop3Options, type FakePop3Server, stuffed } from "../../support/fake-pop3-server.ts";
import { type GatewayOptions, governingPolicy } from "../../support/pop3-gateway.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";
import { waitUntil } from "../../support/wait-until.ts";

async function start(server: FakePop3Options, gateway: Partial<GatewayOptions> = {}) {
  const started = await startPop3(server, gateway);
  await started.client.login();
  return started;
}

const clean =
  "From: a@b.test\r\nSubject: clean\r\nMessage-ID: <1@b.test>\r\n\r\nhello\r\n.dot\r\n..two\r\n.\r\nlast\r\n";
const infected =
  'Received: x\r\nFrom: =?utf-8?Q?=C3=84?= <e@b.test>\r\nSubject: infected\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <2@b.test>\r\nContent-Disposition: attachment; filename="x.exe"\r\n\r\nMZ\r\n';
function ofBytes(bytes: number): string {
  const line = `${"0123456789".repeat(7)}\r\n`;
  return `Subject: big\r\n\r\n${line.repeat(Math.ceil(bytes / line.length))}`;
}

describe("a message that may pass", () => {
  const odd = "Subject: odd\r\n\r\nbare\nlf\rcr\0nul\n.\n.\r.\r\r\n.\r\n\xff\xfe no end\r\n";
  const samples: [string, string][] = [
    ["clean", clean],
    ["empty", ""],
    ["with bare CR, bare LF, NUL and 8-bit bytes", odd],
    ["of 900 KB, held in memory", ofBytes(900_000)],
    ["of 3 MB, held in a file", ofBytes(3_000_000)],
    ["of dots only", ".\r\n".repeat(100_000)],
  ];
  for (const [how, rulesets] of [
    ["streamed", {}],
    ["held", noExe],
    [
      "held for its header only",
      { header: { rules: [{ name: "h", when: { headerName: { is: "X" } }, action: "replace" }] } },
    ],
  ] as const) {
    it.each(samples)(`${how}, %s, comes byte for byte`, async (_, message) => {
      const { client, gate } = await start({ messages: [message] }, { rulesets });
      expect((await client.answer("RETR 1")) === `+OK ${message.length} octets\r\n${stuffed(message)}.\r\n`).toBe(true);
      expect(await client.ask("NOOP")).toBe("+OK\r\n");
      expect(gate.events).toMatchObject([{ kind: "message", outcome: "retrieved", bytes: message.length }]);
    });
  }

  it("is told as one event with what it says of itself", async () => {
    const { client, gate } = await start({ messages: [clean] }, { rulesets: noExe });
    await client.answer("RETR 1");
    const event = messageEventSchema.parse(gate.events[0]);
    expect(event).toMatchObject({
      protocol: "pop3",
      direction: "outgoing",
      interface: "Trusted",
      policy: "Fetch",
      proxyAction: "Mail fetch",
      user: "joe",
      from: "a@b.test",
      subject: "clean",
      messageIdHeader: "<1@b.test>",
      reply: `+OK ${clean.length} octets`,
      decision: { verdict: "allow", revision: 1 },
      upstream: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
  });

  it("that is not there is the server's -ERR, and no event", async () => {
    const { client, gate } = await start({ messages: [] }, { rulesets: noExe });
    expect(await client.ask("RETR 7")).toBe("-ERR no such message\r\n");
    expect(gate.events).toEqual([]);
  });

  it("waits for a client that does not read: the server is not read on either", async () => {
    const message = ofBytes(32_000_000);
    const { client, gate, upstream } = await start({ messages: [message] });
    client.socket.pause();
    client.say("RETR 1\r\n");
    await waitUntil("the server is asked", () => upstream.commands.includes("RETR 1"));
    const waiting = await stalled(upstream);
    expect(waiting).toBeGreaterThan(1_000_000);
    expect(gate.events).toEqual([]);
    client.socket.resume();
    await waitUntil("all came", () => client.heard.length > message.length);
    expect(gate.events).toMatchObject([{ outcome: "retrieved" }]);
  });
});

/** The bytes that the server cannot get rid of, once that is what it is. */
async function stalled(upstream: FakePop3Server): Promise<number> {
  let last = -1;
  let same = 0;
  return waitUntil("the server is stalled", () => {
    const [socket] = upstream.sockets;
    const now = socket?.writableLength ?? 0;
    same = now === last ? same + 1 : 0;
    last = now;
    return same > 5 && now;
  });
}

describe("a refused message", () => {
  it("becomes a notice with the same number and unique id", async () => {
    const { client, gate } = await start({ messages: [clean, infected, clean] }, { rulesets: noExe });
    const notice = await client.answer("RETR 2");
    expect(notice).toMatch(
      /^\+OK\r\nFrom: =\?utf-8\?Q\?=C3=84\?= <e@b\.test>\r\nSubject: infected\r\nDate: Mon, 1 Jan 2024/,
    );
    expect(notice).toContain("Message-ID: <2@b.test>\r\n");
    expect(notice).not.toContain("MZ");
    expect(notice).not.toContain("no exe");
    expect(await client.answer("UIDL")).toContain("2 uid-2\r\n");
    expect(await client.answer("RETR 3")).toContain("hello");
    const [event] = gate.events.map((one) => messageEventSchema.parse(one));
    expect(event).toMatchObject({
      outcome: "replaced",
      reply: "+OK",
      subject: "infected",
      from: "Ä <e@b.test>",
      attachments: [{ fileName: "x.exe", contentType: "text/plain" }],
      decision: { verdict: "replace", stage: "attachment", ruleName: "no exe" },
    });
    expect(notice).toContain(event?.id);
    expect(gate.hits).toEqual(["enforced no exe"]);
  });

  it("may be deleted by the client like any other", async () => {
    const { client, upstream } = await start({ messages: [infected] }, { rulesets: noExe });
    await client.answer("RETR 1");
    await client.ask("DELE 1");
    await client.ask("QUIT");
    expect(upstream.deleted).toEqual([1]);
  });

  it("is answered before a long rest of it was read, and the session stays in step", async () => {
    const { client } = await start({ messages: [infected + ofBytes(4_000_000), clean] }, { rulesets: noExe });
    client.say("RETR 1\r\nRETR 2\r\n");
    expect(await client.body()).toContain("X-Postern-Id");
    expect(await client.body()).toContain("hello");
  });

  it("is one that is larger than can be held", async () => {
    const limits = { messageBytesMax: 100_000 };
    const { client, gate } = await start({ messages: [ofBytes(2_000_000)] }, { rulesets: noExe, limits });
    expect(await client.answer("RETR 1")).toContain("too large to be inspected");
    expect(await client.ask("NOOP")).toBe("+OK\r\n");
    expect(gate.events).toMatchObject([
      {
        outcome: "replaced",
        cause: expect.stringMatching(/^messageBytes/),
        decision: { verdict: "replace", ruleId: null },
      },
    ]);
  });

  it("is one with a line longer than the limit", async () => {
    const message = `Subject: x\r\n\r\n${"x".repeat(2000)}\r\n`;
    const { client } = await start({ messages: [message] }, { rulesets: noExe, limits: { lineBytesMax: 1000 } });
    expect(await client.answer("RETR 1")).toContain("a line that is too long");
  });

  it("is one whose structure cannot be inspected", async () => {
    const message = 'Subject: x\r\nContent-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nx\r\n';
    const { client, gate } = await start({ messages: [message] }, { rulesets: noExe });
    expect(await client.answer("RETR 1")).toContain("It cannot be inspected.");
    expect(gate.events).toMatchObject([{ cause: "a boundary is empty or too long" }]);
  });

  it("is one that the message ruleset refuses at its end", async () => {
    const rules = [{ name: "big", when: { messageBytes: { over: 1000 } }, action: "replace" }];
    const { client } = await start({ messages: [clean, ofBytes(2000)] }, { rulesets: { message: { rules } } });
    expect(await client.answer("RETR 1")).toContain("hello");
    expect(await client.answer("RETR 2")).toContain("not allowed by policy");
  });

  it("is none when the rule only observes", async () => {
    const rules = [{ name: "o", state: "observe", when: { fileName: { like: "*.exe" } }, action: "replace" }];
    const { client, gate } = await start({ messages: [infected] }, { rulesets: { attachment: { rules } } });
    expect(await client.answer("RETR 1")).toContain("MZ");
    expect(gate.hits).toEqual(["observed o"]);
    expect(gate.events).toMatchObject([
      { outcome: "retrieved", decision: { observed: [{ ruleName: "o", verdict: "replace" }] } },
    ]);
  });
});

describe("TOP", () => {
  it("of a message that may pass is the server's own", async () => {
    const { client } = await start({ messages: [clean] }, { rulesets: noExe });
    expect(await client.answer("TOP 1 2")).toBe(
      `+OK top\r\nFrom: a@b.test\r\nSubject: clean\r\nMessage-ID: <1@b.test>\r\n\r\nhello\r\n..dot\r\n.\r\n`,
    );
  });

  it("of a refused message is the top of its notice, with the id of the retrieval that follows", async () => {
    const { client, gate } = await start({ messages: [infected] }, { rulesets: noExe });
    const top = await client.answer("TOP 1 0");
    expect(top).toMatch(/X-Postern-Id: ID\d+\r\n\r\n\.\r\n$/);
    expect(gate.events).toEqual([]);
    expect(gate.hits).toEqual([]);
    const notice = await client.answer("RETR 1");
    const [, id = ""] = /X-Postern-Id: (ID\d+)/.exec(top) ?? [];
    expect(notice).toContain(id);
    expect(gate.events).toMatchObject([{ id }]);
    expect(await client.answer("RETR 1")).toBe(notice);
    expect(gate.events).toHaveLength(2);
    expect(gate.events[1]).toMatchObject({ id: expect.not.stringMatching(id), cause: `judged before, as ${id}` });
  });

  it("reads a message once, and again only under another revision", async () => {
    const { client, upstream, gate, options } = await start({ messages: [infected] }, { rulesets: noExe });
    await client.answer("TOP 1 0");
    await client.answer("TOP 1 5");
    expect(upstream.commands.filter((line) => line === "RETR 1")).toHaveLength(1);
    gate.governing = governingPolicy({ ...options, rulesets: {} }, 2);
    expect(await client.answer("TOP 1 1")).toContain("MZ");
    gate.governing = governingPolicy({ ...options, rulesets: noExe }, 3);
    expect(await client.answer("TOP 1 1")).toContain("X-Postern-Id");
    expect(upstream.commands.filter((line) => line === "RETR 1")).toHaveLength(2);
  });

  it("of a message that is not there is -ERR", async () => {
    const { client } = await start({ messages: [] }, { rulesets: noExe });
    expect(await client.ask("TOP 1 0")).toBe("-ERR no such message\r\n");
  });

  it("does not fetch the message when no rule reads it", async () => {
    const { client, upstream } = await start({ messages: [clean] });
    await client.answer("TOP 1 0");
    expect(upstream.commands).not.toContain("RETR 1");
  });
});

describe("a retrieval under way", () => {
  it("keeps the revision it began with", async () => {
    const goOn: (() => void)[] = [];
    const { client, gate, options } = await start(
      {
        onCommand: (line, socket) => {
          if (line !== "RETR 1") return false;
          socket.write(`+OK\r\n${infected.slice(0, 20)}`, "latin1");
          goOn.push(() => socket.write(`${infected.slice(20)}.\r\n`, "latin1"));
          return true;
        },
      },
      { rulesets: noExe },
    );
    client.say("RETR 1\r\n");
    await waitUntil("the server is asked", () => goOn.length > 0);
    gate.governing = governingPolicy({ ...options, rulesets: {} }, 2);
    goOn[0]?.();
    expect(await client.body()).toContain("X-Postern-Id");
    expect(gate.events).toMatchObject([{ decision: { revision: 1 } }]);
  });

  it("is told as aborted when the client leaves, and its file is gone", async () => {
    const { client, gate, upstream } = await start(
      {
        onCommand: (line, socket) => line === "RETR 1" && socket.write(`+OK\r\n${ofBytes(2_000_000)}`),
      },
      { rulesets: noExe },
    );
    client.say("RETR 1\r\n");
    await waitUntil("the server is asked", () => upstream.commands.includes("RETR 1"));
    client.socket.destroy();
    await waitUntil("it is told", () => gate.events.length === 1);
    expect(gate.events).toMatchObject([{ outcome: "aborted", cause: "the client went away", reply: null }]);
    await waitUntil("no file is left", () => readdirSync(gate.temporaryFolder).length === 0);
  });
});

it("a long line behind a header that let the message go changes nothing any more", async () => {
  const long = `Subject: long\r\n\r\n${"x".repeat(70_000)}\r\n`;
  const header = { rules: [{ name: "h", when: { headerName: { is: "X-Bad" } }, action: "replace" }] };
  const { client, gate } = await start({ messages: [long] }, { rulesets: { header } });
  for (let n = 0; n < 2; n++) expect(await client.answer("RETR 1")).toBe(`+OK ${long.length} octets\r\n${long}.\r\n`);
  expect(gate.events).toMatchObject([1, 2].map(() => ({ outcome: "retrieved", decision: { verdict: "allow" } })));
  expect(await client.ask("LIST 1")).toBe(`+OK 1 ${long.length}\r\n`);
});

it("a defect of ours costs one session, and nothing of its message stays behind", async () => {
  const attachment = { rules: [{ name: "q", when: { fileName: { like: "*.exe" } }, action: "quarantine" }] };
  const { client, gate, upstream } = await start(
    { messages: [infected + ofBytes(2_000_000)] },
    { rulesets: { attachment } },
  );
  gate.quarantine.isReleased = () => {
    throw new Error("a defect");
  };
  client.say("RETR 1\r\n");
  expect(await client.whenClosed()).not.toContain("MZ");
  await waitUntil(
    "nothing is left",
    () => upstream.sockets.size === 0 && readdirSync(gate.temporaryFolder).length === 0,
  );
  expect(gate.holdMemory.bytes).toBe(0);
  expect(gate.events).toMatchObject([{ outcome: "aborted", cause: "a defect of ours" }]);
  expect(gate.connections).toMatchObject([{ end: "fault" }]);
});
