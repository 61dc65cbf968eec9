import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

const boundary = "b1";
const head = [
  "From: Ann <ann@sender.test>",
  "To: b@inside.test",
  "Subject: the report",
  "X-Secret: 1",
  "MIME-Version: 1.0",
  `Content-Type: multipart/mixed; boundary=${boundary}`,
  "",
  "",
].join("\r\n");
const text = `--${boundary}\r\nContent-Type: text/plain\r\n\r\nHello.\r\n..dot\r\n`;
const exe = [
  `--${boundary}`,
  'Content-Type: application/octet-stream; name="setup.exe"',
  'Content-Disposition: attachment; filename="setup.exe"',
  "Content-Transfer-Encoding: base64",
  "",
  "TVqQAAMAAAAEAAAA",
  "",
].join("\r\n");
const end = `--${boundary}--\r\n`;
const wire = head + text + exe + end;

const isExe = { fileName: { like: "*.exe" } };
const attachment = (action: unknown, when: unknown = isExe) => ({
  attachment: { rules: [{ name: "no programs", when, action }] },
});
const message = (action: unknown, when: unknown = { subject: { like: "*report*" } }) => ({
  message: { rules: [{ name: "reports", when, action }] },
});
const withoutReceived = (mail: string | undefined) => mail?.replace(/^Received:[^\r]*(?:\r\n\t[^\r]*)*\r\n/, "");

