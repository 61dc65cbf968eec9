import { connect } from "node:net";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { formatReply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { serverTls } from "../../support/server-tls.ts";
import type { SmtpClient } from "../../support/smtp-client.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const mx = authority.issue(["DNS:mx.test"]);
const other = authority.issue(["DNS:*.other.test"]);

afterEach(closeRigs);
afterAll(() => authority.remove());

const mail = "Subject: s\r\n\r\ntext\r\n";

describe("a listener that allows STARTTLS", () => {
  test("offers it, takes mail inside TLS, and tells so in the Received line and the event", async () => {
    const { client, gateway, upstream } = await smtpRig({ tls: serverTls("allowed", { mx }) });
    expect(await client.command("EHLO c.test")).toMatch(/\|250 STARTTLS$/);
    expect(await client.command("STARTTLS")).toBe("220 2.0.0 Ready to start TLS");
    await client.startTls();
    expect(await client.mail(mail)).toMatch(/^250 /);
    expect(upstream.mails[0]?.body).toMatch(/by gate\.test with ESMTPS id /);
    expect(gateway.messages[0]?.tls).toEqual({ client: "TLSv1.3 TLS_AES_256_GCM_SHA384", upstream: null });
  });

  test("takes mail in the clear too, and its event tells of no TLS", async () => {
    const { client, gateway, upstream } = await smtpRig({ tls: serverTls("allowed", { mx }) });
    expect(await client.mail(mail)).toMatch(/^250 /);
    expect(upstream.mails[0]?.body).toMatch(/ with ESMTP id /);
    expect(gateway.messages[0]).not.toHaveProperty("tls");
  });

  test("forgets EHLO at the handshake, and neither offers nor takes STARTTLS twice", async () => {
    const { client } = await smtpRig({ tls: serverTls("allowed", { mx }) });
    await client.command("EHLO c.test");
    await client.command("STARTTLS");
    await client.startTls();
    expect(await client.command("MAIL FROM:<a@sender.test>")).toMatch(/^503 /);
    expect(await client.command("EHLO c.test")).not.toContain("STARTTLS");
    expect(await client.command("STARTTLS")).toMatch(/^503 /);
    expect(await client.command("NOOP")).toMatch(/^250 /);
  });

  test("answers STARTTLS with a parameter with 501, inside a transaction and before EHLO with 503", async () => {
    const { client } = await smtpRig({ tls: serverTls("allowed", { mx }) });
    expect(await client.command("STARTTLS")).toMatch(/^503 /);
    await client.command("EHLO c.test");
    expect(await client.command("STARTTLS now")).toMatch(/^501 5\.5\.4/);
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("STARTTLS")).toMatch(/^503 /);
    expect(await client.command("RCPT TO:<b@inside.test>")).toMatch(/^250 /);
  });

  test.each([
    ["NOOP", "NOOP\r\n"],
    ["a transaction", "EHLO evil.test\r\nMAIL FROM:<evil@sender.test>\r\nRCPT TO:<b@inside.test>\r\n"],
    ["half a line", "MAIL FROM:<evil@sen"],
    ["another EHLO", "EHLO evil.test\r\n"],
  ])("never answers inside TLS what was sent along in the clear: %s", async (_what, injected) => {
    const { client, upstream, gateway } = await smtpRig({ tls: serverTls("allowed", { mx }) });
    await client.command("EHLO c.test");
    client.send(`STARTTLS\r\n${injected}`);
    expect(await client.reply()).toMatch(/^220 /);
    await client.startTls();
    expect(await client.command("VRFY mine")).toMatch(/^252 /);
    expect(client.unread).toBe("");
    expect(await client.command("MAIL FROM:<a@sender.test>")).toMatch(/^503 /);
    expect(await client.mail(mail)).toMatch(/^250 /);
    expect(upstream.lines.join("\n")).not.toContain("evil");
    expect(gateway.messages).toHaveLength(1);
    expect(gateway.messages[0]?.helo).toBe("client.test");
  });

  test("survives a handshake that never begins, is cut, or is garbage, and tells the last", async () => {
    const { client, gateway, connect: again } = await smtpRig({ tls: serverTls("allowed", { mx }) });
    await client.command("EHLO c.test");
    await client.command("STARTTLS");
    client.send("GET / HTTP/1.1\r\n\r\n");
    expect(await client.reply()).toBe("closed");
    await waitUntil("the event", () => gateway.sessionEvents.length === 1);
    expect(gateway.sessionEvents[0]?.cause).toMatch(/^the TLS handshake failed: /);
    for (const bytes of ["", "\x16", "\x16\x03\x01\x02\x00\x01"]) {
      const cut = await again();
      await cut.command("EHLO c.test");
      await cut.command("STARTTLS");
      cut.send(bytes);
      cut.close();
    }
    await waitUntil("the sessions end", () => gateway.openSessions === 0);
    expect(gateway.sessionEvents).toHaveLength(1);
  });
});

