import { describe, expect, it } from "vitest";
import { contentSettingsSchema } from "#core/contract/content-settings.ts";
import { pop3LimitsSchema, smtpLimitsSchema } from "#core/contract/limits.ts";
import { pop3LimitHelp, pop3SettingHelp } from "#core/contract/pop3-setting-help.ts";
import { pop3SettingsSchema } from "#core/contract/pop3-settings.ts";
import { contentSettingHelp, smtpLimitHelp, smtpSettingHelp } from "#core/contract/setting-help.ts";
import { smtpSettingsSchema } from "#core/contract/smtp-settings.ts";

const groups = [
  "esmtp",
  "commands",
  "auth",
  "recipientVerification",
  "senderAuth",
  "autoBan",
  "capabilities",
  "deletion",
];

function paths(settings: object): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    groups.includes(key) ? Object.keys(value as object).map((inner) => `${key}.${inner}`) : [key],
  );
}

describe("the help of a form", () => {
  it("covers every limit and every setting, in a sentence", () => {
    expect(Object.keys(smtpLimitHelp).sort()).toEqual(Object.keys(smtpLimitsSchema.parse({})).sort());
    expect(Object.keys(pop3LimitHelp).sort()).toEqual(Object.keys(pop3LimitsSchema.parse({})).sort());
    const settings = smtpSettingsSchema.parse({
      recipientVerification: { list: "x" },
      senderAuth: { authservId: "x", sealWith: "x" },
    });
    expect(Object.keys(smtpSettingHelp).sort()).toEqual(paths(settings).sort());
    expect(Object.keys(pop3SettingHelp).sort()).toEqual(paths(pop3SettingsSchema.parse({})).sort());
    const content = contentSettingsSchema.parse({ consoleUrl: "https://mail.example.test" });
    expect(Object.keys(contentSettingHelp).sort()).toEqual(Object.keys(content).sort());
    for (const table of [smtpLimitHelp, pop3LimitHelp, smtpSettingHelp, pop3SettingHelp, contentSettingHelp]) {
      for (const { label, help } of Object.values(table)) {
        expect(label).not.toBe("");
        expect(help).toMatch(/\.$/);
      }
    }
  });
});