describe("a part", () => {
  test("that is stripped gives way to a notice, and every other byte is as it came", async () => {
    const { upstream, gateway, client } = await smtpRig({ rulesets: attachment("strip") });
    expect(await client.mail(wire)).toMatch(/^250/);
    const sent = withoutReceived(upstream.mails[0]?.body) ?? "";
    expect(sent.startsWith(head + text + `--${boundary}\r\n`)).toBe(true);
    expect(sent.endsWith(`\r\n${end}`)).toBe(true);
    expect(sent).not.toContain("TVqQ");
    expect(sent).toContain("setup.exe");
    const [event] = gateway.messages;
    expect(event).toMatchObject({
      outcome: "relayed",
      decision: { verdict: "strip", ruleName: "no programs" },
      content: { held: { what: "parts" }, changes: [{ part: 2, ruleName: "no programs" }] },
    });
  });

  test("that is locked away lies in quarantine before the client hears 250, decoded, and its notice tells the id", async () => {
    const { upstream, gateway, client } = await smtpRig({ rulesets: attachment("lock") });
    expect(await client.mail(wire)).toMatch(/^250/);
    const [event] = gateway.messages;
    const id = `${event?.id}-2`;
    expect(event?.content?.quarantined).toEqual([id]);
    expect(gateway.quarantine.entry(id)).toMatchObject({
      kind: "part",
      cause: "attachment",
      fileName: "setup.exe",
      bytes: 12,
      messageId: event?.id,
    });
    expect(upstream.mails[0]?.body).toContain(id);
    expect(upstream.mails[0]?.body).not.toContain("TVqQ");
  });

  test("of more than an event can tell is locked away all the same, and so is a header line with the longest name", async () => {
    const longest = `X-${"a".repeat(990)}`;
    const header = { rules: [{ name: "odd", when: { headerName: { like: "X-aaa*" } }, action: "strip" }] };
    const { upstream, gateway, client } = await smtpRig({ rulesets: { ...attachment("lock"), header } });
    expect(await client.mail(`${longest}: 1\r\n${head}${exe.repeat(101)}${end}`)).toMatch(/^250/);
    expect(upstream.mails[0]?.body).not.toMatch(/TVqQ|X-aaa/);
    expect([...gateway.quarantine.ids()]).toHaveLength(101);
    expect(gateway.messages[0]?.content).toMatchObject({
      quarantined: { length: 100 },
      changes: { length: 100, 0: { what: expect.stringMatching(/^X-a/) } },
    });
  });

  test("that is replaced becomes a file of ours", async () => {
    const action = { "replace-part": { fileName: "gone.txt", text: "Removed: %(filename)%" } };
    const { upstream, client } = await smtpRig({ rulesets: attachment(action) });
    expect(await client.mail(wire)).toMatch(/^250/);
    expect(upstream.mails[0]?.body).toContain("gone.txt");
  });

  test("inside of an encoded message takes that message with it, of which nothing has left before", async () => {
    const inner = `Content-Type: multipart/mixed; boundary=${boundary}i\r\n\r\n${exe.replace(boundary, `${boundary}i`)}`;
    const encoded = Buffer.from(inner).toString("base64");
    const forwarded = `--${boundary}\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`;
    const { upstream, gateway, client } = await smtpRig({ rulesets: attachment("strip") });
    expect(await client.mail(head + text + forwarded + end)).toMatch(/^250/);
    const sent = withoutReceived(upstream.mails[0]?.body) ?? "";
    expect(sent.startsWith(head + text + `--${boundary}\r\n`)).toBe(true);
    expect(sent.endsWith(`\r\n${end}`)).toBe(true);
    expect(sent).not.toContain("message/rfc822");
    expect(sent).not.toContain(encoded.slice(0, 40));
    expect(gateway.messages[0]?.content?.changes).toMatchObject([{ part: 2, ruleName: "no programs" }]);
  });

  test("that is a file inside a text is looked into by nobody, and told so; its notice is written as the text is", async () => {
    const uuencoded = `--${boundary}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n1 =3D 1\r\nbegin 644 a.doc\r\n#0V%T\r\n\`\r\nend\r\n`;
    const action = { "replace-part": { fileName: "x.txt", text: "a=41" } };
    const rulesets = attachment(action, { trait: { is: "uninspectable" } });
    const { upstream, gateway, client } = await smtpRig({ rulesets });
    expect(await client.mail(head + uuencoded + end)).toMatch(/^250/);
    expect(upstream.mails[0]?.body).toContain("1 =3D 1\r\na=3D41\r\n");
    expect(gateway.messages[0]?.attachments).toEqual([
      { fileName: "a.doc", contentType: "application/octet-stream", part: 2, traits: ["uuencode", "uninspectable"] },
    ]);
  });

  test("that mail readers disagree about is known by itself, whether another one was before it or comes after", async () => {
    const odd = (name: string) =>
      `--${boundary}\r\nContent-Type: image/png; name=${name}\r\nContent-Type: image/gif; name=${name}\r\n\r\n${name}!\r\n`;
    const oddlyWritten = `--${boundary}\r\nContent-Type: image/png; name=c.png\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ=\r\n`;
    const plain = `--${boundary}\r\nContent-Type: text/plain\r\n\r\nstays\r\n`;
    const rulesets = attachment("strip", { trait: { is: "ambiguous" }, digest: { like: "*" } });
    const { gateway, client } = await smtpRig({ rulesets });
    expect(await client.mail(head + odd("a.png") + odd("b.png") + oddlyWritten + plain + end)).toMatch(/^250/);
    expect(gateway.messages[0]?.content?.changes.map(({ part }) => part)).toEqual([1, 2, 3]);
  });

  test("whose text is longer than what is read of it is told as too large", async () => {
    const long = `--${boundary}\r\n\r\n${"padding\r\n".repeat(600)}secret\r\n`;
    const rules = [
      { name: "secret", when: { text: { like: "*secret*" } }, action: "deny" },
      { name: "unread", when: { trait: { is: "too-large" } }, action: "tempfail" },
    ];
    const { gateway, client } = await smtpRig({
      content: { inspectedTextBytesMax: 4_096 },
      rulesets: { attachment: { rules } },
    });
    expect(await client.mail(head + long + end)).toMatch(/^45/);
    expect(gateway.messages[0]?.decision.ruleName).toBe("unread");
  });

  test("that is too large to be looked into is still known by its beginning", async () => {
    const script = `--${boundary}\r\nContent-Type: image/png\r\n\r\n#!/bin/sh\r\n${"echo padding\r\n".repeat(6_000)}`;
    const { gateway, client } = await smtpRig({
      content: { inspectedPartBytesMax: 65_536 },
      rulesets: attachment("deny", { trait: { is: "script" } }),
    });
    expect(await client.mail(head + script + end)).toMatch(/^550/);
    expect(gateway.messages[0]?.content?.traits).toEqual(expect.arrayContaining(["script", "too-large"]));
  });

  test("is known by its content, whatever it is called", async () => {
    const rulesets = attachment("deny", {
      detectedType: { in: ["application/x-dosexec", "application/octet-stream"] },
    });
    const { upstream, client, gateway } = await smtpRig({ rulesets });
    const renamed = wire.replaceAll("setup.exe", "holiday.jpg");
    expect(await client.mail(renamed)).toMatch(/^550 5\.7\.1/);
    expect(upstream.mails).toHaveLength(0);
    expect(gateway.messages[0]?.attachments[0]).toMatchObject({ part: 2, bytes: 12, detectedType: expect.any(String) });
  });
});

