import { describe, expect, it } from "vitest";
import { settingMatters } from "#components/proxy-actions/dependent-settings.ts";
import {
  changedPaths,
  defaultTexts,
  profileDraftOf,
  readProfileDraft,
} from "#components/proxy-actions/profile-draft.ts";
import { type SettingKind, settingKind, settingPaths } from "#components/proxy-actions/setting-kind.ts";
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

function optionsOf(kind: SettingKind): readonly string[] {
  return "options" in kind ? kind.options : [];
}

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

  it.each([["smtp" as const], ["pop3" as const]])(
    "has words for every choice that the schema of %s has",
    (protocol) => {
      for (const path of settingPaths(protocol)) {
        const kind = settingKind(protocol, path);
        const options = kind.kind === "choice" || pathsWithWords.includes(path) ? optionsOf(kind) : [];
        expect(options.filter((option) => optionWords(path, option) === option)).toEqual([]);
      }
    },
  );

  it("has words for no setting that there is not", () => {
    const known = [...settingPaths("smtp"), ...settingPaths("pop3")];
    expect(pathsWithWords.filter((path) => !known.includes(path))).toEqual([]);
  });

  it("shows the days and the answer of a deletion only where they do something", () => {
    const shown = (allow: string) => {
      const values = { ...profileDraftOf(pop3).values, "settings.deletion.allow": allow };
      return settingSections("pop3")
        .flatMap(({ paths }) => paths)
        .filter((path) => path.startsWith("settings.deletion.") && settingMatters(path, values));
    };
    const [allow, days, answer, warn] = ["allow", "days", "answer", "warn"].map((name) => `settings.deletion.${name}`);
    expect(shown("always")).toEqual([allow, warn]);
    expect(shown("after-days")).toEqual([allow, days, answer, warn]);
    expect(shown("never")).toEqual([allow, answer, warn]);
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
