import { describe, expect, onTestFinished, test } from "vitest";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { CredentialLogin } from "#worker/credentials/credential-login.ts";
import { systemDns } from "#worker/upstream/mail-dns.ts";
import { MailExchangers } from "#worker/upstream/mail-exchangers.ts";
import { authOptions } from "../../support/auth-server.ts";
import { dnsServer } from "../../support/dns-server.ts";
import { SmtpClient } from "../../support/smtp-client.ts";
import { type GatewayOptions, SmtpGateway } from "../../support/smtp-gateway.ts";
import { fakeServer } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

const body = "Subject: x\r\n\r\ntext\r\n";

async function connect(options: Omit<GatewayOptions, "upstreamPorts"> & { upstreamPorts?: number[] }) {
  const gateway = await SmtpGateway.start({ upstreamPorts: [], ...options });
  const client = await SmtpClient.connect(gateway.port);
  onTestFinished(async () => {
    client.close();
    await waitUntil("the session ends", () => gateway.openSessions === 0);
    await gateway.stop();
  });
  await client.command("EHLO c.test");
  return { gateway, client };
}

describe("a client of a policy whose route goes by MX", () => {
  async function byMx(delivery: GatewayOptions["delivery"]) {
    const server = await fakeServer();
    const dns = await dnsServer({
      "a.test": ["MX 10 mx.a.test"],
      "mx.a.test": ["A 127.0.0.1"],
      "b.test": ["A 127.0.0.1"],
      "null.test": ["MX 0 ."],
      "broken.test": ["SERVFAIL"],
    });
    const resolver = systemDns([dns.address], Date.now);
    const more = { now: Date.now, random: Math.random, port: server.port, isOurs: () => false };
    const pool = { exchangers: new MailExchangers({ dns: resolver, ...more }) };
    return {
      server,
      ...(await connect({ delivery: delivery ?? "inline", route: { lookup: "mx", targets: [] }, pool })),
    };
  }

  test("hears of each domain what is true: it takes mail, takes none, does not exist, or cannot be looked up now", async () => {
    const { server, client, gateway } = await byMx("inline");
    await client.command("MAIL FROM:<s@s.test>");
    expect(await client.command("RCPT TO:<x@null.test>")).toMatch(/^556 5\.1\.10/);
    expect(await client.command("RCPT TO:<x@gone.test>")).toMatch(/^550 5\.1\.2/);
    expect(await client.command("RCPT TO:<x@broken.test>")).toMatch(/^451 4\.4\.3/);
    expect(await client.command("RCPT TO:<x@a.test>")).toMatch(/^250/);
    client.send("DATA\r\n");
    await client.reply();
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toMatch(/^250/);
    expect(server.mails).toHaveLength(1);
    expect(gateway.messages).toMatchObject([{ outcome: "relayed", upstream: `mx.a.test[127.0.0.1]:${server.port}` }]);
  });
  test("hears 452 4.5.3 for a recipient of another domain, and may send to it next", async () => {
    const { client, server } = await byMx("inline");
    await client.command("MAIL FROM:<s@s.test>");
    expect(await client.command("RCPT TO:<x@a.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<y@b.test>")).toMatch(/^452 4\.5\.3/);
    await client.command("RSET");
    await client.command("MAIL FROM:<s@s.test>");
    expect(await client.command("RCPT TO:<y@b.test>")).toMatch(/^250/);
    expect(server.connections).toBe(2);
  });
  test("sends through the spool what cannot be looked up now, and never what can never be delivered", async () => {
    const { client, gateway } = await byMx("inline-or-spool");
    await client.command("MAIL FROM:<s@s.test>");
    expect(await client.command("RCPT TO:<x@gone.test>")).toMatch(/^550 5\.1\.2/);
    expect(await client.command("RCPT TO:<x@null.test>")).toMatch(/^556 5\.1\.10/);
    expect(await client.command("RCPT TO:<x@broken.test>")).toMatch(/^250/);
    client.send("DATA\r\n");
    await client.reply();
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toMatch(/^250/);
    expect(gateway.messages).toMatchObject([
      { outcome: "spooled", cause: expect.stringContaining("DNS lookup failed") },
    ]);
  });
});

describe("a client of a policy whose route logs in", () => {
  async function loggingIn(password: string, delivery: NonNullable<GatewayOptions["delivery"]>) {
    const { options, logins } = authOptions({ user: "gate", password, mechanisms: ["PLAIN"] });
    const server = await fakeServer(options);
    const store = { get: () => ({ kind: "password", name: "hub", user: "gate", password: "right" }) as const };
    const tokens = new AccessTokens({ now: Date.now, renewed: () => undefined });
    const pool = {
      login: (credential: string, allowsClearText: boolean) =>
        new CredentialLogin({ credential, allowsClearText, store, tokens }),
    };
    const route = { credential: "hub", tls: { mode: "none" } };
    return { server, logins, ...(await connect({ upstreamPorts: [server.port], delivery, route, pool })) };
  }

  test("does not notice it", async () => {
    const { client, server, logins } = await loggingIn("right", "inline");
    expect(await client.mail(body, { hello: false })).toMatch(/^250/);
    expect(logins).toEqual(["PLAIN right"]);
    expect(server.mails).toHaveLength(1);
  });
  test("hears 451 while the login is refused, without a word of why", async () => {
    const { client, server, gateway, logins } = await loggingIn("another", "inline");
    await client.command("MAIL FROM:<s@s.test>");
    expect(await client.command("RCPT TO:<x@a.test>")).toBe(
      "451 4.4.1 The next server cannot be reached; try again later",
    );
    await client.command("RSET");
    expect(gateway.messages).toMatchObject([{ cause: expect.stringContaining("535 5.7.8") }]);
    expect(server.lines.filter((line) => line.startsWith("MAIL"))).toEqual([]);
    expect(logins).toEqual(["PLAIN wrong"]);
  });
  test("sends through the spool meanwhile", async () => {
    const { client, gateway, server } = await loggingIn("another", "inline-or-spool");
    expect(await client.mail(body, { hello: false })).toMatch(/^250/);
    expect(gateway.messages).toMatchObject([{ outcome: "spooled" }]);
    expect(server.mails).toHaveLength(0);
  });
});