test("a listener without TLS neither offers STARTTLS, whatever the upstream offers, nor takes it", async () => {
  const { client } = await smtpRig({}, { keywords: ["PIPELINING", "STARTTLS", "SIZE 1000"] });
  expect(await client.command("EHLO c.test")).not.toContain("STARTTLS");
  expect(await client.command("STARTTLS")).toBe("502 5.5.1 Command not implemented");
});

describe("a listener that requires STARTTLS", () => {
  const needed = formatReply(replies.needsTls).trimEnd();

  test("answers everything but EHLO, HELO, NOOP, QUIT and STARTTLS with 530 5.7.0", async () => {
    const { client } = await smtpRig({
      tls: serverTls("required", { mx }),
      limits: { errorsMax: 100, errorsSoftMax: 100 },
    });
    const refused = [
      "MAIL FROM:<a@b.test>",
      "RCPT TO:<b@b.test>",
      "DATA",
      "RSET",
      "VRFY x",
      "EXPN x",
      "HELP",
      "AUTH PLAIN",
      "XYZZY",
    ];
    for (const hello of ["NOOP", "HELO c.test", "EHLO c.test"]) {
      expect(await client.command(hello)).toMatch(/^250/);
      for (const line of refused) expect(await client.command(line)).toBe(needed);
    }
    expect(await client.command("STARTTLS")).toMatch(/^220 /);
    await client.startTls();
    expect(await client.mail(mail)).toMatch(/^250 /);
    expect(await client.command("QUIT")).toMatch(/^221 /);
  });

  test("takes QUIT in the clear", async () => {
    const { client } = await smtpRig({ tls: serverTls("required", { mx }) });
    expect(await client.command("QUIT")).toMatch(/^221 /);
  });
});

