"use client";
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { lackingWords, type Permission } from "#core/contract/permission.ts";
import { Button } from "./button.tsx";
import { Drawer } from "./dialog.tsx";
import { useDraftClosed } from "./managed-draft.tsx";
import { Notice } from "./notice.tsx";
import { useMay } from "./signed-in.tsx";

type DraftDrawerProps = {
  title: string;
  description?: string | undefined;
  /** Why it could not be saved: what was typed stays. */
  refusal: string | null;
  /** Saving is not possible now. */
  disabled: boolean;
  onSave: () => void;
  /** Where it is not the draft that is changed: the verb and its effect, and what it takes. */
  instead?: { saveLabel: string; permission: Permission };
  onClose: () => void;
  /** Closes it for good: what was typed is not kept either. */
  onDiscard?: () => void;
  /** Another command of the footer, before the two that every editor has. */
  command?: ReactNode;
  /** The fields. */
  children: ReactNode;
  /** What stands beside the form: dialogs with forms of their own. */
  dialogs?: ReactNode;
};

/** An open editor whose form goes into the draft, or where its label says. */
export function DraftDrawer(props: DraftDrawerProps) {
  const {
    title,
    description,
    refusal,
    disabled,
    onSave,
    onClose,
    onDiscard = onClose,
    command,
    children,
    dialogs,
  } = props;
  const { instead } = props;
  const closed = useClosed(instead?.permission);
  const readOnly = closed !== null;
  const formId = useId();
  const reasonId = useId();
  return (
    <Drawer
      open
      holdsInput
      onOpenChange={(open) => open || onClose()}
      title={title}
      {...(description === undefined ? {} : { description })}
      footer={
        <>
          {!readOnly && command}
          <Button onClick={onDiscard}>{readOnly ? "Close" : "Close without saving"}</Button>
          {!readOnly && (
            <Button variant="primary" type="submit" form={formId} disabled={disabled} aria-keyshortcuts="Control+Enter">
              {instead?.saveLabel ?? "Save to draft"}
            </Button>
          )}
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        noValidate
        onKeyDown={(event) => {
          if (!readOnly && !disabled) submitByKey(event);
        }}
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
          focusFirstProblem(event.currentTarget);
        }}
      >
        {refusal !== null && (
          <Notice kind="fault">
            <span className="whitespace-pre-line">{refusal}</span>
          </Notice>
        )}
        {readOnly && (
          <div id={reasonId}>
            <Notice kind="info">{closed}</Notice>
          </div>
        )}
        <fieldset disabled={readOnly} aria-describedby={readOnly ? reasonId : undefined} className="contents">
          {children}
        </fieldset>
      </form>
      {dialogs}
    </Drawer>
  );
}

/** Why the person only looks at it; null: they may change it. */
function useClosed(permission: Permission | undefined): string | null {
  const draftClosed = useDraftClosed();
  const may = useMay(permission ?? "edit");
  if (permission === undefined) return draftClosed;
  return may ? null : lackingWords(permission, "Changing it");
}

/** Ctrl+Enter saves from everywhere in the form, from fields of several lines too. */
function submitByKey(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

/** Once the problems are drawn, the first field that has one takes the focus. */
function focusFirstProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
