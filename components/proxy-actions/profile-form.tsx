"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { useDraftFindings } from "#components/ui/draft-findings.ts";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { useToast } from "#components/ui/toast.tsx";
import { useKeptInput } from "#components/ui/use-kept-input.ts";
import { profileSchema } from "#core/contract/proxy-action-profile.ts";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import { sameValue } from "#core/policy/same-value.ts";
import { editProfileAction } from "#lib/proxy-actions/actions.ts";
import type { EditableProfile } from "#lib/proxy-actions/queries.ts";
import { settingMatters } from "./dependent-settings.ts";
import { changedPaths, defaultTexts, type ProfileDraft, profileDraftOf, readProfileDraft } from "./profile-draft.ts";
import { ProfileNotices } from "./profile-notices.tsx";
import { SettingField } from "./setting-field.tsx";
import { type SettingKind, settingKind } from "./setting-kind.ts";
import { type SettingSection, settingSections } from "./setting-sections.ts";
import { settingHelp } from "./setting-words.ts";
import { TlsRuleFields } from "./tls-rule-fields.tsx";

/** The names that a setting can have, by its path. */
type SettingChoices = Readonly<Record<string, readonly string[]>>;

type ProfileFormProps = {
  found: EditableProfile;
  choices: SettingChoices;
};

/**
 * Every setting of a proxy action, a section a subject. While nothing is typed the form follows the page; what was typed survives another's change
 * and every refusal.
 */
export function ProfileForm({ found, choices }: ProfileFormProps) {
  const managed = useDraftClosed() !== null;
  const findings = settingFindings(useDraftFindings(), found.id);
  const [opened, setOpened] = useState(found);
  const [looked, setLooked] = useState(found.seen);
  const [draft, setDraft] = useState(() => profileDraftOf(found.profile));
  const before = profileDraftOf(opened.profile);
  const changed = changedPaths(before, draft);
  function open(profile: EditableProfile) {
    setOpened(profile);
    setDraft(profileDraftOf(profile.profile));
  }
  if (looked !== found.seen) {
    setLooked(found.seen);
    if (changed.length === 0) open(found);
  }
  const read = readProfileDraft(draft);
  const base = { version: 0, value: opened.profile };
  const kept = useKeptInput({
    object: `proxy action ${found.id}`,
    draft,
    initial: before,
    base,
    schema: profileSchema,
  });
  const { busy, refusal, save, forget } = useSave(opened, (saved) => {
    kept.forget();
    open(saved);
  });
  /** What was typed on another profile than there is now meets somebody else's change: it was not seen. */
  function takeUp(typed: ProfileDraft, from: EditableProfile["profile"]) {
    if (!sameValue(from, found.profile)) setOpened({ ...found, profile: from, seen: "" });
    setDraft(typed);
  }
  const problems: FormProblems = read.ok ? {} : read.problems;
  return (
    <form
      className="flex min-w-0 flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (read.ok) save(read.value, opened.seen);
      }}
    >
      <fieldset disabled={managed} className="contents">
        <ProfileNotices
          opened={opened}
          found={found}
          mine={read.ok ? read.value : null}
          changed={changed.length > 0}
          kept={kept}
          onTakeUp={takeUp}
          onMerged={(merged) => {
            open(found);
            setDraft(profileDraftOf(merged));
            save(merged, found.seen);
          }}
        />
        {settingSections(draft.protocol).map((section) => (
          <Section
            key={section.id}
            section={section}
            draft={draft}
            problems={problems}
            choices={choices}
            findings={findings}
            onChange={setDraft}
          />
        ))}
        {(changed.length > 0 || refusal !== null) && (
          <SaveBar
            changed={changed.length}
            refusal={refusal}
            problems={read.ok ? null : problemWords(problems)}
            busy={busy}
            onUndo={() => {
              open(found);
              kept.forget();
              forget();
            }}
          />
        )}
      </fieldset>
    </form>
  );
}

type SaveBarProps = {
  /** How many settings. */
  changed: number;
  refusal: string | null;
  /** What has to be looked at again; null: it can be saved. */
  problems: string | null;
  busy: boolean;
  onUndo: () => void;
};

