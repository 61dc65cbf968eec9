"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { Ruleset } from "#core/contract/rule.ts";
import { actionWords } from "#core/policy/explain.ts";
import { editNoneMatchedAction } from "#lib/proxy-actions/actions.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { stageTitle, stageWhat } from "../stages.ts";
import { ActionFields } from "./action-fields.tsx";
import { actionFormOf, readAction } from "./action-form.ts";

type DefaultEditorProps = { place: RulePlace; version: number; initial: Ruleset["noneMatched"]; closeHref: string };

/** What a ruleset does when no rule matched. */
export function DefaultEditor({ place, version: current, initial, closeHref }: DefaultEditorProps) {
  const router = useRouter();
  const toast = useToast();
  const [version] = useState(current);
  const [form, setForm] = useState(() => actionFormOf(initial.action));
  const [log, setLog] = useState(initial.log);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();
  const action = readAction(form);
  const close = () => router.push(closeHref, { scroll: false });

  async function save() {
    if (action === null) return;
    const { proxyActionId, ruleset } = place;
    const result = await answered(
      editNoneMatchedAction({
        proxyActionId,
        version,
        ruleset,
        noneMatched: { action, log },
      }),
    );
    if (!result.ok) {
      setRefusal(result.error.message);
      return;
    }
    toast("done", "Default saved to the draft.", result.undo);
    close();
  }

  return (
    <DraftDrawer
      title="When no rule matched"
      description={`${place.proxyAction}, ${stageTitle(place.ruleset).toLowerCase()} ruleset`}
      refusal={refusal}
      disabled={busy || action === null}
      onClose={close}
      onSave={() => startTransition(save)}
    >
      <p aria-live="polite" className="rounded-md bg-sunken p-3">
        Every {stageWhat(place.ruleset)} that no rule matched: {action === null ? "…" : actionWords(action)}.
      </p>
      <ActionFields form={form} protocol={place.protocol} ruleset={place.ruleset} onChange={setForm} />
      <Checkbox label="Log what comes here" checked={log} onChange={({ target }) => setLog(target.checked)} />
    </DraftDrawer>
  );
}
