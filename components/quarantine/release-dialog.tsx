"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { lackingWords } from "#core/contract/permission.ts";

export type ReleaseChoice = { reason: string; malware: boolean; allowSenders: boolean; recipients?: string[] };

type ReleaseDialogProps = {
  /** "Release", "Approve". */
  verb: string;
  /** What: "1 message", "3 entries". */
  what: string;
  /** What a release does, in a sentence. */
  effect: string;
  /** Of a single message: who can be chosen, and who has it already. */
  recipients?: readonly string[];
  having?: readonly string[];
  /** Names of malware that was found in it. */
  malware: readonly string[];
  mayReleaseMalware: boolean;
  /** Whether the senders can be put on a list with it. */
  offersList: boolean;
  onClose: () => void;
  /** Resolves with why it was not done, or null. */
  onRelease: (choice: ReleaseChoice) => Promise<string | null>;
};

/** Asks what a release needs to know. */
export function ReleaseDialog(props: ReleaseDialogProps) {
  const {
    verb,
    what,
    effect,
    recipients = [],
    having = [],
    malware,
    mayReleaseMalware,
    offersList,
    onClose,
    onRelease,
  } = props;
  const [chosen, setChosen] = useState(() => withoutIt(recipients, having));
  const [reason, setReason] = useState("");
  const draftClosed = useDraftClosed();
  const [allowSenders, setAllowSenders] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const isMalware = malware.length > 0;
  const lacking =
    isMalware && reason.trim() === "" ? "Say why it has to be released although malware was found." : null;
  const forbidden = isMalware && !mayReleaseMalware;

  async function release() {
    setBusy(true);
    // Nobody named is everyone who does not have it, also those whom an entry has no room to name.
    const some = chosen.size < recipients.length || having.length > 0 ? { recipients: [...chosen] } : {};
    const failure = await onRelease({ reason: reason.trim(), malware: isMalware, allowSenders, ...some });
    setBusy(false);
    if (failure === null) onClose();
    else setRefusal(failure);
  }

  return (
    <Dialog
      open
      holdsInput
      onOpenChange={(open) => open || onClose()}
      title={`${verb} ${what}`}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Keep it
          </Button>
          <Button
            variant="primary"
            onClick={release}
            disabled={busy || forbidden || lacking !== null || (recipients.length > 0 && chosen.size === 0)}
          >
            {labelOf(verb, recipients, chosen)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {refusal !== null && (
          <Notice kind="fault">
            <ForeignText text={refusal} />
          </Notice>
        )}
        {isMalware && <MalwareNotice names={malware} forbidden={forbidden} />}
        <p>{effect}</p>
        {recipients.length > 1 && <RecipientChoice recipients={recipients} chosen={chosen} onChange={setChosen} />}
        <Field
          label={isMalware ? "Reason" : "Reason (optional)"}
          hint="In the audit log."
          error={busy ? null : lacking}
        >
          {(control) => (
            <Textarea {...control} value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
          )}
        </Field>
        {offersList && (
          <Checkbox
            label="Also put the sender on the draft’s list “allowed senders”"
            checked={allowSenders}
            disabled={draftClosed !== null}
            onChange={({ target }) => setAllowSenders(target.checked)}
          />
        )}
        {offersList && draftClosed !== null && <p className="text-muted">{draftClosed}</p>}
      </div>
    </Dialog>
  );
}

/** Those who do not have it; when everyone has it, they could all get it again. */
function withoutIt(recipients: readonly string[], having: readonly string[]): ReadonlySet<string> {
  const left = recipients.filter((address) => !having.includes(address));
  return new Set(left.length > 0 ? left : recipients);
}

function labelOf(verb: string, recipients: readonly string[], chosen: ReadonlySet<string>): string {
  if (recipients.length === 0) return verb;
  return `${verb} to ${chosen.size === 1 ? "1 recipient" : `${chosen.size} recipients`}`;
}

function MalwareNotice({ names, forbidden }: { names: readonly string[]; forbidden: boolean }) {
  return (
    <Notice kind="warning">
      <p>
        Malware was found in it: <ForeignText text={names.join(", ")} />.
      </p>
      {forbidden && <p>{lackingWords("release-malware", "Releasing it")}</p>}
    </Notice>
  );
}

type RecipientChoiceProps = {
  recipients: readonly string[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
};

function RecipientChoice({ recipients, chosen, onChange }: RecipientChoiceProps) {
  function choose(address: string, wanted: boolean) {
    const next = new Set(chosen);
    if (wanted) next.add(address);
    else next.delete(address);
    onChange(next);
  }
  return (
    <fieldset className="flex max-h-60 flex-col overflow-y-auto">
      <legend className="font-medium">Recipients</legend>
      {recipients.map((address) => (
        <Checkbox
          key={address}
          label={<ForeignText text={address} />}
          checked={chosen.has(address)}
          onChange={({ target }) => choose(address, target.checked)}
        />
      ))}
    </fieldset>
  );
}
