import type { Protocol } from "#core/contract/facts.ts";
import { pop3Sections } from "./pop3-setting-words.ts";
import type { SettingSection } from "./setting-words.ts";
import { smtpSections } from "./smtp-setting-words.ts";

/** The sections of a proxy action's settings, in the order of the page. */
export function settingSections(protocol: Protocol): readonly SettingSection[] {
  return protocol === "smtp" ? smtpSections : pop3Sections;
}
