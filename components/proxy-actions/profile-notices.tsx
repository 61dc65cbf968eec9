"use client";
import { useState } from "react";
import { AlsoOpen } from "#components/ui/also-open.tsx";
import { Button } from "#components/ui/button.tsx";
import { KeptNotice } from "#components/ui/kept-notice.tsx";
import { MergeDialog } from "#components/ui/merge-dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { useKeptInput } from "#components/ui/use-kept-input.ts";
import { type Profile, profileSchema } from "#core/contract/proxy-action-profile.ts";
import type { EditableProfile } from "#lib/proxy-actions/queries.ts";
import type { ProfileDraft } from "./profile-draft.ts";

type ProfileNoticesProps = {
  /** As the form was opened, and as the page has it now. */
  opened: EditableProfile;
  found: EditableProfile;
  /** What is typed; null while it cannot be read. */
  mine: Profile | null;
  changed: boolean;
  kept: ReturnType<typeof useKeptInput<Profile, ProfileDraft>>;
  onTakeUp: (typed: ProfileDraft, from: Profile) => void;
  /** Both together, to be saved on what is found. */
  onMerged: (merged: Profile) => void;
};

/** What was kept of the form, who else is at it, and what they changed meanwhile. */
export function ProfileNotices({ opened, found, mine, changed, kept, onTakeUp, onMerged }: ProfileNoticesProps) {
  const [merging, setMerging] = useState(false);
  const { offer } = kept;
  return (
    <>
      {offer !== null && (
        <KeptNotice
          savedAt={offer.savedAt}
          onTakeUp={() => {
            onTakeUp(offer.draft, offer.base?.value ?? found.profile);
            kept.dismiss();
          }}
          onThrowAway={kept.forget}
        />
      )}
      <AlsoOpen object={`proxy action ${found.id}`} what="proxy action" />
      {opened.seen !== found.seen && changed && (
        <Notice kind="warning">
          <p>Somebody changed these settings while you have changes here. Your input stays.</p>
          <Button size="small" className="mt-2" disabled={mine === null} onClick={() => setMerging(true)}>
            Put both together
          </Button>
        </Notice>
      )}
      {merging && mine !== null && (
        <MergeDialog
          what="proxy action"
          schema={profileSchema}
          base={opened.profile}
          mine={mine}
          theirs={found.profile}
          onSettled={(merged) => {
            setMerging(false);
            if (merged !== null) onMerged(merged);
          }}
        />
      )}
    </>
  );
}
