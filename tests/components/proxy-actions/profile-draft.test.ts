import { describe, expect, it } from "vitest";
import {
  changedPaths,
  defaultTexts,
  profileDraftOf,
  readProfileDraft,
} from "#components/proxy-actions/profile-draft.ts";
import { settingKind, settingPaths } from "#components/proxy-actions/setting-kind.ts";
import { settingSections } from "#components/proxy-actions/setting-sections.ts";
import { optionWords, pathsWithWords, settingHelp } from "#components/proxy-actions/setting-words.ts";
import { type Profile, profileSchema } from "#core/contract/proxy-action-profile.ts";

const smtp: Profile = profileSchema.parse({
  name: "Mail in",
  protocol: "smtp",
  direction: "incoming",
  limits: { recipientsMax: 7 },
  settings: {
    auth: { mechanisms: ["PLAIN", "LOGIN"], required: true },
    tlsRules: [
      { name: "partner", senderDomain: { in: ["a.test", "b.test"] }, recipientDomain: { inList: "partners" } },
      { name: "all", recipientDomain: { like: "*.test" }, client: "required", upstream: "none" },
    ],
    recipientVerification: { mode: "list", list: "people" },
    xclientFrom: ["192.0.2.0/24"],
  },
});
const pop3: Profile = profileSchema.parse({ name: "Fetch", protocol: "pop3", direction: "outgoing" });

function problems(change: Record<string, string>) {
  const draft = profileDraftOf(smtp);
  const read = readProfileDraft({ ...draft, values: { ...draft.values, ...change } });
  return read.ok ? {} : read.problems;
}

describe("the form of a proxy action", () => {
  it.each([["smtp" as const], ["pop3" as const]])(
    "has a place for every setting of %s, and for nothing else",
    (protocol) => {
      const shown = settingSections(protocol).flatMap(({ paths }) => paths);
      expect(shown.toSorted()).toEqual(settingPaths(protocol).toSorted());
    },
  );

  it("has words for every choice that the schema has, and for no other", () => {
    for (const path of pathsWithWords) {
      const kind = settingKind("smtp", path);
      const known = "options" in kind ? kind.options : [];
      expect(known.filter((option) => optionWords(path, option) === option)).toEqual([]);
    }
    const choices = settingPaths("smtp").filter((path) => settingKind("smtp", path).kind === "choice");
    expect(choices.filter((path) => !pathsWithWords.includes(path))).toEqual([]);
  });

  it.each(["smtp", "pop3"] as const)("tells what each setting of %s does", (protocol) => {
    expect(settingPaths(protocol).filter((path) => settingHelp(protocol, path).help === "")).toEqual([]);
  });

  it("gives back what it was given", () => {
    for (const profile of [smtp, pop3]) {
      expect(readProfileDraft(profileDraftOf(profile))).toEqual({ ok: true, value: profile });
    }
  });

  it("knows the default of each setting, and takes an empty number for it", () => {
    const defaults = defaultTexts("smtp");
    expect(defaults).toMatchObject({
      "limits.recipientsMax": "100",
      "settings.esmtp.pipelining": "on",
      "settings.hideServerReplies": "off",
      "settings.commands.VRFY": "noncommittal",
      "settings.auth.mechanisms": "",
    });
    expect(defaults).not.toHaveProperty("name");
    const draft = profileDraftOf(smtp);
    const read = readProfileDraft({ ...draft, values: { ...draft.values, "limits.recipientsMax": " " } });
    expect(read).toMatchObject({ ok: true, value: { limits: { recipientsMax: 100 } } });
  });

  it("says at the field what the worker's schema has against a value", () => {
    expect(problems({ "limits.recipientsMax": "0" })).toEqual({ "limits.recipientsMax": "At least 1." });
    expect(problems({ "limits.recipientsMax": "many" })).toEqual({ "limits.recipientsMax": "Write a whole number." });
    expect(problems({ "settings.banner": "Hello" })).toEqual({
      "settings.banner": "the greeting must hold the word ESMTP",
    });
    expect(problems({ "settings.auth.mechanisms": "" })).toEqual({
      "settings.auth.mechanisms": "auth.required needs at least one mechanism",
    });
    expect(problems({ "settings.recipientVerification.list": "" })).toEqual({
      "settings.recipientVerification.list": "name the list of recipients",
    });
    expect(problems({ name: " " })).toEqual({ name: "This is needed." });
  });

  it("tells which settings are not as they were", () => {
    const draft = profileDraftOf(smtp);
    const values = { ...draft.values, "settings.banner": "ESMTP ready" };
    expect(changedPaths(draft, { ...draft, values })).toEqual(["settings.banner"]);
    expect(changedPaths(draft, { ...draft, tlsRules: draft.tlsRules.slice(1) })).toEqual(["settings.tlsRules"]);
    expect(changedPaths(draft, profileDraftOf(smtp))).toEqual([]);
  });
});
