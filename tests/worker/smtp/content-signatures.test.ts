import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { SigningKey } from "#core/contract/signing-key.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const { privateKey } = generateKeyPairSync("ed25519");
const key: SigningKey = {
  name: "ours",
  domain: "inside.test",
  selector: "s1",
  algorithm: "ed25519",
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  state: "active",
};
const signingKeys = {
  active: (name: string) => (name === key.name ? key : null),
  signersOf: (domain: string) => (domain === key.domain ? [key] : []),
};
const settings = (senderAuth: Record<string, unknown>) => ({ receivedHeader: "none", senderAuth });
const tag = { message: { rules: [{ name: "tag", action: { modify: { tag: "[T]" } } }] } };

const plain = "From: Ann <ann@inside.test>\r\nSubject: hello\r\n\r\nHello.\r\n";
const fields = "\r\nX-Old: 1\r\nMessage-ID: <1@in.test>\r\n\r\n";
const takesOut = { name: "old", when: { headerName: { is: "X-Old" } }, action: "strip" };
const signed = `DKIM-Signature: v=1; a=rsa-sha256; d=sender.test; s=x; h=from:subject;\r\n\tbh=AAAA; b=BBBB\r\n${plain}`;

describe("the results line", () => {
  test("stands on top, lines that claim to be ours are gone, others stay, and the rest is as it came", async () => {
    const forged = "Authentication-Results: gate.test; dkim=pass header.d=bank.test\r\n";
    const others = "Authentication-Results: mx.other.test; spf=pass\r\n";
    const { upstream, gateway, client } = await smtpRig({ settings: settings({ results: "add" }) });
    expect(await client.mail(`${forged}${others}${plain}`)).toMatch(/^250/);
    const sent = upstream.mails[0]?.body ?? "";
    expect(sent).toMatch(/^Authentication-Results: gate\.test;\r\n spf=none/);
    expect(sent).not.toContain("bank.test");
    expect(sent.endsWith(`${others}${plain}`)).toBe(true);
    const [event] = gateway.messages;
    expect(event?.content?.senderAuth?.spf?.result).toBe("none");
    expect(event?.content?.held.why).toEqual(["the Authentication-Results line stands on top"]);
    expect(event?.content?.changes[0]?.what).toContain("claims to be ours");
  });
});

describe("a signature that our change breaks", () => {
  test("is known and told, and the message goes without", async () => {
    const { gateway, client } = await smtpRig({ settings: settings({}), rulesets: tag });
    expect(await client.mail(signed)).toMatch(/^250/);
    expect(gateway.messages[0]?.content?.signatures).toMatchObject({
      broken: ["dkim sender.test (x): subject"],
      handled: "left",
    });
  });

  test("is not broken by what it does not cover", async () => {
    const rulesets = {
      message: {
        rules: [{ name: "mark", action: { modify: { headers: [{ do: "add", name: "X-Mark", value: "1" }] } } }],
      },
    };
    const { gateway, client } = await smtpRig({ settings: settings({}), rulesets });
    expect(await client.mail(signed)).toMatch(/^250/);
    expect(gateway.messages[0]?.content?.signatures).toBeNull();
  });

  test("is sealed over what we saw before", async () => {
    const senderAuth = { onSignedModified: "arc-seal", sealWith: "ours" };
    const { upstream, gateway, client } = await smtpRig({
      settings: settings(senderAuth),
      rulesets: tag,
      parts: { signingKeys },
    });
    expect(await client.mail(signed)).toMatch(/^250/);
    expect(upstream.mails[0]?.body).toMatch(/^ARC-Seal: i=1; [^]*d=inside\.test/);
    expect(gateway.messages[0]?.content?.signatures).toMatchObject({ handled: "arc-sealed" });
  });

  test("is made anew for a domain that we have a key of", async () => {
    const rig = await smtpRig({
      settings: settings({ onSignedModified: "sign" }),
      rulesets: tag,
      parts: { signingKeys },
    });
    expect(await rig.client.mail(signed)).toMatch(/^250/);
    expect(rig.upstream.mails[0]?.body).toMatch(/^DKIM-Signature: v=1; a=ed25519-sha256;/);
    expect(rig.gateway.messages[0]?.content?.signatures).toMatchObject({ handled: "signed" });
  });

  test.each([
    ["a header line that is taken out", {}, { header: { rules: [takesOut] } }, "x-old"],
    ["a Message-ID that is replaced", { messageIdHeader: "replace" }, {}, "message-id"],
  ])("is made anew on top for %s, too", async (_what, more, rulesets, because) => {
    const { upstream, gateway, client } = await smtpRig({
      settings: { ...settings({ onSignedModified: "sign" }), ...more },
      rulesets,
      parts: { signingKeys },
    });
    expect(await client.mail(signed.replace("h=", "h=x-old:message-id:").replace("\r\n\r\n", fields))).toMatch(/^250/);
    expect(upstream.mails[0]?.body).toMatch(/^DKIM-Signature: v=1; a=ed25519-sha256;/);
    expect(gateway.messages[0]?.content?.signatures).toMatchObject({
      broken: [`dkim sender.test (x): ${because}`],
      handled: "signed",
    });
  });
});

test("outgoing mail is signed where we have a key of its domain, and only there", async () => {
  const { upstream, client } = await smtpRig({
    settings: settings({ sign: "own-domains" }),
    direction: "outgoing",
    parts: { signingKeys },
  });
  expect(await client.mail(plain)).toMatch(/^250/);
  const sent = upstream.mails[0]?.body ?? "";
  expect(sent).toMatch(/^DKIM-Signature: v=1; a=ed25519-sha256;/);
  expect(sent.endsWith(plain)).toBe(true);
  const other = plain.replace("inside.test", "other.test");
  expect(await client.mail(other, { hello: false })).toMatch(/^250/);
  expect(upstream.mails[1]?.body).toBe(other);
});