describe("a header line", () => {
  test("is taken out, and nothing else", async () => {
    const rulesets = {
      header: { rules: [{ name: "secret", when: { headerName: { is: "X-Secret" } }, action: "strip" }] },
    };
    const { upstream, gateway, client } = await smtpRig({ rulesets });
    expect(await client.mail(wire)).toMatch(/^250/);
    expect(withoutReceived(upstream.mails[0]?.body)).toBe(wire.replace("X-Secret: 1\r\n", ""));
    // Its server heard one final dot, and goes on with the next message.
    expect(await client.mail(wire, { hello: false })).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(2);
    expect(upstream.lines.filter((line) => !/^(?:EHLO|MAIL|RCPT|DATA)/.test(line))).toEqual([]);
    expect(gateway.messages[0]?.content?.held.what).toBe("header");
  });

  test("that tells where the parts are stays, whatever a rule says", async () => {
    const rulesets = { header: { rules: [{ name: "all", when: { headerName: { like: "*" } }, action: "strip" }] } };
    const { upstream, client } = await smtpRig({ rulesets });
    expect(await client.mail(wire)).toMatch(/^250/);
    const kept = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n`;
    expect(withoutReceived(upstream.mails[0]?.body)).toBe(kept + wire.slice(head.length));
  });
});

describe("a message", () => {
  test("in quarantine is whole there before the client hears 250, and its server got nothing", async () => {
    const { upstream, gateway, client } = await smtpRig({ rulesets: message("quarantine") });
    expect(await client.mail(wire)).toMatch(/^250 2\.0\.0 Message accepted \(01TEST\d+\)$/);
    expect(upstream.mails).toHaveLength(0);
    const [event] = gateway.messages;
    expect(event).toMatchObject({ outcome: "quarantined", decision: { verdict: "quarantine" } });
    const entry = gateway.quarantine.entry(event?.id ?? "");
    expect(entry).toMatchObject({
      kind: "message",
      cause: "content",
      subject: "the report",
      recipients: ["b@inside.test"],
    });
  });

  test("on hold is kept for approval", async () => {
    const { gateway, client } = await smtpRig({ rulesets: message("hold") });
    expect(await client.mail(wire)).toMatch(/^250 2\.0\.0/);
    expect(gateway.quarantine.entry(gateway.messages[0]?.id ?? "")?.cause).toBe("approval");
  });

  test("that is discarded is accepted and goes nowhere", async () => {
    const { upstream, gateway, client } = await smtpRig({ rulesets: message("discard") });
    expect(await client.mail(wire)).toMatch(/^250 2\.0\.0/);
    expect(upstream.mails).toHaveLength(0);
    expect([...gateway.quarantine.ids()]).toEqual([]);
    expect(gateway.messages[0]).toMatchObject({ outcome: "discarded", decision: { verdict: "discard" } });
  });

  test("gets a tag, a header and a banner, in this order of rules, and every other byte is as it came", async () => {
    const rules = [
      { name: "tag", action: { modify: { tag: "[EXT]" } } },
      { name: "mark", action: { modify: { headers: [{ do: "add", name: "X-Mark", value: "%(rule)%" }] } } },
      { name: "banner", action: { modify: { banner: { text: "Outside mail.", at: "top" } } } },
    ];
    const { upstream, gateway, client } = await smtpRig({ rulesets: { message: { rules } } });
    expect(await client.mail(wire)).toMatch(/^250/);
    const sent = withoutReceived(upstream.mails[0]?.body) ?? "";
    expect(sent).toContain("Subject: [EXT] the report\r\n");
    expect(sent).toContain("X-Mark: mark\r\n");
    expect(sent).toContain("\r\n\r\nOutside mail.\r\n\r\nHello.\r\n..dot\r\n");
    expect(sent.endsWith(exe + end)).toBe(true);
    expect(gateway.messages[0]?.content?.changes.map(({ ruleName }) => ruleName)).toEqual(["banner", "tag", "mark"]);
  });

  test("that is redirected leaves its server before the dot and goes through the spool to the other recipient", async () => {
    const { upstream, gateway, client } = await smtpRig({
      rulesets: message({ redirect: { to: "boss@inside.test" } }),
    });
    expect(await client.mail(wire)).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(0);
    const [id = ""] = [...gateway.spool.ids()];
    expect(gateway.spool.entry(id)).toMatchObject({ recipients: ["boss@inside.test"] });
    expect(gateway.messages[0]).toMatchObject({ outcome: "spooled", envelopeChanges: [{ to: "boss@inside.test" }] });
  });

  test("is copied besides", async () => {
    const { upstream, gateway, client } = await smtpRig({ rulesets: message({ copy: { to: "audit@inside.test" } }) });
    expect(await client.mail(wire)).toMatch(/^250/);
    expect(withoutReceived(upstream.mails[0]?.body)).toBe(wire);
    const [id = ""] = [...gateway.spool.ids()];
    expect(gateway.spool.entry(id)).toMatchObject({ recipients: ["audit@inside.test"] });
  });

  test("that comes as BDAT is changed like one that comes as DATA", async () => {
    const { upstream, client } = await smtpRig({ rulesets: attachment("strip") });
    const plain = wire.replaceAll("\r\n..", "\r\n.");
    await client.command("EHLO client.test");
    await client.command("MAIL FROM:<a@sender.test>");
    await client.command("RCPT TO:<b@inside.test>");
    client.send(`BDAT 100\r\n${plain.slice(0, 100)}`);
    expect(await client.reply()).toMatch(/^250/);
    client.send(`BDAT ${plain.length - 100} LAST\r\n${plain.slice(100)}`);
    expect(await client.reply()).toMatch(/^250/);
    const sent = withoutReceived(upstream.mails[0]?.body) ?? "";
    expect(sent.startsWith(head + text + `--${boundary}\r\n`)).toBe(true);
    expect(sent).not.toContain("TVqQ");
  });

  test.each([
    ["in its header", head.slice(0, 40)],
    ["in a part", head + text.slice(0, 50)],
    ["before its dot", wire],
  ])("of a client that leaves %s leaves nothing behind, whatever is held", async (_, sent) => {
    for (const rulesets of [attachment("lock"), attachment("strip"), message("quarantine"), message("discard")]) {
      const { upstream, gateway, client } = await smtpRig({ rulesets });
      await client.open();
      client.send(sent);
      await waitUntil("it was read", () => upstream.lines.includes("DATA"));
      client.socket.resetAndDestroy();
      await waitUntil("the session ends", () => gateway.openSessions === 0);
      expect(gateway.messages.map(({ outcome }) => outcome)).toEqual(["aborted"]);
      expect([...gateway.quarantine.ids()]).toEqual([]);
      expect(upstream.mails).toHaveLength(0);
      await closeRigs();
    }
  });

  test("of a client that leaves while it is held leaves nothing behind", async () => {
    const { gateway, client } = await smtpRig({ rulesets: message("quarantine") });
    await client.open();
    client.send(head + text.repeat(100));
    await waitUntil("it is held", () => gateway.holdMemory.bytes > 0);
    client.close();
    await waitUntil("the session ends", () => gateway.openSessions === 0);
    expect(gateway.holdMemory.bytes).toBe(0);
    expect(gateway.messages[0]?.outcome).toBe("aborted");
  });
});
