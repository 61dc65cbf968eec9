import { afterEach, describe, expect, test } from "vitest";
import type { SmtpClient } from "../../support/smtp-client.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const callout = { recipientVerification: { mode: "callout", positiveMinutes: 10, negativeMinutes: 1 } };
const gone = (line: string) =>
  line.startsWith("RCPT") && line.includes("gone@") ? "550 5.1.1 no such user" : undefined;

async function recipients(client: SmtpClient, ...addresses: string[]): Promise<string[]> {
  await client.command("EHLO c.test");
  await client.command("MAIL FROM:<a@sender.test>");
  const said: string[] = [];
  for (const address of addresses) said.push(await client.command(`RCPT TO:<${address}>`));
  await client.command("RSET");
  return said;
}

const asked = (lines: readonly string[]) => lines.filter((line) => /^(?:MAIL|RCPT|RSET|DATA)/.test(line));

describe("recipientVerification by list", () => {
  const settings = { recipientVerification: { mode: "list", list: "people" } };
  const lists = [{ name: "people", kind: "addresses", entries: ["bob@inside.test", "@xn--bcher-kva.test"] }];

  test("takes who is in the list, by either spelling of the domain, and refuses everyone else with 550 5.1.1", async () => {
    const { client, gateway } = await smtpRig({ delivery: "spool", settings, lists });
    expect(await recipients(client, "Bob@Inside.test", "eve@inside.test", "x@xn--bcher-kva.test")).toEqual([
      "250 2.1.5 Recipient OK",
      "550 5.1.1 No such recipient",
      "250 2.1.5 Recipient OK",
    ]);
    expect(gateway.messages[0]?.cause).toBe('recipientVerification: not in the list "people"');
  });
  test("looks at the new address", async () => {
    const rules = [{ name: "moved", action: { redirect: { to: "bob@inside.test" } } }];
    const { client } = await smtpRig({ delivery: "spool", settings, lists, rulesets: { recipient: { rules } } });
    expect(await recipients(client, "eve@inside.test")).toEqual(["250 2.1.5 Recipient OK"]);
  });
  test("leaves it to the server where that is asked inline", async () => {
    const { client } = await smtpRig({ settings, lists });
    expect(await recipients(client, "eve@inside.test")).toEqual(["250 2.1.5 recipient fine"]);
  });
});

describe("recipientVerification by callout", () => {
  test("asks the route's server with the null path and no message, once for each address while it believes the answer", async () => {
    const { client, upstream } = await smtpRig({ delivery: "spool", settings: callout }, { answer: gone });
    for (let round = 0; round < 2; round++) {
      expect(await recipients(client, "bob@inside.test", "gone@inside.test")).toEqual([
        "250 2.1.5 Recipient OK",
        "550 5.1.1 No such recipient",
      ]);
    }
    expect(asked(upstream.lines)).toEqual([
      "MAIL FROM:<>",
      "RCPT TO:<bob@inside.test>",
      "RSET",
      "MAIL FROM:<>",
      "RCPT TO:<gone@inside.test>",
      "RSET",
    ]);
  });
  test("asks once for an address that several clients name at the same time", async () => {
    const { client, connect, upstream } = await smtpRig({ delivery: "spool", settings: callout });
    const clients = [client, await connect(), await connect()];
    const said = await Promise.all(clients.map((each) => recipients(each, "bob@inside.test")));
    expect(new Set(said.flat())).toEqual(new Set(["250 2.1.5 Recipient OK"]));
    expect(asked(upstream.lines).filter((line) => line.startsWith("RCPT"))).toHaveLength(1);
  });
  test.each([
    ["answers 4xx", (line: string) => (line.startsWith("RCPT") ? "451 4.3.0 later" : undefined)],
    ["refuses us by policy", (line: string) => (line.startsWith("RCPT") ? "550 5.7.1 blocked" : undefined)],
    ["refuses the null path", (line: string) => (line.startsWith("MAIL") ? "550 5.1.1 no bounces" : undefined)],
    ["closes", (line: string) => (line.startsWith("RCPT") ? "421 4.3.2 closing" : undefined)],
  ])("a server that %s tells nothing: 450, or taken unchecked where the setting says so", async (_what, answer) => {
    const { client, gateway } = await smtpRig({ delivery: "spool", settings: callout }, { answer });
    expect(await recipients(client, "bob@inside.test")).toEqual([
      "450 4.1.1 The recipient cannot be verified now; try again later",
    ]);
    expect(gateway.messages[0]?.cause).toBe("recipientVerification: the server cannot tell now");
    const accepting = { recipientVerification: { ...callout.recipientVerification, whenUnknown: "accept" } };
    const other = await smtpRig({ delivery: "spool", settings: accepting }, { answer });
    expect(await recipients(other.client, "bob@inside.test")).toEqual(["250 2.1.5 Recipient OK"]);
  });
  test("knows what the server said inline once it is down", async () => {
    const { client, upstream } = await smtpRig({ delivery: "inline-or-spool", settings: callout }, { answer: gone });
    expect(await recipients(client, "bob@inside.test", "gone@inside.test")).toEqual([
      "250 2.1.5 recipient fine",
      "550 5.1.1 no such user",
    ]);
    await upstream.stop();
    expect(await recipients(client, "bob@inside.test", "gone@inside.test", "new@inside.test")).toEqual([
      "250 2.1.5 Recipient OK",
      "550 5.1.1 No such recipient",
      "450 4.1.1 The recipient cannot be verified now; try again later",
    ]);
  });
  test("a refusal inline that may be about its sender costs nobody else's mail", async () => {
    let sender = "";
    const answer = (line: string) => {
      if (line.startsWith("MAIL")) sender = line;
      return line.startsWith("RCPT") && sender.includes("a@sender.test") ? "550 Sender verify failed" : undefined;
    };
    const { client, upstream } = await smtpRig({ delivery: "inline-or-spool", settings: callout }, { answer });
    expect(await recipients(client, "bob@inside.test")).toEqual(["550 Sender verify failed"]);
    await upstream.stop();
    expect(await recipients(client, "bob@inside.test")).toEqual([
      "450 4.1.1 The recipient cannot be verified now; try again later",
    ]);
  });
});
