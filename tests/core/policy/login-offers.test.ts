import { describe, expect, it } from "vitest";
import { pop3SettingsSchema } from "#core/contract/pop3-settings.ts";
import { type LoginSetting, loginOffers, showsSecret } from "#core/policy/login-offers.ts";

type Given = { clearText?: "where-no-tls" | "never" | "always"; tls?: LoginSetting["tls"]; serverKnown?: boolean };

function offered({ clearText = "where-no-tls", tls = "never", serverKnown = true }: Given, mechanisms = everything) {
  const { auth } = pop3SettingsSchema.parse({ auth: { mechanisms, clearText } });
  const offers = loginOffers({ auth, tls, serverKnown });
  return [...(offers.userPass ? ["USER"] : []), ...(offers.apop ? ["APOP"] : []), ...offers.mechanisms].join(" ");
}

const everything = ["PLAIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2"];
const all = "USER APOP PLAIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2";

describe("the logins that are offered", () => {
  it.each<[string, Given, string]>([
    ["are all where the listener has no TLS", {}, all],
    ["show no secret before TLS that there can be", { tls: "not-yet" }, "APOP CRAM-MD5 SCRAM-SHA-256"],
    ["are all inside TLS", { tls: "active" }, all],
    ["show no secret in clear text where it is never wanted", { clearText: "never" }, "APOP CRAM-MD5 SCRAM-SHA-256"],
    ["are all inside TLS, whatever is wanted outside", { clearText: "never", tls: "active" }, all],
    ["are all before TLS where clear text is always wanted", { clearText: "always", tls: "not-yet" }, all],
    ["tell the user first where the server follows from it", { serverKnown: false }, "USER PLAIN XOAUTH2"],
    ["are none where neither is possible", { serverKnown: false, tls: "not-yet" }, ""],
  ])("%s", (_, given, words) => {
    expect(offered(given)).toBe(words);
  });

  it("are among those that the settings allow", () => {
    const { auth } = pop3SettingsSchema.parse({ auth: { userPass: false, apop: false, mechanisms: [] } });
    expect(loginOffers({ auth, tls: "active", serverKnown: true })).toEqual({
      userPass: false,
      apop: false,
      mechanisms: [],
    });
  });

  it.each([
    [{ userPass: true, apop: false, mechanisms: [] }, true],
    [{ userPass: false, apop: true, mechanisms: ["SCRAM-SHA-1", "NTLM"] }, false],
    [{ userPass: false, apop: false, mechanisms: ["XOAUTH2"] }, true],
  ])("%j show a secret: %s", (offers, shows) => {
    expect(showsSecret(offers)).toBe(shows);
  });
});