describe("a listener with implicit TLS", () => {
  test("greets inside TLS, and offers no STARTTLS there", async () => {
    const { client } = await implicitRig();
    await client.startTls();
    expect(await client.reply()).toBe("220 gate.test ESMTP");
    expect(await client.command("EHLO c.test")).not.toContain("STARTTLS");
    expect(await client.mail(mail)).toMatch(/^250 /);
  });

  test("says nothing in the clear", async () => {
    const { gateway } = await implicitRig();
    const socket = connect(gateway.port, "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.write("EHLO c.test\r\nMAIL FROM:<a@b.test>\r\n");
    await new Promise((resolve) => socket.on("close", resolve));
    // At most a TLS alert.
    expect(heard).not.toMatch(/\d\d\d/);
    expect(heard.length).toBeLessThan(16);
  });
});

describe("what is agreed on", () => {
  async function started(tls: ReturnType<typeof serverTls>, options: Parameters<SmtpClient["startTls"]>[0]) {
    const { client } = await smtpRig({ tls });
    await client.command("EHLO c.test");
    await client.command("STARTTLS");
    return await client.startTls(options);
  }

  test.each([
    ["mx.test", "mx.test"],
    ["a.other.test", "*.other.test"],
    ["unknown.test", "mx.test"],
    [undefined, "mx.test"],
  ])("for the server name %s the certificate of %s is shown", async (servername, shown) => {
    const socket = await started(serverTls("allowed", { mx, other }), servername === undefined ? {} : { servername });
    expect(socket.getPeerCertificate().subjectaltname).toBe(`DNS:${shown}`);
  });

  test.each([
    ["http/1.1", /no application protocol/i],
    ["imap", /no application protocol/i],
  ])("a client that asks for %s by ALPN is refused", async (protocol, reason) => {
    await expect(started(serverTls("allowed", { mx }), { ALPNProtocols: [protocol] })).rejects.toThrow(reason);
  });

  test("a client that asks for smtp by ALPN is taken", async () => {
    const socket = await started(serverTls("allowed", { mx }), { ALPNProtocols: ["http/1.1", "smtp"] });
    expect(socket.alpnProtocol).toBe("smtp");
  });

  test("TLS 1.1 is refused, and TLS 1.2 by the modern profile", async () => {
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await expect(started(serverTls("allowed", { mx }), old)).rejects.toThrow(/protocol version/i);
    const tls12 = { maxVersion: "TLSv1.2" } as const;
    expect((await started(serverTls("allowed", { mx }), tls12)).getProtocol()).toBe("TLSv1.2");
    await expect(started(serverTls("allowed", { mx }, "modern"), tls12)).rejects.toThrow(/protocol version/i);
  });

  test("TLS 1.2 without forward secrecy or with CBC is refused", async () => {
    const weak = { maxVersion: "TLSv1.2", ciphers: "AES128-SHA:ECDHE-ECDSA-AES128-SHA" } as const;
    await expect(started(serverTls("allowed", { mx }), weak)).rejects.toThrow(/handshake failure/i);
  });

  test("a session of one listener is not resumed at another", async () => {
    const [first, second] = [serverTls("allowed", { mx }), serverTls("allowed", { mx })];
    const limit = { maxVersion: "TLSv1.2" } as const;
    const session = (await started(first, limit)).getSession();
    if (session === undefined) throw new Error("no session");
    expect((await started(first, { ...limit, session })).isSessionReused()).toBe(true);
    expect((await started(second, { ...limit, session })).isSessionReused()).toBe(false);
  });
});

describe("an upstream without the TLS that its route requires", () => {
  test("is 451 4.7.5 for the client, with the reason in the event", async () => {
    const { client, gateway, upstream } = await smtpRig({ routeTls: { mode: "required" } });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<b@inside.test>")).toMatch(/^451 4\.7\.5 /);
    await client.command("QUIT");
    await waitUntil("the event", () => gateway.messages.length === 1);
    expect(gateway.messages[0]?.cause).toMatch(/does not offer STARTTLS/);
    expect(upstream.lines).not.toContain("MAIL FROM:<a@sender.test>");
  });

  test("has its mail spooled where the route may", async () => {
    const { client, gateway } = await smtpRig({ delivery: "inline-or-spool", routeTls: { mode: "required" } });
    expect(await client.mail(mail)).toMatch(/^250 2\.0\.0 Accepted for delivery/);
    expect(gateway.messages[0]).toMatchObject({ outcome: "spooled", cause: expect.stringMatching(/STARTTLS/) });
  });

  test("and one that has it is told in the event", async () => {
    const routeTls = { mode: "required", verify: "none" };
    const { client, gateway } = await smtpRig({ routeTls }, { tls: mx });
    expect(await client.mail(mail)).toMatch(/^250 /);
    expect(gateway.messages[0]?.tls).toEqual({ client: null, upstream: expect.stringMatching(/^TLSv1\.3 TLS_AES_/) });
  });
});

async function implicitRig() {
  return await smtpRig({ tls: serverTls("implicit", { mx }), greets: false });
}

test("a certificate that cannot be used costs the session, not the worker", async () => {
  const broken = serverTls("allowed", { mx: { cert: mx.cert, key: other.key } });
  const { client, gateway } = await smtpRig({ tls: broken });
  await client.command("EHLO c.test");
  expect(await client.command("STARTTLS")).toMatch(/^220 /);
  expect(await client.reply()).toBe("closed");
  expect(gateway.sessionEvents[0]?.cause).toMatch(/^TLS cannot be started: /);
});
