import { afterEach, describe, expect, test } from "vitest";
import { type FakeSmtpOptions, FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import { SmtpClient } from "../../support/smtp-client.ts";
import { type GatewayOptions, SmtpGateway } from "../../support/smtp-gateway.ts";
import { waitUntil } from "../../support/wait-until.ts";

const running: { upstream: FakeSmtpServer; gateway: SmtpGateway; clients: SmtpClient[] }[] = [];

async function setup(options: Partial<GatewayOptions> = {}, upstreamOptions: FakeSmtpOptions = {}) {
  const upstream = await FakeSmtpServer.start(upstreamOptions);
  const gateway = await SmtpGateway.start({ upstreamPorts: [upstream.port], ...options });
  const clients: SmtpClient[] = [];
  running.push({ upstream, gateway, clients });
  const connect = async () => {
    const client = await SmtpClient.connect(gateway.port);
    clients.push(client);
    return client;
  };
  return { upstream, gateway, connect, client: await connect() };
}

afterEach(async () => {
  for (const { upstream, gateway, clients } of running.splice(0)) {
    for (const client of clients) client.close();
    await waitUntil("the sessions end", () => gateway.openSessions === 0);
    await gateway.stop();
    await waitUntil("the upstream connections end", () => upstream.openConnections === 0);
    await upstream.stop();
  }
});

const body = "From: a@sender.test\r\nSubject: hello\r\n\r\n..stuffed\r\nend\r\n";

describe("a message that may pass", () => {
  test("reaches the upstream byte for byte below one Received line, and the client hears the upstream's 250", async () => {
    const { upstream, gateway, client } = await setup({}, { answerBody: () => "250 2.0.0 queued as 77" });
    expect(await client.mail(body)).toBe("250 2.0.0 queued as 77");
    const [mail] = upstream.mails;
    const [received, ...rest] = mail?.body.split(/\r\n(?!\t)/) ?? [];
    expect(rest.join("\r\n")).toBe(body);
    expect(received).toMatch(
      /^Received: from client\.test \(\[127\.0\.0\.1\]\)\r\n\tby gate\.test with ESMTP id 01TEST\d+\r\n\tfor <b@inside\.test>;\r\n\t\w{3}, /,
    );
    expect(mail?.lines).toEqual(["MAIL FROM:<a@sender.test>", "RCPT TO:<b@inside.test>"]);
    expect(gateway.messages).toMatchObject([
      {
        outcome: "relayed",
        sender: "a@sender.test",
        recipients: [{ address: "b@inside.test", reply: "250 2.1.5 recipient fine" }],
        subject: "hello",
        bytes: 54,
        reply: "250 2.0.0 queued as 77",
        upstreamReply: "250 2.0.0 queued as 77",
        upstream: `127.0.0.1:${upstream.port}`,
        helo: "client.test",
        decision: { verdict: "allow", revision: 1 },
      },
    ]);
  });
});
