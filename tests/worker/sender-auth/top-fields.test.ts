import { describe, expect, test } from "vitest";
import { senderAuthSchema } from "#core/contract/content-settings.ts";
import type { HeaderField } from "#core/message/header-reader.ts";
import { dkimSign } from "#worker/sender-auth/message-signing.ts";
import { type TopRequest, topFields } from "#worker/sender-auth/top-fields.ts";
import { checkOptions, checkSender, checkSignatures, honestZone } from "../../support/sender-checks.ts";
import { keyZone, message, signingKey } from "../../support/signed-messages.ts";

const key = signingKey();
const theirs = { ...signingKey("rsa-2048"), domain: "b.test" };
const zone = { ...honestZone, ...keyZone(theirs), "b.test": [{ TXT: "v=spf1 +all" }] };
const keys = {
  active: (name: string) => (name === key.name ? key : null),
  signersOf: (domain: string) => (domain === "a.test" ? [key] : []),
};
const changedBody = { body: true, changed: [], added: [] };

/** A message of theirs that is signed, and what leaves us after its body was changed. */
async function pass(settings: object, more: Partial<TopRequest> = {}) {
  const from = more.fromReadings?.[0] ?? "x@b.test";
  const text = message({ from });
  const signature = (await dkimSign([Buffer.from(text)], theirs, Date.now())).toString();
  const options = checkOptions({ sender: { mailFrom: from } });
  const auth = await checkSender({ ...options, zone, message: signature + text });
  const fields: HeaderField[] = [{ name: "DKIM-Signature", raw: signature.slice(15).replaceAll("\r\n", "\n") }];
  const sent = `${signature}${text.replace("Hello", "Changed")}`;
  const { bytes, signatures } = await topFields({
    settings: senderAuthSchema.parse(settings),
    ...{ keys, authservId: "gate.test", seen: { auth, ...options }, fields, changes: changedBody },
    ...{ fromReadings: [from], isOutgoing: false, message: () => [Buffer.from(sent)], now: Date.now() },
    ...more,
  });
  return { signatures, out: bytes.toString("latin1") + sent };
}

describe("a message whose signature we break", () => {
  const broken = ["dkim b.test (s1): body"];
  test("goes without it where the setting says leave", async () => {
    const { out, signatures } = await pass({});
    expect(signatures).toEqual({ broken, handled: "left", detail: "" });
    expect(out).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256/);
  });
  test("is sealed: the chain passes, and tells what we saw before the change", async () => {
    const { out, signatures } = await pass({ onSignedModified: "arc-seal", sealWith: key.name, results: "add" });
    expect(signatures).toEqual({ broken, handled: "arc-sealed", detail: 'with the key "a key"' });
    const { arc, dkim } = await checkSignatures(out, zone);
    expect(arc).toEqual({ result: "pass", chain: 1, sealer: "a.test" });
    expect(dkim).toMatchObject([{ result: "fail" }]);
    expect(out).toMatch(
      /ARC-Authentication-Results: i=1; gate\.test;[^]*dkim=pass[^]*\r\nAuthentication-Results: gate\.test;/,
    );
  });
  test("is signed again for a domain of ours, and not for somebody else's", async () => {
    const { out, signatures } = await pass({ onSignedModified: "sign" }, { fromReadings: ["ann@a.test"] });
    expect(signatures).toMatchObject({ handled: "signed" });
    expect((await checkSignatures(out, zone)).dkim).toMatchObject([
      { result: "pass", domain: "a.test" },
      { result: "fail" },
    ]);
    const other = await pass({ onSignedModified: "sign" });
    expect(other.signatures).toMatchObject({ handled: "left", detail: "there is no active signing key of b.test" });
  });
  test.each([
    ["there is no such key", { sealWith: "gone" }, {}, /no active signing key "gone"/],
    ["the sender was not checked", { sealWith: key.name }, { seen: null }, /not checked/],
    [
      "the key is none",
      { sealWith: key.name },
      { keys: { ...keys, active: () => ({ ...key, privateKey: "x" }) } },
      /made no signature/,
    ],
    [
      "the message cannot be signed",
      { sealWith: key.name },
      { message: () => [Buffer.from("To: x\r\n\r\n")] },
      /made no signature/,
    ],
  ])("goes without a seal where %s, and the event says so", async (_what, settings, more, detail) => {
    const { signatures } = await pass({ ...settings, onSignedModified: "arc-seal" }, more);
    expect(signatures).toEqual({ broken, handled: "left", detail: expect.stringMatching(detail) });
  });
});

describe("a message that we do not change", () => {
  const changes = { body: false, changed: [], added: [] };
  test("gets nothing but the results line", async () => {
    const given = { onSignedModified: "arc-seal", sealWith: key.name, results: "add" };
    const { out, signatures } = await pass(given, { changes, message: () => [] });
    expect(signatures).toBeNull();
    expect(out).toMatch(/^Authentication-Results: gate\.test;\r\n spf=pass/);
  });
  test("is signed on its way out where we have a key of its author's domain", async () => {
    const outgoing = { changes, isOutgoing: true, fromReadings: ["ann@a.test"] };
    const { out, signatures } = await pass({ sign: "own-domains" }, outgoing);
    expect(signatures).toBeNull();
    expect((await checkSignatures(out, zone)).dkim[0]).toMatchObject({
      result: "pass",
      domain: "a.test",
      aligned: true,
    });
    const two = await pass({ sign: "own-domains" }, { ...outgoing, fromReadings: ["ann@a.test", "x@b.test"] });
    expect(two.out).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256/);
  });
});
