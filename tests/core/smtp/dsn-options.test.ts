import { describe, expect, it } from "vitest";
import { envelopeIdOf, notifyOf, originalRecipientOf, returnsWhole } from "#core/smtp/dsn-options.ts";

describe("what a sender asked for (RFC 3461)", () => {
  it.each([
    [[], { success: false, failure: true, delay: true }],
    [["NOTIFY=NEVER"], { success: false, failure: false, delay: false }],
    [["notify=success,failure"], { success: true, failure: true, delay: false }],
    [["ORCPT=rfc822;a@b", "NOTIFY=DELAY"], { success: false, failure: false, delay: true }],
  ])("NOTIFY of %j", (parameters, wanted) => expect(notifyOf(parameters)).toEqual(wanted));

  it("ORCPT and ENVID are decoded, except for control characters", () => {
    expect(originalRecipientOf(["ORCPT=rfc822;a+2Bb+40x.test"])).toBe("rfc822;a+b@x.test");
    expect(envelopeIdOf(["ENVID=a+3Db+0D"])).toBe("a=b+0D");
    expect(originalRecipientOf([])).toBeNull();
    expect(envelopeIdOf(["RET=HDRS"])).toBeNull();
  });

  it("RET=FULL asks for the whole message", () => {
    expect(returnsWhole(["ret=full"])).toBe(true);
    expect(returnsWhole(["RET=HDRS"])).toBe(false);
    expect(returnsWhole([])).toBe(false);
  });
});
