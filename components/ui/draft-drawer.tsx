"use client";
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { Button } from "./button.tsx";
import { Drawer } from "./dialog.tsx";
import { useManagedDraft } from "./managed-draft.tsx";
import { Notice } from "./notice.tsx";

type DraftDrawerProps = {
  title: string;
  description?: string | undefined;
  /** Why it could not be saved: what was typed stays. */
  refusal: string | null;
  /** Saving is not possible now. */
  disabled: boolean;
  onSave: () => void;
  /** The verb and its effect, where it is not the draft that is changed. */
  saveLabel?: string;
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
  const { saveLabel = "Save to draft" } = props;
  const managed = useManagedDraft();
  const readOnly = managed !== null && props.saveLabel === undefined;
  const formId = useId();
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
              {saveLabel}
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
          <Notice kind="info">
            It is kept in {managed.repository}, {managed.path}: change it there.
          </Notice>
        )}
        <fieldset disabled={readOnly} className="contents">
          {children}
        </fieldset>
      </form>
      {dialogs}
    </Drawer>
  );
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