function SaveBar({ changed, refusal, problems, busy, onUndo }: SaveBarProps) {
  return (
    <div className="sticky bottom-(--bottom-bar) z-20 flex flex-col gap-2 rounded-md border border-control bg-surface p-3">
      {refusal !== null && (
        <Notice kind="fault">
          <span className="whitespace-pre-line">{refusal}</span>
        </Notice>
      )}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status">
          {changed === 1 ? "1 setting" : `${changed} settings`} not saved
          {problems !== null && <span className="text-deny">; {problems}</span>}.
        </p>
        <span className="flex flex-wrap gap-2">
          <Button disabled={busy} onClick={onUndo}>
            Undo
          </Button>
          <Button type="submit" variant="primary" disabled={busy || problems !== null || changed === 0}>
            Save settings to draft
          </Button>
        </span>
      </div>
    </div>
  );
}

function useSave(opened: EditableProfile, open: (saved: EditableProfile) => void) {
  const toast = useToast();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();
  function save(profile: EditableProfile["profile"], seen: string) {
    setRefusal(null);
    startTransition(async () => {
      const result = await answered(editProfileAction({ proxyActionId: opened.id, seen, profile }));
      if (!result.ok) {
        setRefusal(result.error.message);
        return;
      }
      toast("done", `Settings of “${profile.name}” saved to the draft.`, result.undo);
      open({ ...opened, profile, seen: result.value });
    });
  }
  return { busy, refusal, save, forget: () => setRefusal(null) };
}

type SectionProps = {
  section: SettingSection;
  draft: ProfileDraft;
  problems: FormProblems;
  choices: SettingChoices;
  findings: Readonly<Record<string, string>>;
  onChange: (draft: ProfileDraft) => void;
};

function Section({ section, draft, problems, choices, findings, onChange }: SectionProps) {
  const defaults = defaultTexts(draft.protocol);
  const set = (path: string, value: string) => onChange({ ...draft, values: { ...draft.values, [path]: value } });
  // What needs another look is shown in any case.
  const shown = section.paths.filter(
    (path) => settingMatters(path, draft.values) || problems[path] !== undefined || findings[path] !== undefined,
  );
  return (
    <div id={section.id} className="scroll-mt-4">
      <Panel title={section.title}>
        {section.help !== undefined && <p className="mb-3 max-w-prose text-muted">{section.help}</p>}
        {section.id === "tls" ? (
          <TlsRuleFields
            rules={draft.tlsRules}
            problems={problems}
            lists={choices["settings.recipientVerification.list"] ?? []}
            onChange={(tlsRules) => onChange({ ...draft, tlsRules })}
          />
        ) : (
          <div className="grid gap-x-6 gap-y-4 lg:grid-cols-2">
            {shown.map((path) => (
              <SettingField
                key={path}
                path={path}
                words={settingHelp(draft.protocol, path)}
                kind={chosenKind(settingKind(draft.protocol, path), choices[path])}
                value={draft.values[path] ?? ""}
                byDefault={defaults[path]}
                problem={problemAt(problems, path)}
                finding={findings[path]}
                {...(choices[path] === undefined ? {} : { choices: choices[path] })}
                onChange={(value) => set(path, value)}
              />
            ))}
          </div>
        )}
      </Panel>
    </div>
  );
}

/** Entries that are names of things are ticked, not typed. */
function chosenKind(kind: SettingKind, choices: readonly string[] | undefined): SettingKind {
  return kind.kind === "lines" && choices !== undefined ? { kind: "choices", options: choices } : kind;
}

function problemWords(problems: FormProblems): string {
  const count = Object.keys(problems).length;
  return count === 1 ? "1 field needs another look" : `${count} fields need another look`;
}

/** What the lint says of the saved settings, by dotted path. */
function settingFindings(findings: readonly FindingView[], id: string): Record<string, string> {
  return Object.fromEntries(
    findings.flatMap(({ place, severity, what, doThis }) => {
      if (place === null || place.id !== id || place.setting === null) return [];
      return [[place.setting, `${severity}: ${what} ${doThis}`]];
    }),
  );
}
