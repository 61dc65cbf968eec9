import { afterEach, describe, expect, test } from "vitest";
import { stuffed } from "../../support/fake-pop3-server.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { generatedMessage } from "../../support/generated-message.ts";
import { testScanner } from "../../support/scanned.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { closeRigs, type SmtpRig, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));
const messages = 40;
const never = { subject: { is: "this is nobody's subject" } };
const rules = (action: unknown, when: unknown) => ({ rules: [{ name: "never", when, action }] });

/** Rules and settings under which each of these is held, and none is changed. */
const levels = {
  "nothing, though content is looked into": {
    rulesets: { attachment: rules("deny", { digest: { is: "0".repeat(64) } }) },
  },
  "the header": { rulesets: { header: rules("strip", { headerName: { is: "X-Nobody" } }) } },
  parts: { rulesets: { attachment: rules("strip", { fileName: { is: "nobody.xyz" } }) } },
  "parts whose content is looked into": {
    rulesets: { attachment: rules("lock", { trait: { is: "macros" }, text: { like: "*nobody*" } }) },
  },
  everything: { rulesets: { message: rules("quarantine", never) } },
} satisfies Record<string, Parameters<typeof smtpRig>[0]>;

/** Sends generated messages in random pieces, by DATA or BDAT; each must come as it was sent. */
async function expectIdentity({ upstream, gateway, client }: SmtpRig): Promise<void> {
  const random = seededRandom(seed);
  for (let n = 0; n < messages; n++) {
    const message = `${random() < 0.5 ? ".\r\n" : ""}${generatedMessage(random)}`.replace(/^\.\r\n/, "X: .\r\n");
    const wire = stuffed(message);
    await client.open({ hello: n === 0 });
    for (let at = 0; at < wire.length; ) {
      const next = at + 1 + Math.floor(random() ** 3 * 3000);
      client.send(wire.slice(at, next));
      at = next;
      if (random() < 0.3) await new Promise(setImmediate);
    }
    client.send(".\r\n");
    const where = `message ${n}: ${JSON.stringify(message)}`;
    expect(`${where} ${(await client.reply()).slice(0, 3)}`).toBe(`${where} 250`);
    expect(`${where} ${upstream.mails[n]?.body}`).toBe(`${where} ${wire}`);
  }
  expect(gateway.messages.every(({ bytes, outcome }) => bytes > 0 && outcome === "relayed")).toBe(true);
}

const settings = { receivedHeader: "none" };

describe(`a message that nothing changes comes byte for byte, however it is cut (POSTERN_SEED=${seed})`, () => {
  test.each(Object.entries(levels))("where what is held is %s", { timeout: 60_000 }, async (_, options) => {
    await expectIdentity(await smtpRig({ ...options, settings }));
  });

  test("where a scanner gets all of it", { timeout: 60_000 }, async () => {
    let streamed = 0;
    const clamd = await FakeScanner.start((heard) => {
      if (heard.includes("zVERSION\0")) return "ClamAV 1.0/1/Mon Jan  1 00:00:00 2024\0";
      if (!heard.endsWith("\0\0\0\0")) return null;
      streamed++;
      return `${streamed}: stream: OK\0`;
    });
    const av = { kind: "clamd", name: "av", at: clamd.at, scans: "message", connectionsMax: 1 } as const;
    const scanner = testScanner(av);
    const rig = await smtpRig({
      settings,
      document: { scanners: [av] },
      content: { scanners: ["av"] },
      parts: { scanners: { get: () => scanner } },
    });
    await expectIdentity(rig);
    expect(rig.gateway.messages[0]?.content?.scans).toMatchObject([{ scanner: "av", part: null, result: "clean" }]);
    expect(streamed).toBe(messages);
  });
});

test("a large message passes while its parts are decided, and is never held as a whole", {
  timeout: 60_000,
}, async () => {
  const { upstream, gateway, client } = await smtpRig({ ...levels.parts, settings });
  const part = `--b\r\nContent-Type: text/plain\r\n\r\n${`${"x".repeat(76)}\r\n`.repeat(10_000)}`;
  const message = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(5)}--b--\r\n`;
  await client.open();
  client.send(message);
  await waitUntil("four of five parts are with the server", () => {
    const received = upstream.received.reduce((sum, { length }) => sum + length, 0);
    return received > message.length * 0.7;
  });
  expect(gateway.messages).toEqual([]);
  client.send(".\r\n");
  expect(await client.reply()).toMatch(/^250/);
  expect(upstream.mails[0]?.body === message).toBe(true);
});
