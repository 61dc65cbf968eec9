import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const answer = (line: string): string | undefined => {
  if (line.startsWith("VRFY")) return "250-2.1.5 Ann <ann@mx17.internal>\r\n250 2.1.5 \x1b[31mBob\x07";
  if (line.startsWith("EXPN")) return "550 5.1.1 no such list";
  return line.startsWith("ETRN") ? "253 2.0.0 OK, 3 pending messages for node started" : undefined;
};

describe("commands that send no mail", () => {
  test("are by default answered by us: VRFY 252, EXPN and ETRN 502, HELP 214", async () => {
    const { client, upstream } = await smtpRig({}, { answer });
    await client.command("EHLO c.test");
    expect(await client.command("VRFY ann")).toMatch(/^252 2\.5\.0/);
    expect(await client.command("EXPN list")).toMatch(/^502 5\.5\.1/);
    expect(await client.command("ETRN i.test")).toMatch(/^502 5\.5\.1/);
    expect(await client.command("HELP")).toMatch(/^214 2\.0\.0/);
    expect(upstream.lines.join()).not.toMatch(/VRFY|EXPN|ETRN|HELP/);
  });
  test("are 502 where policy refuses them", async () => {
    const { client } = await smtpRig({ settings: { commands: { VRFY: "refuse", HELP: "refuse" } } });
    for (const line of ["VRFY ann", "EXPN list", "HELP", "ETRN i.test"]) {
      expect(await client.command(line)).toBe("502 5.5.1 Command not implemented");
    }
  });
  test("are asked of the upstream where policy passes them, and its answer is cleaned", async () => {
    const commands = { VRFY: "pass", EXPN: "pass", ETRN: "pass" };
    const { client, upstream } = await smtpRig({ settings: { commands } }, { answer });
    await client.command("EHLO c.test");
    expect(await client.command("VRFY ann")).toBe("250-2.1.5 Ann <ann@mx17.internal>|250 2.1.5 ?[31mBob?");
    expect(await client.command("expn  list ")).toBe("550 5.1.1 no such list");
    expect(await client.command("ETRN @i.test")).toMatch(/^253/);
    expect(upstream.lines).toEqual(expect.arrayContaining(["VRFY ann", "EXPN list", "ETRN @i.test"]));
    expect(await client.mail("\r\n", { hello: false })).toMatch(/^250/);
  });
  test("tell nothing of the inside where server replies are hidden", async () => {
    const settings = { commands: { VRFY: "pass" }, hideServerReplies: true };
    const { client } = await smtpRig({ settings }, { answer });
    const said = await client.command("VRFY ann");
    expect(said).toMatch(/^250 2\.1\.5/);
    expect(said).not.toMatch(/ann|internal/i);
  });
  test("do not disturb a transaction", async () => {
    const { client, upstream } = await smtpRig({ settings: { commands: { VRFY: "pass" } } }, { answer });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    await client.command("RCPT TO:<b@i.test>");
    expect(await client.command("VRFY ann")).toMatch(/^250/);
    expect(await client.command("ETRN i.test")).toMatch(/^502/);
    expect(await client.command("DATA")).toMatch(/^354/);
    client.send("\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
  });
  test("are temporary failures where the upstream cannot be asked, or goes away", async () => {
    const cut = (line: string, socket: { destroy(): void }): null | undefined => {
      if (!line.startsWith("VRFY")) return undefined;
      socket.destroy();
      return null;
    };
    const { client, upstream } = await smtpRig({ settings: { commands: { VRFY: "pass" } } }, { answer: cut });
    expect(await client.command("VRFY ann")).toMatch(/^451 4\.4\.2/);
    await upstream.stop();
    expect(await client.command("VRFY ann")).toMatch(/^451 4\.4\.1/);
  });
  test("count as junk: nobody keeps the upstream busy with questions", async () => {
    const { client, upstream } = await smtpRig(
      { settings: { commands: { ETRN: "pass" } }, limits: { junkCommandsMax: 3 } },
      { answer },
    );
    for (const line of ["EHLO c.test", "ETRN i.test", "ETRN i.test"]) expect(await client.command(line)).toMatch(/^25/);
    expect(await client.command("ETRN i.test")).toMatch(/^421/);
    expect(upstream.lines.filter((line) => line.startsWith("ETRN"))).toHaveLength(2);
  });
  test("ETRN stands between transactions, after EHLO", async () => {
    const { client } = await smtpRig({ settings: { commands: { ETRN: "pass" } } }, { answer });
    expect(await client.command("ETRN i.test")).toMatch(/^503/);
    await client.command("EHLO c.test");
    expect(await client.command("ETRN i.test; x")).toMatch(/^501/);
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("ETRN i.test")).toMatch(/^503/);
  });
});

test("commands of other standards are 502, unknown ones 500, whatever the upstream offers", async () => {
  const { client, upstream } = await smtpRig(
    { limits: { errorsSoftMax: 100, errorsMax: 100 } },
    { keywords: ["XFORWARD NAME", "BURL imap", "ATRN", "XEXCH50"] },
  );
  await client.command("EHLO c.test");
  const others = [
    "TURN",
    "ATRN i.test",
    "SEND FROM:<a@s.test>",
    "SOML FROM:<a@s.test>",
    "SAML FROM:<a@s.test>",
    "BURL imap://x LAST",
    "XFORWARD ADDR=192.0.2.1",
    "XEXCH50 1 2",
    "XCLIENT ADDR=192.0.2.1",
    "AUTH PLAIN",
  ];
  for (const line of others) expect(await client.command(line)).toBe("502 5.5.1 Command not implemented");
  for (const line of ["XYZZY", "DEBUG", "WIZ", "X-EXPS GSSAPI"])
    expect(await client.command(line)).toMatch(/^500 5\.5\.1/);
  expect(upstream.lines.filter((line) => !/^(?:EHLO|QUIT)/.test(line))).toEqual([]);
});
