import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { reply } from "#core/smtp/reply.ts";
import { passedOn } from "#worker/smtp/passed-reply.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const hidden = { hideServerReplies: true };
const body = "Subject: s\r\n\r\ntext\r\n";
const telling = "mx7.corp.internal [10.1.2.3] (Postfix 3.9)";

describe("hideServerReplies", () => {
  test.each([
    [reply(250, "2.1.5", telling), reply(250, "2.1.5", "OK")],
    [reply(250, null, telling), reply(250, null, "OK")],
    [reply(450, "4.2.0", telling), reply(450, "4.2.0", "The mailbox does not take mail now; try again later")],
    [reply(451, null, telling), reply(451, null, "Not done now; try again later")],
    [reply(550, "5.1.1", telling), reply(550, "5.1.1", "The address is refused")],
    [reply(554, "5.7.1", telling), reply(554, "5.7.1", "Refused by policy")],
    [reply(554, "5.99.1", telling), reply(554, "5.99.1", "Refused")],
    [reply(421, null, telling), reply(451, "4.3.2", "The mail system does not take mail now; try again later")],
  ])("keeps the codes of %j and says it in words of ours", (said, wanted) => {
    expect(passedOn(said, hidden)).toEqual(wanted);
  });
  test("tells nothing of the inside at RCPT, at the end, or when the body is cut; the event keeps the server's words", async () => {
    const { client, gateway } = await smtpRig(
      { settings: hidden },
      {
        answer: (line) =>
          line.startsWith("RCPT")
            ? `${line.includes("gone") ? "550-5.1.1" : "250-2.1.5"} ${telling}\r\n${line.includes("gone") ? "550 5.1.1" : "250 2.1.5"} of ${telling}`
            : undefined,
        answerBody: () => `250 2.0.0 ${telling} queued as 4711`,
      },
    );
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<gone@inside.test>")).toBe("550 5.1.1 The address is refused");
    expect(await client.command("RCPT TO:<b@inside.test>")).toBe("250 2.1.5 OK");
    await client.command("DATA");
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toBe("250 2.0.0 OK");
    expect(gateway.messages[0]?.upstreamReply).toBe(`250 2.0.0 ${telling} queued as 4711`);
  });
  test("off: the server's text goes out, without anything that is not printable", async () => {
    const { client } = await smtpRig(
      {},
      { answer: (line) => (line.startsWith("RCPT") ? "550 5.1.1 no \t\x1b[31m\u00ffuser" : undefined) },
    );
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<b@inside.test>")).toMatch(/^550 5\.1\.1 [\x20-\x7e]*$/);
  });
});

describe("messageIdHeader: replace", () => {
  const settings = { messageIdHeader: "replace" };
  const from = (id: string, field = "Message-ID") =>
    `Subject: s\r\n${field}: ${id}\r\nTo: x\r\n\r\n..Message-ID: ${id.trim()}\r\n`;
  const ours = /Subject: s\r\nMessage-ID: (<[0-9a-f]{32}@gate\.test>)\r\nTo: x\r\n\r\n(\.+)Message-ID: (\S+)\r\n$/;

  test("the server gets ours, made from the old one, and everything else as it was; the event tells both", async () => {
    const { client, gateway, upstream } = await smtpRig({ settings });
    await client.mail(from("<a@host.internal>"));
    await client.mail(from("\r\n\t<a@host.internal>", "MESSAGE-id"), { hello: false });
    await client.mail(from("<b@host.internal>"), { hello: false });
    const ids = upstream.mails.map(({ body: got }) => ours.exec(got)?.[1]);
    expect(ids[0]).toBeDefined();
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(upstream.mails[0]?.body).toMatch(/\r\n\.\.Message-ID: <a@host\.internal>\r\n$/);
    expect(gateway.messages[0]).toMatchObject({ messageIdHeader: "<a@host.internal>", messageIdReplacement: ids[0] });
  });
  test("so does the spool, each copy of a split message too", async () => {
    const rules = [
      { name: "b", when: { recipient: { is: "b@inside.test" }, headerName: { is: "x" } }, action: "deny" },
    ];
    const { client, gateway } = await smtpRig({
      settings: { ...settings, recipientsDiffer: "split" },
      rulesets: { header: { rules } },
    });
    await client.mail(from("<a@host.internal>"), { recipients: ["a@inside.test", "b@inside.test"] });
    const kept: string[] = [];
    for (const id of gateway.spool.ids()) {
      const loaded = await gateway.spool.load(id);
      kept.push(loaded === null ? "" : (await buffer(loaded.open())).toString("latin1"));
    }
    const ids = kept.map((message) => ours.exec(message)?.[1]);
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]);
    expect(gateway.messages.map(({ messageIdReplacement }) => messageIdReplacement)).toEqual(ids);
  });
  test("a dot that stands on the wire only, right after the field, stays where it is", async () => {
    const { client, upstream } = await smtpRig({ settings });
    await client.mail("Message-ID: <a@b>\r\n..odd: x\r\n\r\ny\r\n");
    expect(upstream.mails[0]?.body).toMatch(/\r\nMessage-ID: <[0-9a-f]{32}@gate\.test>\r\n\.\.odd: x\r\n\r\ny\r\n$/);
  });
  test("a message in chunks too, cut anywhere", async () => {
    const { client, upstream } = await smtpRig({ settings });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    await client.command("RCPT TO:<b@inside.test>");
    client.send("BDAT 12\r\nMessage-ID: ");
    expect(await client.reply()).toMatch(/^250/);
    client.send("BDAT 24 LAST\r\n<a@b>\r\n.odd: x\r\n\r\n.dot\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails[0]?.body).toMatch(
      /\r\nMessage-ID: <[0-9a-f]{32}@gate\.test>\r\n\.\.odd: x\r\n\r\n\.\.dot\r\n$/,
    );
  });
  test("a message that waits for a scanner too, also where no rule reads it", async () => {
    const scanner = { name: "av", kind: "rspamd", at: { socket: "/nobody" }, onFailure: "pass" };
    const { client, upstream } = await smtpRig({
      settings,
      document: { scanners: [scanner] },
      content: { scanners: ["av"] },
    });
    await client.mail(from("<a@host.internal>"));
    expect(upstream.mails[0]?.body).toMatch(ours);
  });
  test("a message without one gets none", async () => {
    const { client, gateway, upstream } = await smtpRig({ settings });
    await client.mail(body);
    expect(upstream.mails[0]?.body).not.toMatch(/message-id/i);
    expect(gateway.messages[0]).not.toHaveProperty("messageIdReplacement");
  });
});
